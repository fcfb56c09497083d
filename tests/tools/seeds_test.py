"""Tests of seeds.py, with a program in place of macula-sim that measures what the test says."""

import json
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

from sources import ROOT

# Measures what `measures.json` has for the seed; ends by signal where that is nothing.
PROGRAM = """#!{python}
import json, os, pathlib, sys
option = {{name: sys.argv[sys.argv.index(name) + 1] for name in ("--seed", "--json")}}
here = pathlib.Path(__file__).parent
measured = json.loads((here / "measures.json").read_text())[option["--seed"]]
if measured is None:
    print("check failed: somewhere", file=sys.stderr)
    os.abort()
verdict = "pass" if measured >= 0.9 else "fail"
run = {{"scenario": "a/b", "file": sys.argv[2], "seed": int(option["--seed"]), "verdict": verdict,
       "expectations": [{{"name": "found", "line": 7, "verdict": verdict, "expected": ">= 0.9",
                         "bounds": {{"low": 0.9}}, "measured": measured}},
                        {{"name": "same", "line": 9, "verdict": "pass", "expected": "= 1",
                         "bounds": {{"low": 1, "high": 1}}, "measured": 1}}]}}
pathlib.Path(option["--json"]).write_text(json.dumps({{"runs": [run]}}))
sys.exit(verdict == "fail")
"""


class Seeds(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.program = self.folder / "program"
        self.program.write_text(PROGRAM.format(python=sys.executable))
        self.program.chmod(stat.S_IRWXU)
        self.file = self.folder / "b.toml"
        self.file.touch()

    def seeds(self, measures, *words, code=0):
        """The words of the tool on these measures, of seed 1 and on."""
        text = json.dumps({str(seed): value for seed, value in enumerate(measures, 1)})
        (self.folder / "measures.json").write_text(text)
        done = subprocess.run([sys.executable, ROOT / "tests/tools/seeds.py", "--program",
                               self.program, "--seeds", f"1..{len(measures)}", *words, self.file],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def test_shows_how_far_measures_lie_from_the_bound(self):
        said = self.seeds([1, 0.98, 0.99])
        self.assertIn("a/b: 3 of 3 pass", said)
        line = next(line for line in said.splitlines() if "found" in line)
        self.assertEqual(line.split()[1:], [">=", "0.9", "0.98", "0.99", "1", "0.08", "11.0", "2"])
        self.assertIn("1 more, the same with every seed", said)
        self.assertNotIn("close to its bound", said)

    def test_names_seeds_that_fail(self):
        said = self.seeds([1, 0.8, 1, 0.7], code=1)
        self.assertIn("2 of 4 pass; failing: 2, 4", said)
        for seed in (2, 4):
            self.assertIn(f"again: {self.program} run {self.file} --seed {seed}\n", said)

    def test_a_bound_that_the_next_seed_may_miss_is_close(self):
        self.assertIn("close to its bound", self.seeds([0.91, 0.93, 0.95]))

    def test_a_run_that_crashes_fails_and_the_others_are_kept(self):
        said = self.seeds([1, None, 0.99], code=1)
        self.assertIn("seed 2: ended with -6\ncheck failed: somewhere", said)
        self.assertIn("2 of 3 pass", said)

    def test_a_sample_is_drawn_by_its_seed_and_shows_what_fails(self):
        measures = [0.8, *[1] * 9]
        draws = [self.seeds(measures[1:], "--sample", "3", "--seed", seed) for seed in "ab"]
        self.assertEqual(draws, ["3 runs of 1 scenarios, 0 do not pass\n"] * 2)
        said = self.seeds(measures, "--sample", "10", code=1)
        self.assertIn("10 runs of 1 scenarios, 1 do not pass", said)
        self.assertIn(f"again: {self.program} run {self.file} --seed 1\n", said)


if __name__ == "__main__":
    unittest.main()
