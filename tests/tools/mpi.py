"""`sweep --mpi` under mpirun writes the store that one process writes, also when a rank is killed.

    python3 mpi.py --program bin/macula-sim [--mpirun mpirun]

Two and three ranks, points that pass and points that fail. Then each rank in turn is killed while
runs are under way: mpirun says so, all results in the store are whole, and `--resume` adds what is
missing. Ranks that were asked for different things run nothing. The program without the module is a
build without MPI, and says what to install; without --mpirun only that is tried.

Ends with 1 and names what does not hold.
"""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from output import SCENARIO, Checks, done
from store import BUSY, LIMIT_S, results_in, same, stamps

GRID = ["--grid", "latency.default=5ms,20ms"]
SEEDS = 60
FIRST = 5  # results that are there before a rank is killed


def sweep(program, file, out, *more, seeds="1..4", grid=tuple(GRID)):
    return [program, "sweep", file, *grid, "--seeds", seeds, "--out", out, *more]


def ranks(mpirun, count, command):
    """As root and on few cores, which is how tests run."""
    return [mpirun, "--allow-run-as-root", "--oversubscribe", "-n", str(count), *command]


def refused(checks, what, ended, said):
    checks.that(ended.returncode == 2, f"{what}: ends with 2", ended.returncode)
    checks.that(said in ended.stderr, f"{what}: says '{said}'", ended.stderr)


def without_module(checks, program, file, folder):
    alone = folder / "alone"
    alone.mkdir()
    shutil.copy2(program, alone)
    out = folder / "none"
    refused(checks, "a build without MPI", done(sweep(alone / program.name, file, out, "--mpi")),
            "install libopenmpi-dev, openmpi-bin and libboost-mpi-dev")
    checks.that(not out.exists(), "a build without MPI writes nothing")


def bytes_are_the_same(checks, program, mpirun, file, folder):
    """A sweep of points that pass and points that fail."""
    grid = ["--grid", "latency.default=5ms,20ms", "--grid", "latency.loss=0%,60%"]
    whole, csv = folder / "one", folder / "one.csv"
    one = done(sweep(program, file, whole, "--csv", csv, grid=grid))
    checks.that(one.returncode == 1, "one process: some points fail", one.stderr)
    for count in (1, 2, 3):
        out, table = folder / f"ranks-{count}", folder / f"ranks-{count}.csv"
        command = sweep(program, file, out, "--csv", table, "--mpi", grid=grid)
        ended = done(ranks(mpirun, count, command))
        checks.that(ended.returncode == 1, f"{count} ranks: some points fail", ended.stderr)
        same(checks, f"{count} ranks", out, whole)
        checks.that(table.read_bytes() == csv.read_bytes(), f"{count} ranks: the same CSV")
        lines = ended.stdout.splitlines()
        checks.that(lines[-4:] == one.stdout.splitlines()[-4:], f"{count} ranks: the same table",
                    ended.stdout)
        checks.that("16 runs:" in ended.stdout, f"{count} ranks: all runs", ended.stdout)
    again = done(ranks(mpirun, 2, command + ["--resume"]))
    checks.that("16 of them from the store" in again.stdout, "--resume runs nothing twice",
                again.stdout)


def refusals(checks, program, mpirun, file, folder):
    out = folder / "refused"
    refused(checks, "a shard", done(sweep(program, file, out, "--mpi", "--shard", "1/2")),
            "--mpi deals out all runs")
    refused(checks, "jobs", done(sweep(program, file, out, "--mpi", "--jobs", "2")),
            "--jobs is for")
    missing = done(ranks(mpirun, 2, sweep(program, folder / "no.toml", out, "--mpi")))
    refused(checks, "no file", missing, "no.toml")
    other = folder / "other.toml"
    other.write_text(SCENARIO.replace('"20s"', '"21s"'), encoding="utf-8")
    both = ranks(mpirun, 1, sweep(program, file, out, "--mpi")) + \
        [":", "-n", "1", *sweep(program, other, out, "--mpi")]
    refused(checks, "another file", done(both), "rank 1: has another program, or other files")
    absent = ranks(mpirun, 2, sweep(program, file, out, "--mpi")) + \
        [":", "-n", "1", *sweep(program, folder / "no.toml", out, "--mpi")]
    refused(checks, "a file that one rank has not", done(absent), "rank 2: ")
    # A fault that only rank 0 finds: the others do not wait for it.
    table = ["--mpi", "--csv", folder / "nowhere" / "a.csv"]
    ended = done(ranks(mpirun, 3, sweep(program, file, out, *table)))
    refused(checks, "no place for the CSV", ended, "cannot write ")
    checks.that(not results_in(out), "what is refused runs nothing")


def process_of(rank, out):
    """The id of the process that is this rank of the mpirun that writes to `out`."""
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            environment = (path / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(out).encode() in words and f"OMPI_COMM_WORLD_RANK={rank}".encode() in environment:
            return int(path.name)
    return None


def killed(checks, program, mpirun, file, folder):
    whole = folder / "undisturbed"
    seeds = f"1..{SEEDS}"
    ended = done(sweep(program, file, whole, seeds=seeds))
    checks.that(ended.returncode == 0, "an undisturbed sweep", ended.stderr)
    good = {path.name: path.read_bytes() for path in results_in(whole)}
    for rank in (0, 1, 2):
        out = folder / f"killed-{rank}"
        command = ranks(mpirun, 3, sweep(program, file, out, "--mpi", "--resume", seeds=seeds))
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as running:
            while running.poll() is None and len(results_in(out)) < FIRST:
                time.sleep(0.001)
            process = process_of(rank, out)
            if process is not None:
                os.kill(process, signal.SIGKILL)
            _, said = running.communicate(timeout=LIMIT_S)
        checks.that(process is not None, f"rank {rank} was there to be killed", said)
        checks.that(running.returncode != 0, f"rank {rank} killed: mpirun fails")
        checks.that("signal 9" in said, f"rank {rank} killed: mpirun says so", said)
        before = stamps(results_in(out))
        checks.that(FIRST <= len(before) < len(good), f"rank {rank} killed: not all ran",
                    len(before))
        for path in results_in(out):
            checks.that(path.read_bytes() == good.get(path.name),
                        f"rank {rank} killed: {path.name} is whole")
        ended = done(command)
        checks.that(ended.returncode == 0, f"rank {rank} killed: --resume", ended.stderr)
        checks.that(before.items() <= stamps(results_in(out)).items(),
                    f"rank {rank} killed: nothing ran twice")
        same(checks, f"after rank {rank} was killed", out, whole)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--mpirun")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        file = folder / "pings.toml"
        file.write_text(SCENARIO, encoding="utf-8")
        busy = folder / "busy.toml"
        busy.write_text(BUSY, encoding="utf-8")
        without_module(checks, program, file, folder)
        if arguments.mpirun:
            bytes_are_the_same(checks, program, arguments.mpirun, file, folder)
            refusals(checks, program, arguments.mpirun, file, folder)
            killed(checks, program, arguments.mpirun, busy, folder)
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
