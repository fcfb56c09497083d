"""Runs every scenario whose [sweep] has points of its own, at each of them: all expectations hold.

    python3 sweeps.py --program bin/macula-sim --json sweeps.json [FILE...]

The results of all go into one file, as those of `macula-sim run --json`. Ends with 1 and names each
file with a point that fails.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from points import points_of
from sources import ROOT


def sweep(program, path, folder):
    """(whether all points passed, results)"""
    results = folder / "results.json"
    done = subprocess.run([program, "sweep", path, "--out", folder / "store", "--json", results],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"{path}\n{done.stdout}", end="", flush=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{path}: ended with {done.returncode}:\n{done.stderr}")
    return done.returncode == 0, json.loads(results.read_text(encoding="utf-8"))["runs"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--json", type=pathlib.Path, required=True)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    files = arguments.files or [path.relative_to(ROOT)
                                for path in sorted((ROOT / "scenarios").rglob("*.toml"))
                                if points_of(path) != [[]]]
    if not files:
        sys.exit("no scenario has points")
    runs, failed = [], []
    for path in files:
        with tempfile.TemporaryDirectory() as folder:
            passed, found = sweep(arguments.program.resolve(), path, pathlib.Path(folder))
        runs += found
        if not passed:
            failed.append(path)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps({"runs": runs}), encoding="utf-8")
    for path in failed:
        print(f"FAILED: {path}\nagain: bin/macula-sim sweep {path} --out build/sweep")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
