"""Compares the digests of all scenarios with the recorded ones in tests/digests.tsv.

    python3 digests.py --program bin/macula-sim            # ends with 1 and names what differs
    python3 digests.py --program bin/macula-sim --accept   # records what is

A digest changes when a run does: on purpose (accept it, and say why in the commit) or by accident.
Each scenario under scenarios/ is recorded with seeds 1 to 3; one that is missing is a difference.
Those of convergence/ are not: they take long, and their own gates hold them.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORD = ROOT / "tests" / "digests.tsv"


def measure(program, extra):
    """{(file, seed): digest} of all scenarios, in order."""
    folders = sorted({str(path.relative_to(ROOT).parent)
                      for path in ROOT.glob("scenarios/**/*.toml")
                      if "convergence" not in path.parts})
    with tempfile.TemporaryDirectory() as folder:
        results = os.path.join(folder, "results.json")
        command = [str(program.resolve()), "run", *folders, "--seeds", "1..3",
                   "--quiet", "--json", results, *extra]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        # Whether the expectations hold is not asked here: 1 is as good as 0.
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
        with open(results, encoding="utf-8") as file:
            runs = json.load(file)["runs"]
    return {(run["file"], run["seed"]): run["digest"] for run in runs}


def read_record():
    if not RECORD.exists():
        return {}
    rows = (line.split("\t") for line in RECORD.read_text().splitlines())
    return {(file, int(seed)): digest for file, seed, digest in rows}


def differences(recorded, measured):
    for run in sorted(recorded.keys() | measured.keys()):
        was, is_now = recorded.get(run), measured.get(run)
        if was == is_now:
            continue
        name = f"{run[0]}, seed {run[1]}"
        if was is None:
            yield f"{name}: not recorded, is {is_now}"
        elif is_now is None:
            yield f"{name}: recorded, but there is no such run"
        else:
            yield f"{name}: was {was}, is {is_now}"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--accept", action="store_true", help="record the digests of today")
    parser.add_argument("--jobs", help="handed on to the program")
    parser.add_argument("--set", action="append", default=[], help="handed on to the program")
    arguments = parser.parse_args()
    extra = ["--jobs", arguments.jobs] if arguments.jobs else []
    for override in arguments.set:
        extra += ["--set", override]
    if arguments.accept and arguments.set:
        parser.error("what is recorded is the scenarios as they are, without --set")

    measured = measure(arguments.program, extra)
    if not measured:
        sys.exit("no scenario was run")
    found = list(differences(read_record(), measured))
    if arguments.accept:
        RECORD.write_text("".join(f"{file}\t{seed}\t{digest}\n"
                                  for (file, seed), digest in measured.items()))
        print(f"{len(measured)} digests recorded, {len(found)} of them changed")
        return 0
    for difference in found:
        print(difference)
    if found:
        print("If this is meant, './dev digests --accept' records it; the commit says why.")
        return 1
    print(f"{len(measured)} digests as recorded{' with ' + ' '.join(extra) if extra else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
