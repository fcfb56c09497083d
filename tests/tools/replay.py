"""A property that fails prints the command that replays it: its inputs are the same then.

    python3 replay.py --program build/release/tests/failing_property
"""

import argparse
import os
import re
import subprocess
import sys


def run(command):
    """(exit code, what was printed)."""
    environment = {name: value for name, value in os.environ.items() if name != "RC_PARAMS"}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False,
                          env=environment)
    return done.returncode, done.stdout + done.stderr


def inputs(text):
    """How it was falsified, with the numbers and how many tries and shrinks that took."""
    found = re.search(r"Falsifiable after .*?Expands to:\n.*?\n\n", text, re.DOTALL)
    return found and found[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    arguments = parser.parse_args()
    problems, seeds = [], set()
    for _ in range(5):
        code, text = run(arguments.program)
        again = re.findall(r"^again: (.*)$", text, re.MULTILINE)
        if code != 1 or len(again) != 1 or not inputs(text):
            problems.append(f"ended with {code} and {len(again)} lines 'again: '\n{text}")
            continue
        seeds.add(re.search(r"seed=\d+", again[0])[0])
        code, replayed = run(again[0])
        if code != 1 or inputs(replayed) != inputs(text):
            problems.append(f"{again[0]}\ngives\n{inputs(replayed)}\nand not\n{inputs(text)}")
        if "Passing.Passes" in replayed:
            problems.append(f"{again[0]}\nruns more than what failed")
    if len(seeds) < 2:
        problems.append(f"no seed differs from the others: {seeds}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
