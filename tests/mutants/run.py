"""Plants each known flaw in a copy of the sources and demands that its tests notice.

    python3 run.py --build build/mutants [--jobs 2] [--sample N --seed SEED] [NAME]

README.md beside this file describes the patches. Ends with 1 if any flaw goes unnoticed, is noticed
by other means than it says, no longer applies or no longer compiles.
"""

import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tools"))
from sample import sample  # noqa: E402
from sources import sources  # noqa: E402

LONGEST_TEST_S = 120


class Broken(Exception):
    """The mutant, not the code, is at fault: why, for a person."""


def read_header(patch):
    """What the patch says of itself: {"what": .., "breaks": [..]}."""
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

    def judge(self, tests):
        """[(test, whether it fails)], several at a time."""
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            return list(zip(tests, pool.map(self.fails, tests)))

    def fails(self, test):
        """Whether the test fails as a test does; anything else is Broken."""
        command, failure = self.command(test)
        try:
            done = subprocess.run(command, cwd=self.source, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=LONGEST_TEST_S)
        except subprocess.TimeoutExpired:
            raise Broken(f"{test} takes more than {LONGEST_TEST_S} s") from None
        if done.returncode not in (0, failure):
            raise Broken(f"{test} ended with {done.returncode}: {done.stderr[-500:]}")
        return done.returncode == failure

    def command(self, test):
        kind, _, rest = test.partition(":")
        program = self.folder / "bin" / "macula-sim"
        if kind == "test":
            name, _, cases = rest.partition(":")
            return [self.folder / "tests" / name, f"--gtest_filter={cases or '*'}"], 1
        if kind == "verify":
            return [program, "run", "--verify", "--quiet", f"scenarios/{rest}"], 3
        return [program, "run", "--quiet", f"scenarios/{test}"], 1


def targets_of(test):
    """test:dht_tests:Lookup.* is built by dht_tests, all else by the program."""
    kind, _, rest = test.partition(":")
    return {rest.partition(":")[0]} if kind == "test" else {"macula-sim"}


def judge_without_flaws(build, headers):
    """Names of tests that fail without any flaw: they can prove nothing."""
    tests = sorted({test for header in headers.values() for test in header["breaks"]})
    copy_sources(build.source)
    build.configure()
    build.compile(set().union(*(targets_of(test) for test in tests)))
    return {test for test, failed in build.judge(tests) if failed}


def judge(build, patch, header, failing):
    """[(test, broke)] of one mutant."""
    for test in header["breaks"]:
        if test in failing:
            raise Broken(f"{test} fails without the flaw, too")
    copy_sources(build.source)
    apply(patch, build.source)
    build.compile(set().union(*(targets_of(test) for test in header["breaks"])))
    return build.judge(header["breaks"])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, default=2)
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
        failing = judge_without_flaws(build, headers)
    except Broken as broken:
        sys.exit(f"before any flaw is planted: {broken}")
    print(f"{'mutant':32} {'must break':56} {'broke':6} verdict")
    for patch in patches:
        try:
            rows = judge(build, patch, headers[patch], failing)
        except Broken as broken:
            print(f"{patch.stem:32} {'':56} {'':6} FAILED: {broken}", flush=True)
            bad.append(patch.stem)
            continue
        for test, broke in rows:
            print(f"{patch.stem:32} {test:56} {'yes' if broke else 'no':6} "
                  f"{'noticed' if broke else 'SURVIVED'}", flush=True)
        if not all(broke for _, broke in rows):
            bad.append(patch.stem)
    copy_sources(build.source)
    print(f"{len(patches)} mutants, {len(patches) - len(bad)} noticed")
    for name in bad:
        print(f"again: ./dev mutants {name}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
