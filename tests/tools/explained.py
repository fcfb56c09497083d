"""The output of `explain` is the scenario: its run has the digest that is recorded of the original.

    python3 explained.py --program bin/macula-sim [--sample N --seed S] [FOLDER...]

The original is named by its path from the root. Ends with 1 and names each file that differs.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from sample import sample
from sources import ROOT

FOLDERS = ("churn", "examples", "faults", "integration", "maintenance", "quic", "reach",
           "regressions")


def recorded_digests():
    """{(path, seed): digest}"""
    rows = (ROOT / "tests/digests.tsv").read_text(encoding="utf-8").splitlines()
    return {(path, int(seed)): digest for path, seed, digest in (row.split("\t") for row in rows)}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", default="1")
    parser.add_argument("folders", nargs="*", default=FOLDERS)
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    digests = recorded_digests()
    files = sorted({path for path, _ in digests if path.split("/")[1] in arguments.folders})
    if arguments.sample:
        files = sample(files, arguments.sample, arguments.seed)
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for path in files:
            told = subprocess.run([program, "explain", path], cwd=ROOT, capture_output=True,
                                  text=True, check=True).stdout
            (folder / path.replace("/", "+")).write_text(told, encoding="utf-8")
        done = subprocess.run([program, "run", folder, "--seed", "1", "--json", "-",
                               "--quiet"], cwd=ROOT,
                              capture_output=True, text=True, check=False)
        runs = json.loads(done.stdout)["runs"]
    for run in runs:
        path = pathlib.Path(run["file"]).name.replace("+", "/")
        digest = digests[path, run["seed"]]
        if run["digest"] != digest:
            wrong += 1
            print(f"{path}: {digest}, and of what `explain` prints {run['digest']}")
    if len(runs) != len(files):
        wrong += 1
        print(f"{len(files)} files, and {len(runs)} runs")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
