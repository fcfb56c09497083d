"""Runs scenarios with many seeds and shows how far what they measure lies from its bounds.

    python3 seeds.py --program bin/macula-sim                       # all, seeds 1 to 50
    python3 seeds.py --program bin/macula-sim scenarios/faults --seeds 7..9 --set protocol.k=4

A scenario that takes more than five seconds a run is given the first 20 of the seeds. Ends with 1
if a run fails. For each expectation whose measure is not the same with every seed, a line:

    bound      what is expected
    lowest, median, highest
               of the measures of all seeds
    margin     from the worst measure to the bound; below zero where it fails
    sigmas     from the mean to the bound, in standard deviations of the measures: below four, some
               seed is going to fail, for no other reason than its number
    worst      the seed with the smallest margin

`tests/mutants/run.py --seeds` shows the same of scenarios that must fail.
"""

import argparse
import dataclasses
import json
import math
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LONG_S = 5
SEEDS_OF_LONG = 20
FEW_SIGMAS = 4


class Refused(Exception):
    """The program did not judge the scenario: why, for a person."""


@dataclasses.dataclass
class Expectation:
    """What one expectation measured with each seed."""

    name: str
    expected: str
    low: float  # bounds; infinite where there is none
    high: float
    measured: dict = dataclasses.field(default_factory=dict)  # seed: number, None without samples
    failed: list = dataclasses.field(default_factory=list)  # seeds

    def values(self):
        return [value for value in self.measured.values() if value is not None]

    def margin(self, value):
        return -math.inf if value is None else min(value - self.low, self.high - value)

    def worst(self):
        return min(self.measured, key=lambda seed: self.margin(self.measured[seed]))

    def sigmas(self):
        values = self.values()
        deviation = statistics.pstdev(values)
        margin = self.margin(statistics.fmean(values))
        return margin / deviation if deviation else math.copysign(math.inf, margin)

    def constant(self):
        return not self.failed and len(set(self.measured.values())) == 1

    def close(self):
        return not self.failed and not self.constant() and self.sigmas() < FEW_SIGMAS


def bounds_of(entry):
    """(low, high) of an expectation in the results."""
    if "bounds" in entry:
        bounds = entry["bounds"]
        return bounds.get("low", -math.inf), bounds.get("high", math.inf)
    text = entry["expected"]
    if text.startswith("exactly"):
        return -math.inf, math.inf  # a set of nodes
    a, *rest = (float(number) for number in re.findall(r"-?[\d.]+(?:e[-+]?\d+)?", text))
    if "+-" in text:
        return a - rest[0], a + rest[0]
    if " to " in text:
        return a, rest[0]
    return -math.inf if text.startswith("<=") else a, math.inf if text.startswith(">=") else a


def expectations(runs):
    """Those of one scenario, with what each run measured; one that ended early measured nothing."""
    found = {}
    for run in runs:
        for entry in run["expectations"]:
            key = entry["line"]
            if key not in found:
                found[key] = Expectation(entry["name"], entry["expected"], *bounds_of(entry))
            found[key].measured[run["seed"]] = entry["measured"]
            if entry["verdict"] != "pass":
                found[key].failed.append(run["seed"])
    return list(found.values())


def run_scenario(program, path, seeds, options=(), cwd=ROOT, timeout=None):
    """The runs of one file, as in `--json`; each has passed or failed."""
    with tempfile.TemporaryDirectory() as folder:
        results = pathlib.Path(folder) / "results.json"
        command = [str(program), "run", str(path), "--seeds", f"{seeds[0]}..{seeds[-1]}",
                   "--quiet", "--json", str(results), *options]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout)
        if done.returncode not in (0, 1):
            raise Refused(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
        runs = json.loads(results.read_text(encoding="utf-8"))["runs"]
    for run in runs:
        if run["verdict"] not in ("pass", "fail"):
            raise Refused(f"{path} --seed {run['seed']}: {run['verdict']}\n{done.stderr}")
    return runs


def run_with_all(program, path, seeds, options):
    """The same, of fewer seeds where a run takes long: by the time of the first."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    runs = run_scenario(program, path, seeds[:1], options)
    if resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before > LONG_S:
        seeds = seeds[:SEEDS_OF_LONG]
    return runs + (run_scenario(program, path, seeds[1:], options) if len(seeds) > 1 else [])


def number(value):
    return "nothing" if value is None else f"{value:.4g}"


HEAD = (f"{'':46} {'bound':>16} {'lowest':>8} {'median':>8} {'highest':>8} {'margin':>9} "
        f"{'sigmas':>6} {'worst':>5}")


def line_of(expectation):
    values = sorted(expectation.values())
    text = f"  {expectation.name[:44]:44} {expectation.expected[:16]:>16}"
    if not values:
        return f"{text} nothing was measured"
    worst = expectation.worst()
    figures = [number(value) for value in (values[0], statistics.median(values), values[-1],
                                           expectation.margin(expectation.measured[worst]))]
    text += " {:>8} {:>8} {:>8} {:>9}".format(*figures)
    return f"{text} {expectation.sigmas():6.1f} {worst:5}"


def print_flaw(clean, flawed):
    """What the expectations that notice a flaw measure without it and with it."""
    for without, with_it in zip(expectations(clean), expectations(flawed), strict=True):
        if not with_it.failed:
            continue
        sides = []
        for side in (without, with_it):
            values = side.values()
            spread = (f"{number(min(values))} to {number(max(values))}" if values else "nothing")
            sides.append(f"{spread:>18}")
        print(f"    {with_it.name[:44]:44} {with_it.expected[:16]:>16} {' and '.join(sides)}  "
              f"noticed by {len(with_it.failed)} of {len(with_it.measured)}", flush=True)


def print_scenario(runs, every=False):
    """What one scenario measured; `every` expectation, or those that are not always the same."""
    found = expectations(runs)
    bad = [run["seed"] for run in runs if run["verdict"] != "pass"]
    verdict = f"{len(runs) - len(bad)} of {len(runs)} pass"
    if bad:
        verdict += "; failing: " + ", ".join(map(str, bad))
    print(f"{runs[0]['scenario']}: {verdict}")
    for expectation in found:
        if every or not expectation.constant():
            marks = f"  FAILS with {len(expectation.failed)}" if expectation.failed else ""
            print(line_of(expectation) + (marks or "  close" * expectation.close()))
    same = sum(expectation.constant() for expectation in found)
    if same and not every:
        print(f"  {same} more, the same with every seed")
    sys.stdout.flush()


def read_seeds(text):
    first, dots, last = text.partition("..")
    return range(int(first), int(last if dots else first) + 1)


def files_of(paths):
    """All scenario files, small folders' and single ones', in order and once each."""
    found = []
    for path in paths:
        found += sorted(path.rglob("*.toml")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=read_seeds, default="1..50", metavar="A..B")
    parser.add_argument("--jobs", default="1", help="handed on to the program")
    parser.add_argument("--set", action="append", default=[], help="handed on to the program")
    parser.add_argument("--every", action="store_true", help="expectations that never vary, too")
    parser.add_argument("paths", nargs="*", type=pathlib.Path, default=[ROOT / "scenarios"])
    arguments = parser.parse_args()
    if not arguments.seeds:
        parser.error("--seeds runs backwards")
    options = ["--jobs", arguments.jobs]
    for override in arguments.set:
        options += ["--set", override]
    files = files_of([path.resolve() for path in arguments.paths])
    if not files:
        sys.exit("no scenario was run")

    program = arguments.program.resolve()
    if not program.is_file():
        sys.exit(f"{program}: no such program; './dev build' makes it")
    count, failed, close = 0, [], []
    print(HEAD)
    for path in files:
        path = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        try:
            runs = run_with_all(program, path, arguments.seeds, options)
        except Refused as refused:
            sys.exit(str(refused))
        print_scenario(runs, arguments.every)
        count += len(runs)
        failed += [run for run in runs if run["verdict"] != "pass"]
        close += [f"{path}: {e.name}" for e in expectations(runs) if e.close()]
    for name in close:
        print(f"close to its bound: {name}")
    for file in dict.fromkeys(run["file"] for run in failed):
        bad = [str(run["seed"]) for run in failed if run["file"] == file]
        print(f"failed: {file} with seed{'s' * (len(bad) > 1)} {', '.join(bad)}")
    print(f"{len(files)} scenarios, {count} runs: {len(failed)} failed; "
          f"{len(close)} expectations close to their bounds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
