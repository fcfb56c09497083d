"""Tests of ./dev itself, with a small project in place of this one: builds of a tree that was
copied or moved, progress on a terminal, and the steps of CI."""

import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from sources import ROOT

CMAKE = """\
cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES CXX)
add_executable(macula-node main.cc)
set_target_properties(macula-node PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${MACULA_PROGRAMS})
option(MACULA_TESTS "" OFF)
option(MACULA_BENCH "" OFF)
if(MACULA_TESTS)
  add_executable(tests missing.cc)
endif()
"""
STEPS = """
steps=(
  'quick  |          |-   |it ends well'
  'slow   |--seed %  |    |it takes two seconds and fails'
  'silent |          |    |it fails, too'
)
quick() { echo quick ran; }
slow() { sleep 2; echo 'FAILED this and that'; echo "again: ./dev slow $*"; return 1; }
silent() { echo 'its last words'; false; echo 'not stopped'; }
"""


class Dev(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.tree = self.folder / "tree"
        for name in ("dev", "cmake/steps.sh", "cmake/check.sh", "cmake/packages.sh"):
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        (self.tree / "CMakeLists.txt").write_text(CMAKE)
        self.write(self.tree, "first")

    def write(self, tree, text):
        (tree / "main.cc").write_text(f'#include <cstdio>\nint main() {{ std::puts("{text}"); }}\n')

    def dev(self, tree, *words, code=0, **environment):
        done = subprocess.run([tree / "dev", *words], capture_output=True, text=True, timeout=250,
                              env=os.environ | environment, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def says(self, tree):
        return subprocess.run([tree / "bin/macula-node"], capture_output=True, text=True,
                              check=True).stdout.strip()

    def test_one_program_is_built_alone(self):
        self.dev(self.tree, "build", "node")
        self.assertEqual(self.says(self.tree), "first")
        self.assertIn("there are: sim node", self.dev(self.tree, "build", "nodes", code=2))

    def test_a_copied_tree_builds_itself(self):
        self.dev(self.tree, "build", "node")
        copy = self.folder / "copy"
        shutil.copytree(self.tree, copy, symlinks=True)
        self.write(copy, "second")
        self.dev(copy, "build", "node")
        self.assertEqual(self.says(copy), "second")
        self.assertEqual(self.says(self.tree), "first")

    def test_a_moved_tree_builds_itself(self):
        self.dev(self.tree, "build", "node")
        moved = self.folder / "moved"
        self.tree.rename(moved)
        self.write(moved, "second")
        self.dev(moved, "build", "node")
        self.assertEqual(self.says(moved), "second")

    def test_a_build_on_a_terminal_shows_its_progress(self):
        self.assertNotIn("[2/2]", self.dev(self.tree, "build", "node"))
        self.write(self.tree, "second")
        shown = bytearray()

        def read(descriptor):
            data = os.read(descriptor, 1024)
            shown.extend(data)
            return data
        # The shown text goes to the standard output of this process, too.
        code = pty.spawn([str(self.tree / "dev"), "build", "node"], read)
        self.assertEqual(code, 0)
        self.assertIn(b"[2/2]", shown)

    def steps(self):
        with (self.tree / "cmake/check.sh").open("a") as file:
            file.write(STEPS)

    def test_all_steps_run_and_what_failed_stands_last(self):
        self.steps()
        out = self.dev(self.tree, "check", code=1, MACULA_CI_SEED="abc")
        self.assertIn("quick ran", out)
        self.assertNotIn("not stopped", out)
        rows = re.findall(r"^ *\d+ s +(good|FAILED) +\./dev (.*)$", out, re.MULTILINE)
        self.assertEqual(rows[0], ("FAILED", "slow --seed abc"))
        self.assertEqual(set(rows[1:]), {("good", "quick"), ("FAILED", "silent")})
        last = out[out.rindex("./dev quick"):].splitlines()
        self.assertIn("   FAILED this and that", last)
        self.assertIn("again: ./dev slow --seed abc", last)
        self.assertIn("   its last words", last)
        self.assertIn("again: ./dev silent", last)

    def test_steps_by_name(self):
        self.steps()
        self.assertIn("all good", self.dev(self.tree, "check", "quick"))
        self.assertIn("quick ran", self.dev(self.tree, "quick"))
        self.assertIn("there are: slow silent", self.dev(self.tree, "nightly", "quick", code=2))
        self.assertIn("there are: quick slow silent", self.dev(self.tree, "ci", "other", code=2))


class Sample(unittest.TestCase):
    def sample(self, names, seed):
        done = subprocess.run([sys.executable, ROOT / "tests/tools/sample.py", "5", seed],
                              input="\n".join(names), capture_output=True, text=True, check=True)
        return done.stdout.split()

    def test_it_depends_on_the_seed_and_on_no_place(self):
        names = [f"name{number}" for number in range(50)]
        drawn = self.sample(names, "a")
        self.assertEqual(len(drawn), 5)
        self.assertEqual(self.sample(names, "a"), drawn)
        self.assertNotEqual(self.sample(names, "b"), drawn)
        self.assertEqual(sorted(self.sample(names[::-1], "a")), sorted(drawn))
        fewer = [name for name in names if name in drawn or name < "name3"]
        self.assertEqual(self.sample(fewer, "a"), drawn)


if __name__ == "__main__":
    unittest.main()
