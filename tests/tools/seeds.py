"""Every committed scenario passes with every seed, at every point of its [sweep].

Shows how far measures lie from their bounds.

    python3 seeds.py --program bin/macula-sim [--jobs 2]            # all, seeds 1 to 50
    python3 seeds.py --program bin/macula-sim --seeds 7..9 --set protocol.k=4 scenarios/faults
    python3 seeds.py --program bin/macula-sim --sample 150 --seed CI # some pairs of file and seed

A scenario that takes more than five seconds of a core is given the first 20 of the seeds. Ends with
1 and names each run that does not pass, with the line to repeat it. For each expectation whose
measure is not the same with every seed, a line:

    bound      what is expected
    lowest, median, highest
               of the measures of all seeds
    margin     from the worst measure to the bound; below zero where it fails
    sigmas     from the mean to the bound, in standard deviations of the measures: below four, some
               seed is going to fail, for no other reason than its number
    worst      the seed with the smallest margin

`tests/mutants/run.py --seeds` shows the same of scenarios that must fail. A sample shows nothing
but what fails.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import math
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile

from points import point_text, points_of
from sample import sample
from sources import ROOT

LONG_S = 5
HANGS_S = 1800
SEEDS_OF_LONG = 20
FEW_SIGMAS = 4


@dataclasses.dataclass
class Expectation:
    """The measures of one expectation, with each seed."""

    name: str
    expected: str
    low: float  # bounds; infinite where there is none
    high: float
    measured: dict = dataclasses.field(default_factory=dict)  # seed: number, None without samples
    failed: list = dataclasses.field(default_factory=list)  # seeds

    def values(self):
        return [value for value in self.measured.values() if value is not None]

    def margin(self, value):
        return -math.inf if value is None else min(value - self.low, self.high - value)

    def worst(self):
        return min(self.measured, key=lambda seed: self.margin(self.measured[seed]))

    def sigmas(self):
        values = self.values()
        deviation = statistics.pstdev(values)
        margin = self.margin(statistics.fmean(values))
        return margin / deviation if deviation else math.copysign(math.inf, margin)

    def constant(self):
        return not self.failed and len(set(self.measured.values())) == 1

    def close(self):
        return not self.failed and not self.constant() and self.sigmas() < FEW_SIGMAS


def bounds_of(entry):
    """(low, high) of an expectation in the results."""
    bounds = entry["bounds"]
    return bounds.get("low", -math.inf), bounds.get("high", math.inf)


def expectations(runs):
    """Those of one scenario, with what each run measured."""
    found = {}
    for run in runs:
        for entry in run["expectations"]:
            key = entry["line"]
            if key not in found:
                found[key] = Expectation(entry["name"], entry["expected"], *bounds_of(entry))
            found[key].measured[run["seed"]] = entry["measured"]
            if entry["verdict"] != "pass":
                found[key].failed.append(run["seed"])
    return list(found.values())


def run(program, path, seed, options=(), cwd=ROOT, timeout=HANGS_S):
    """One run, as in `--json`, with what the program `said`. A verdict other than `pass` and `fail`
    says how it ended without one."""
    with tempfile.TemporaryDirectory() as folder:
        results = pathlib.Path(folder) / "results.json"
        command = [str(program), "run", str(path), "--seed", str(seed), "--jobs", "1", "--quiet",
                   "--json", str(results), *options]
        entry = {"scenario": str(path), "file": str(path), "seed": int(seed), "expectations": [],
                 "options": list(options)}
        try:
            done = subprocess.run(command, cwd=cwd, capture_output=True, text=True,
                                  timeout=timeout, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return entry | {"verdict": f"takes more than {timeout} s", "said": ""}
        said = (done.stdout + done.stderr).strip()
        if done.returncode not in (0, 1) or not results.is_file():
            return entry | {"verdict": f"ended with {done.returncode}", "said": said}
        found = json.loads(results.read_text(encoding="utf-8"))["runs"][0]
        return found | {"said": said, "options": list(options)}


def run_scenario(program, path, seeds, jobs, **how):
    """The runs of one file, several at a time."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda seed: run(program, path, seed, **how), seeds))


def run_with_all(program, path, seeds, jobs, options):
    """The same, of fewer seeds where a run takes long: by the time of the first."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    first = run(program, path, seeds[0], options)
    if resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before > LONG_S:
        seeds = seeds[:SEEDS_OF_LONG]
    return [first] + run_scenario(program, path, seeds[1:], jobs, options=options)


def number(value):
    return "nothing" if value is None else f"{value:.4g}"


HEAD = (f"{'':46} {'bound':>16} {'lowest':>8} {'median':>8} {'highest':>8} {'margin':>9} "
        f"{'sigmas':>6} {'worst':>5}")


def line_of(expectation):
    values = sorted(expectation.values())
    text = f"  {expectation.name[:44]:44} {expectation.expected[:16]:>16}"
    if not values:
        return f"{text} nothing was measured"
    worst = expectation.worst()
    figures = [number(value) for value in (values[0], statistics.median(values), values[-1],
                                           expectation.margin(expectation.measured[worst]))]
    text += " {:>8} {:>8} {:>8} {:>9}".format(*figures)
    return f"{text} {expectation.sigmas():6.1f} {worst:5}"


def print_flaw(clean, flawed):
    """The measures of the expectations that notice a flaw, without it and with it."""
    for without, with_it in zip(expectations(clean), expectations(flawed), strict=True):
        if not with_it.failed:
            continue
        sides = []
        for side in (without, with_it):
            values = side.values()
            spread = (f"{number(min(values))} to {number(max(values))}" if values else "nothing")
            sides.append(f"{spread:>18}")
        print(f"    {with_it.name[:44]:44} {with_it.expected[:16]:>16} {' and '.join(sides)}  "
              f"noticed by {len(with_it.failed)} of {len(with_it.measured)}", flush=True)


def print_scenario(runs, every=False):
    """The measures of one scenario; `every` expectation, or those that are not always the same."""
    found = expectations(runs)
    bad = [run["seed"] for run in runs if run["verdict"] != "pass"]
    verdict = f"{len(runs) - len(bad)} of {len(runs)} pass"
    if bad:
        verdict += "; failing: " + ", ".join(map(str, bad))
    point = point_text(runs[0].get("set", []))
    print(f"{runs[0]['scenario']}{point and ' at ' + point}: {verdict}")
    for entry in runs:
        if entry["verdict"] not in ("pass", "fail"):
            print(f"  seed {entry['seed']}: {entry['verdict']}\n{entry['said']}")
    for expectation in found:
        if every or not expectation.constant():
            marks = f"  FAILS with {len(expectation.failed)}" if expectation.failed else ""
            print(line_of(expectation) + (marks or "  close" * expectation.close()))
    same = sum(expectation.constant() for expectation in found)
    if same and not every:
        print(f"  {same} more, the same with every seed")
    sys.stdout.flush()


def read_seeds(text):
    first, dots, last = text.partition("..")
    return range(int(first), int(last if dots else first) + 1)


def files_of(paths):
    """All scenario files, small folders' and single ones', in order and once each."""
    found = []
    for path in paths:
        found += sorted(path.rglob("*.toml")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def print_again(program, runs):
    if program.is_relative_to(ROOT):
        program = program.relative_to(ROOT)
    for entry in runs:
        words = [str(program), "run", entry["file"], "--seed", str(entry["seed"]),
                 *entry["options"]]
        print("again:", shlex.join(words))


def points_of_all(files):
    """(file, options): a file without a sweep of its own is one point."""
    return [(path, point) for path in files for point in points_of(ROOT / path)]


def try_all(program, files, seeds, jobs, options, every):
    """Whether all runs of all scenarios pass."""
    failed, close, count = [], [], 0
    print(HEAD)
    for path, point in points_of_all(files):
        runs = run_with_all(program, path, seeds, jobs, [*point, *options])
        print_scenario(runs, every)
        count += len(runs)
        failed += [entry for entry in runs if entry["verdict"] != "pass"]
        close += [f"{path}: {e.name}" for e in expectations(runs) if e.close()]
    for name in close:
        print(f"close to its bound: {name}")
    print(f"{count} runs of {len(files)} scenarios, {len(failed)} do not pass; "
          f"{len(close)} expectations close to their bounds")
    print_again(program, failed)
    return not failed


def try_sample(program, files, seeds, jobs, options, count, draw):
    """Whether `count` runs pass, drawn from those of all scenarios with all seeds."""
    all_runs = {f"{path} {' '.join(point)} {seed}": (path, seed, [*point, *options])
                for path, point in points_of_all(files) for seed in seeds}
    drawn = sample(list(all_runs), count, draw)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = list(pool.map(lambda name: run(program, *all_runs[name]), drawn))
    failed = [entry for entry in runs if entry["verdict"] != "pass"]
    for entry in failed:
        print(f"{entry['file']}, seed {entry['seed']}: {entry['verdict']}\n{entry['said']}")
    print(f"{len(runs)} runs of {len({entry['file'] for entry in runs})} scenarios, "
          f"{len(failed)} do not pass")
    print_again(program, failed)
    return not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=read_seeds, default="1..50", metavar="A..B")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--set", action="append", default=[], help="handed on to the program")
    parser.add_argument("--every", action="store_true", help="expectations that never vary, too")
    parser.add_argument("--sample", type=int, help="so many runs, drawn by --seed")
    parser.add_argument("--seed", default="1")
    parser.add_argument("paths", nargs="*", type=pathlib.Path, default=[ROOT / "scenarios"])
    arguments = parser.parse_args()
    if not arguments.seeds:
        parser.error("--seeds runs backwards")
    options = [word for override in arguments.set for word in ("--set", override)]
    files = [path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
             for path in files_of([path.resolve() for path in arguments.paths])]
    if not files:
        sys.exit("no scenario to run")
    program = arguments.program.resolve()
    if not program.is_file():
        sys.exit(f"{program}: no such program; './dev build' makes it")
    what = (program, files, arguments.seeds, arguments.jobs, options)
    passed = (try_sample(*what, arguments.sample, arguments.seed) if arguments.sample
              else try_all(*what, arguments.every))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
