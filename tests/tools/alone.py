"""Compiles one file on its own, without its neighbours: so it includes what it uses.

    python3 alone.py --build build/tidy tests/sim/cli/run_test.cc

A build that compiles files together does not notice what a file has of another. Nothing is written.
Files of builds of their own are left out.
"""

import argparse
import pathlib
import subprocess
import sys

from sources import ROOT
from tidy import compile_command, without_output

OTHER_BUILDS = ("tests/fuzz/", "tests/determinism/", "tests/tools/", "examples/")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("source")
    arguments = parser.parse_args()
    command, directory = compile_command(ROOT / arguments.build, arguments.source)
    if command is None:
        if not arguments.source.startswith(OTHER_BUILDS):
            print(f"{arguments.source}: belongs to no target")
            return 1
        return 0
    done = subprocess.run([*without_output(command), "-fsyntax-only"], cwd=directory, check=False)
    if done.returncode != 0:
        print(f"{arguments.source}: does not compile on its own")
    return 1 if done.returncode != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
