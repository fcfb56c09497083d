"""Runs the example of two terminals in README.md: every line works, and prints what it says.

    python3 node_example.py --program bin/macula-node

The node gets free ports, and all others are told of it: nothing else differs from what is shown.
"""

import argparse
import re
import shlex
import signal
import subprocess
import sys

from sources import ROOT

BLOCK = re.compile(r"<!-- run by tests/tools/node_example.py -->\n```sh\n(.*?)```", re.DOTALL)
PRINTS = re.compile(r"\s+# prints: (.*)$")
STAYS = ("run", "advertise")
TIME_LIMIT_S = 120  # a guard against hangs, however busy the machine is


def start(words):
    """The process, once it has said its first line, and that line."""
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return process, process.stdout.readline()


def run_example(lines, program, stay):
    """The faults of the example, line by line."""
    via = None
    for line in lines:
        wanted = PRINTS.search(line)
        words = shlex.split(PRINTS.sub("", line).removesuffix("&"))
        if words[0] != "bin/macula-node":
            yield f"'{line}' runs something else"
            continue
        command = [program, *words[1:]]
        if words[1] == "run":
            command += ["--listen", "127.0.0.1:0", "--health", "127.0.0.1:0"]
        else:
            command += ["--via", via, "--timeout", f"{TIME_LIMIT_S}s"]
        if words[1] in STAYS:
            process, first = start(command)
            stay.append(process)
            if not first:
                yield f"'{line}' said nothing"
            via = via or first.split()[-1]
            continue
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield f"'{line}' ended with {done.returncode}: {done.stderr.strip()}"
        if wanted and done.stdout.strip() != wanted[1]:
            yield f"'{line}' printed {done.stdout.strip()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    arguments = parser.parse_args()
    block = BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    if not block:
        print("README.md: has no example that is marked as run by this test")
        return 1
    lines = [line for line in block[1].splitlines() if line and not line.startswith("#")]
    stay = []
    try:
        problems = list(run_example(lines, arguments.program, stay))
    finally:
        for process in reversed(stay):
            process.send_signal(signal.SIGTERM)
    problems += [f"process {process.args[1]} ended with {code}" for process in stay
                 if (code := process.wait(TIME_LIMIT_S)) != 0]
    for problem in problems:
        print(f"README.md: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
