"""Plants each known flaw in a copy of the sources and demands that its tests notice.

    python3 run.py --build build/mutants [--jobs 2] [--sample N --seed SEED]
                   [--seeds 1..20] [NAME]

README.md beside this file describes the patches. Ends with 1 if any flaw goes unnoticed, is noticed
by other means than it says, no longer applies or no longer compiles. With --seeds a scenario must
notice with each of these seeds, and pass with each without the flaw; what it measures with and
without is shown.
"""

import argparse
import concurrent.futures
import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tools"))
import seeds as seeds_tool  # noqa: E402
from sample import sample  # noqa: E402
from sources import sources  # noqa: E402

LONGEST_TEST_S = 120


class Broken(Exception):
    """The mutant, not the code, is at fault: why, for a person."""


@dataclasses.dataclass
class Outcome:
    """The tries of one test: how often it was tried, and how often it failed as a test does."""

    tried: int
    failed: int
    runs: list = dataclasses.field(default_factory=list)  # of a scenario with many seeds

    def always(self):
        return self.failed == self.tried


def read_header(patch):
    """The header of the patch: {"what": .., "breaks": [..]}."""
    header = {}
    for line in patch.read_text(encoding="utf-8").splitlines():
        if line.startswith(("--- ", "diff ")):
            break
        match = re.fullmatch(r"(what|breaks): (.+)", line)
        if match:
            header[match[1]] = match[2]
    if header.keys() != {"what", "breaks"}:
        raise Broken(f"the head of {patch.name} lacks 'what: ..' or 'breaks: ..'")
    header["breaks"] = [test.strip() for test in header["breaks"].split(",") if test.strip()]
    return header


def same(a, b):
    return b.is_file() and a.read_bytes() == b.read_bytes()


def copy_sources(to):
    """Brings the copy up to date and touches only what differs, so that builds stay incremental."""
    wanted = set(sources())
    for name in wanted:
        if not same(ROOT / name, to / name):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)
    for path in to.rglob("*"):
        name = path.relative_to(to)
        if path.is_file() and name.parts[0] != "build" and str(name) not in wanted:
            path.unlink()


def apply(patch, source):
    done = subprocess.run(["patch", "-p1", "--force", "--no-backup-if-mismatch", "-r", "-", "-i",
                           str(patch)], cwd=source, capture_output=True, text=True)
    if done.returncode != 0:
        raise Broken("no longer applies: " + " ".join(done.stdout.split()))


class Build:
    """Laid out and compiled as ./dev does it in the root, so that ccache has the objects already
    that no flaw touches."""

    def __init__(self, folder, jobs):
        self.source, self.jobs = folder / "source", jobs
        self.folder = self.source / "build" / "release"
        self.source.mkdir(parents=True, exist_ok=True)

    def configure(self):
        cache = self.folder / "CMakeCache.txt"
        home = f"CMAKE_HOME_DIRECTORY:INTERNAL={self.source}\n"
        if cache.exists() and home not in cache.read_text(encoding="utf-8"):
            shutil.rmtree(self.folder)  # the tree was copied or moved since
        if (self.folder / "build.ninja").exists():
            return
        subprocess.run(["cmake", "-G", "Ninja", "-S", self.source, "-B", self.folder,
                        "-DCMAKE_CXX_COMPILER=g++", "-DCMAKE_BUILD_TYPE=Release",
                        "-DMACULA_BENCH=OFF"],
                       check=True, stdout=subprocess.DEVNULL)

    def compile(self, targets):
        done = subprocess.run(["ninja", "-C", self.folder, "-j", str(self.jobs), *sorted(targets)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Broken("does not compile:\n" + done.stdout[-3000:])

    def judge(self, tests, seeds):
        """[(test, outcome)], several runs at a time."""
        if seeds:
            return [(test, self.outcome(test, seeds)) for test in tests]
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            return [(test, Outcome(1, int(failed)))
                    for test, failed in zip(tests, pool.map(self.fails, tests))]

    def outcome(self, test, seeds):
        """With each of the seeds, where it is a scenario."""
        kind, _, rest = test.partition(":")
        if kind == "test":
            return Outcome(1, int(self.fails(test)))
        if kind == "verify":
            return Outcome(len(seeds), sum(self.fails(test, seed) for seed in seeds))
        runs = seeds_tool.run_scenario(self.program(), f"scenarios/{test}", seeds, self.jobs,
                                       cwd=self.source, timeout=LONGEST_TEST_S)
        for run in runs:
            if run["verdict"] not in ("pass", "fail"):
                raise Broken(f"{test}, seed {run['seed']}: {run['verdict']}\n{run['said'][-500:]}")
        return Outcome(len(runs), sum(run["verdict"] == "fail" for run in runs), runs)

    def program(self):
        return self.folder / "bin" / "macula-sim"

    def fails(self, test, seed=None):
        """Whether the test fails as a test does; anything else is Broken."""
        command, failure = self.command(test)
        command += ["--seed", str(seed)] if seed is not None else []
        try:
            done = subprocess.run(command, cwd=self.source, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=LONGEST_TEST_S)
        except subprocess.TimeoutExpired:
            raise Broken(f"{test} takes more than {LONGEST_TEST_S} s") from None
        if done.returncode not in (0, failure):
            raise Broken(f"{test} ended with {done.returncode}: {done.stderr[-500:]}")
        if "Running 0 tests" in done.stdout:
            raise Broken(f"{test} names no test: properties of a fixture F are in F_RapidCheck")
        return done.returncode == failure

    def command(self, test):
        kind, _, rest = test.partition(":")
        program = self.program()
        if kind == "test":
            name, _, cases = rest.partition(":")
            return [self.folder / "tests" / name, f"--gtest_filter={cases or '*'}"], 1
        if kind == "verify":
            return [program, "run", "--verify", "--quiet", f"scenarios/{rest}"], 3
        if kind == "virtual-quic":
            return [program, "run", "--world", kind, "--quiet", f"scenarios/{rest}"], 1
        return [program, "run", "--quiet", f"scenarios/{test}"], 1


def targets_of(test):
    """test:dht_tests:Lookup.* is built by dht_tests, all else by the program."""
    kind, _, rest = test.partition(":")
    return {rest.partition(":")[0]} if kind == "test" else {"macula-sim"}


def judge_without_flaws(build, headers, seeds):
    """{test: outcome} without any flaw: those that fail at all can prove nothing."""
    tests = sorted({test for header in headers.values() for test in header["breaks"]})
    copy_sources(build.source)
    build.configure()
    build.compile(set().union(*(targets_of(test) for test in tests)))
    return dict(build.judge(tests, seeds))


def judge(build, patch, header, clean, seeds):
    """[(test, outcome)] of one mutant."""
    for test in header["breaks"]:
        if clean[test].failed:
            raise Broken(f"{test} fails without the flaw, too")
    copy_sources(build.source)
    apply(patch, build.source)
    build.compile(set().union(*(targets_of(test) for test in header["breaks"])))
    return build.judge(header["breaks"], seeds)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seeds", type=seeds_tool.read_seeds, metavar="A..B")
    parser.add_argument("--sample", type=int, help="so many of them, drawn by the seed")
    parser.add_argument("--seed", default="1")
    parser.add_argument("name", nargs="?", help="of one patch, without .patch")
    arguments = parser.parse_args()
    patches = sorted(HERE.glob(f"{arguments.name or '*'}.patch"))
    if not patches:
        sys.exit(f"no mutant {arguments.name}" if arguments.name else "there are no mutants")
    if arguments.sample:
        drawn = sample([patch.stem for patch in patches], arguments.sample, arguments.seed)
        patches = [patch for patch in patches if patch.stem in drawn]

    build = Build(arguments.build.resolve(), arguments.jobs)
    bad = []
    try:
        headers = {patch: read_header(patch) for patch in patches}
        clean = judge_without_flaws(build, headers, arguments.seeds)
    except Broken as broken:
        sys.exit(f"before any flaw is planted: {broken}")
    print(f"{'mutant':32} {'must break':56} {'broke':8} verdict")
    for patch in patches:
        try:
            rows = judge(build, patch, headers[patch], clean, arguments.seeds)
        except Broken as broken:
            print(f"{patch.stem:32} {'':56} {'':8} FAILED: {broken}", flush=True)
            bad.append(patch.stem)
            continue
        for test, outcome in rows:
            broke = f"{outcome.failed} of {outcome.tried}"
            print(f"{patch.stem:32} {test:56} {broke:8} "
                  f"{'noticed' if outcome.always() else 'SURVIVED'}", flush=True)
            if outcome.runs:
                seeds_tool.print_flaw(clean[test].runs, outcome.runs)
        if not all(outcome.always() for _, outcome in rows):
            bad.append(patch.stem)
    copy_sources(build.source)
    print(f"{len(patches)} mutants, {len(patches) - len(bad)} noticed")
    for name in bad:
        seeds = arguments.seeds
        print(f"again: ./dev mutants {f'--seeds {seeds[0]}..{seeds[-1]} ' if seeds else ''}{name}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
