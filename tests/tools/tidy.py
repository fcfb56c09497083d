"""Runs clang-tidy on one file, unless it was clean before and nothing it includes has changed.

    python3 tidy.py --build build/tidy sim/cli/run.cc

clang-tidy takes seconds for each file. It sees only the preprocessed file and its own settings:
their hash is kept beside the build when a file is clean.
"""

import argparse
import hashlib
import json
import pathlib
import shlex
import subprocess
import sys

from sources import ROOT


def compile_command(build, source):
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if entry["file"] == str(ROOT / source):
            return shlex.split(entry["command"]), entry["directory"]
    return None, None


def without_output(command):
    """The same for the compiler alone, which is not told where its output goes."""
    if "ccache" in command[0]:
        command = command[1:]
    output = command.index("-o")
    return command[:output] + command[output + 2:]


def fingerprint(command, directory):
    """Hash of all that decides the outcome, comments (which may hold NOLINT) included."""
    command = without_output(command)
    command[command.index("-c")] = "-E"
    text = subprocess.run([*command, "-C"], cwd=directory, check=True, capture_output=True).stdout
    settings = (ROOT / ".clang-tidy").read_bytes()
    return hashlib.sha256(text + settings).hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("source")
    arguments = parser.parse_args()
    build = ROOT / arguments.build
    command, directory = compile_command(build, arguments.source)
    if command is None:
        print(f"{arguments.source}: belongs to no target")
        return 1
    clean = build / "clean" / fingerprint(command, directory)
    if clean.exists():
        return 0
    done = subprocess.run(["clang-tidy", "-p", str(build), "--quiet", str(ROOT / arguments.source)],
                          capture_output=True, text=True)
    if done.returncode == 0 and not done.stdout.strip():
        clean.parent.mkdir(exist_ok=True)
        clean.touch()
        return 0
    print(done.stdout or done.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
