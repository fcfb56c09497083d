"""Every committed scenario passes with every seed: a run that fails on clean code is a false alarm.

    python3 seeds.py --program bin/macula-sim [--jobs 2] [--sample N --seed SEED] [FILE...]

Seeds 1 to 50, or 1 to 20 of a scenario that takes more than 5 s of a core. The sample is of pairs
of scenario and seed. Ends with 1 and names each run that does not pass, with the line to repeat it.
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

from sample import sample
from sources import ROOT

SEEDS, SEEDS_OF_LONG = 50, 20
LONG_S = 5
HANGS_S = 1800


def run(program, file, seed):
    """(how it ended, the last words of one that did not pass)."""
    try:
        done = subprocess.run([program, "run", file, "--seed", str(seed), "--jobs", "1", "--quiet"],
                              cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None, f"takes more than {HANGS_S} s"
    return done.returncode, (done.stdout + done.stderr).strip()


def cpu_of_children():
    times = os.times()
    return times.children_user + times.children_system


def is_long(program, file):
    before = cpu_of_children()
    run(program, file, 1)
    return cpu_of_children() - before > LONG_S


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, help="so many runs, drawn by the seed")
    parser.add_argument("--seed", default="1")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    program = str(pathlib.Path(arguments.program).resolve())
    files = arguments.files or sorted(str(path.relative_to(ROOT))
                                      for path in ROOT.glob("scenarios/**/*.toml"))
    if not files:
        sys.exit("no scenario to run")
    pairs = [f"{file} {seed}" for file in files for seed in range(1, SEEDS + 1)]
    if arguments.sample:
        pairs = sample(pairs, arguments.sample, arguments.seed)
    else:  # a sample has too few of the long ones to matter
        short = {file for file in files if not is_long(program, file)}
        pairs = [pair for pair in pairs
                 if pair.split()[0] in short or int(pair.split()[1]) <= SEEDS_OF_LONG]
    begin = time.monotonic()
    failed = []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        ended = pool.map(lambda pair: run(program, *pair.split()), pairs)
        for pair, (code, words) in zip(pairs, ended):
            if code == 0:
                continue
            file, seed = pair.split()
            failed.append(pair)
            print(f"FAILED {file}, seed {seed}: ended with {code}\n{words}\n"
                  f"again: bin/macula-sim run {file} --seed {seed}", flush=True)
    print(f"{len(pairs)} runs of {len({pair.split()[0] for pair in pairs})} scenarios, "
          f"{len(failed)} do not pass, {time.monotonic() - begin:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
