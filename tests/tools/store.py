"""The store of --out: nothing is lost or run twice when the program is killed, and parts that were
run apart become the store of one command.

    python3 store.py --program bin/macula-sim

Ends with 1 and names what does not hold.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from output import SCENARIO, Checks, done

KILLS = 50
SEEDS = 120
LIMIT_S = 300
# Longer than a kill takes, so that it strikes while something is under way.
BUSY = SCENARIO.replace('"20s"', '"8min"').replace('"15s"', '"7min"')


def run(program, file, out, *more, seeds=SEEDS):
    return [program, "run", file, "--seeds", f"1..{seeds}", "--quiet", "--out", out, "--jobs", "2",
            *more]


def files_of(folder):
    return {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}


def told(path):
    """The contents of a file, but for the time on the clock."""
    data = path.read_bytes()
    return re.sub(rb'"wall_ns":\d+', b"", data) if path.name == "result.json" else data


def same(checks, what, folder, other):
    here, there = files_of(folder), files_of(other)
    checks.that(here.keys() == there.keys(), f"{what}: the same files",
                sorted(map(str, here.keys() ^ there.keys()))[:5])
    for name in here.keys() & there.keys():
        checks.that(told(here[name]) == told(there[name]), f"{what}: {name} has the same bytes")


def stamps(units):
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in units}


def results_in(out):
    return sorted(path for path in (out / "units").glob("*.json"))


def kill_once(command, out, draw):
    """Kills it once it has added some results, at whatever instant. False: it was done before."""
    before = len(results_in(out))
    wanted = before + draw.randrange(4)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None and len(results_in(out)) < wanted:
            pass
        for _ in range(draw.randrange(3000)):  # somewhere between two results
            pass
        running.send_signal(signal.SIGKILL)
        return running.wait(timeout=LIMIT_S) == -signal.SIGKILL


def killed(checks, program, file, folder):
    draw = random.Random(1)
    whole = folder / "whole"
    ended = done(run(program, file, whole))
    checks.that(ended.returncode == 0, "an undisturbed run", ended.stderr)
    good = {path.name: path.read_bytes() for path in results_in(whole)}
    kills, rounds = 0, 0
    while kills < KILLS:
        out = folder / f"killed-{rounds}"
        rounds += 1
        resume = run(program, file, out, "--resume")
        while kills < KILLS and len(results_in(out)) < SEEDS:
            before = stamps(results_in(out))
            if not kill_once(resume, out, draw):
                break
            kills += 1
            for path in results_in(out):
                checks.that(path.read_bytes() == good.get(path.name),
                            f"kill {kills}: {path.name} is whole")
            after = stamps(results_in(out))
            checks.that(before.items() <= after.items(), f"kill {kills}: nothing ran twice")
        before = stamps(results_in(out))
        ended = done(resume)
        checks.that(ended.returncode == 0, "the last resume", ended.stderr)
        checks.that(f"{len(before)} of them from the store" in ended.stdout or not before,
                    "the last resume runs what is missing", f"{len(before)}: {ended.stdout}")
        checks.that(before.items() <= stamps(results_in(out)).items(), "nothing ran twice")
        same(checks, f"after {kills} kills", out, whole)
    return whole


def parts(checks, program, file, folder, whole):
    """Three machines, one of them by its environment, and two that share a folder."""
    stores = []
    for i in range(1, 4):
        out = folder / f"part-{i}"
        shard = [] if i == 2 else ["--shard", f"{i}/3"]
        told_by = {**os.environ, "CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"} if i == 2 else None
        ended = done(run(program, file, out, *shard), env=told_by)
        checks.that(f"part {i} of 3" in ended.stderr, f"part {i} says so", ended.stderr)
        stores.append(out)
    lacking = done([program, "merge", stores[0], stores[2], "--out", folder / "lacking"])
    checks.that(lacking.returncode == 1 and "missing: pings: seeds 2, 5, 8" in lacking.stdout,
                "merge names what is missing", lacking.stdout + lacking.stderr)
    for n, order in enumerate((stores, stores[::-1])):
        out = folder / f"merged-{n}"
        ended = done([program, "merge", *order, "--out", out])
        checks.that(ended.returncode == 0, "merge", ended.stderr)
        for part in ("units", "asked"):
            same(checks, f"merged, order {n}", out / part, whole / part)
    out = folder / "shared"
    with subprocess.Popen(run(program, file, out, "--shard", "1/2"),
                          stdout=subprocess.DEVNULL) as other:
        ended = done(run(program, file, out, "--shard", "2/2"))
        checks.that(other.wait(timeout=LIMIT_S) == 0 and ended.returncode == 0,
                    "two parts in one folder at a time", ended.stderr)
    same(checks, "two parts in one folder at a time", out, whole)


# The variables that each system gives its first and its second worker, and further arguments.
SYSTEMS = {
    "Slurm": ({"SLURM_ARRAY_TASK_COUNT": "2"}, "SLURM_ARRAY_TASK_ID", ("0", "1"), []),
    "Slurm, from 5 on": ({"SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "5",
                          "SLURM_ARRAY_TASK_MAX": "6", "SLURM_ARRAY_TASK_STEP": "1"},
                         "SLURM_ARRAY_TASK_ID", ("5", "6"), []),
    "Kubernetes": ({}, "JOB_COMPLETION_INDEX", ("0", "1"), ["--shard", "/2"]),
    "CI": ({"CI_NODE_TOTAL": "2"}, "CI_NODE_INDEX", ("1", "2"), []),
    "Open MPI": ({"OMPI_COMM_WORLD_SIZE": "2"}, "OMPI_COMM_WORLD_RANK", ("0", "1"), []),
}


def systems(checks, program, folder):
    """docs/clusters.md: the workers of each, into one folder."""
    file = folder / "short.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    whole = folder / "short"
    done(run(program, file, whole, seeds=9))
    for name, (told_all, index, numbers, words) in SYSTEMS.items():
        out = folder / name
        for number in numbers:
            ended = done(run(program, file, out, "--resume", *words, seeds=9),
                         env={**os.environ, **told_all, index: number})
            checks.that(ended.returncode == 0 and index in ended.stderr, f"{name} says which part",
                        ended.stderr)
        same(checks, name, out, whole)
    if shutil.which("parallel"):
        out = folder / "parallel"
        words = [str(word) for word in run(program, file, out, "--resume", "--shard", "{}/2",
                                           seeds=9)]
        ended = done(["parallel", *words, ":::", "1", "2"])
        checks.that(ended.returncode == 0, "GNU parallel", ended.stderr)
        same(checks, "GNU parallel", out, whole)


def resumed(checks, program, folder):
    """Runs from the store are told like runs of this time."""
    file = folder / "fails.toml"
    file.write_text(SCENARIO.replace('"100%"', '"50%"'), encoding="utf-8")
    out, json_file, xml = folder / "fails", folder / "fails.json", folder / "fails.xml"
    command = [program, "run", file, "--out", out, "--json", json_file, "--junit", xml]
    first = done(command)
    first_json = told(json_file), json_file.read_text(encoding="utf-8")
    again = done([*command, "--resume"])
    checks.that(first.returncode == 1 and again.returncode == 1, "a failure stays one")
    checks.that(first.stdout.splitlines()[:-1] == again.stdout.splitlines()[:-1],
                "the same is printed", first.stdout + again.stdout)
    runs = [json.loads(text)["runs"][0] for text in
            (first_json[1], json_file.read_text(encoding="utf-8"))]
    for each in runs:
        each.pop("wall_ns")
    checks.that(runs[0] == runs[1], "the same is written", f"{runs[0]}\n{runs[1]}")


def refused(checks, program, file, folder):
    out = folder / "refused"
    done(run(program, file, out, seeds=2))
    unit = results_in(out)[0]
    data = unit.read_bytes()
    for altered, why in ((data[:-40], "cut off"), (data.replace(b'"pass"', b'"fail"'), "altered"),
                         (data.replace(b'"schema":2', b'"schema":3'), "schema 3"), (b"", "empty")):
        unit.write_bytes(altered)
        for command in (run(program, file, out, "--resume", seeds=2),
                        [program, "merge", out, "--out", folder / "none"]):
            ended = done(command)
            checks.that(ended.returncode == 2 and unit.name in ended.stderr and
                        why in ended.stderr, f"a store with a file that is {why} is refused",
                        ended.stderr)
    for words in (["--resume"], ["--shard", "1/2"]):
        ended = done([program, "run", file, *words])
        checks.that(ended.returncode == 2 and "--out" in ended.stderr, f"{words} needs --out")
    for words in (["--shard", "3/2"], ["--shard", "x"], ["--resume", "--verify"],
                  ["--resume", "--trace", "t"]):
        ended = done(run(program, file, folder / "none", *words, seeds=1))
        checks.that(ended.returncode == 2, f"{words} is refused", ended.stderr)
    checks.that(not (folder / "none").exists(), "and nothing is written")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    program = parser.parse_args().program.resolve()
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        file = folder / "pings.toml"
        file.write_text(BUSY, encoding="utf-8")
        whole = killed(checks, program, file, folder)
        parts(checks, program, file, folder, whole)
        systems(checks, program, folder)
        resumed(checks, program, folder)
        refused(checks, program, file, folder)
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
