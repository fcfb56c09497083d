"""Plants one-line flaws in sampled lines of the code and asks whether the tests notice.

    python3 plant.py --build build/mutants --sample 10 --seed 7 [--jobs 2] [--only PATTERN]

The flaws of a seed are the same wherever the code says the same (flaws.py). Each is planted in a
copy of the sources, built incrementally, and run against the tests that could notice it, the cheap
ones first; the first that fails ends it. Prints a line a flaw, then the share that survives by
file, then the survivors. A flaw is

    unchanged   the compiler makes the same code of it: it does not count;
    noticed     a test or a scenario fails, crashes or hangs;
    digest      only the recorded digests differ: something else happens, and nothing states what is
                right. It counts as survived;
    survived    nothing notices. It may be another way to say the same: a person has to look.

Ends with 1 if more than --at-most per cent of those that count survive. The same seed with
--only FILE plants the flaws of one file again.
"""

import argparse
import collections
import fnmatch
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tools"))
sys.path.insert(0, str(ROOT / "tests" / "mutants"))
sys.path.insert(0, str(HERE))
from flaws import flaws_of  # noqa: E402
from run import Broken, Build, copy_sources  # noqa: E402
from sources import sources  # noqa: E402

# Lines of these folders; code that runs in real time has tests that are too slow for this.
FOLDERS = ("transport/", "dht/", "sim/macula/net/", "sim/net/", "sim/engine/")
LEFT_OUT = ("dht/quic/node/", "dht/quic/udp/", "dht/json/", "transport/conformance/")

# The tests that could notice a flaw below a folder, the cheap ones first; the longest prefix
# counts.
SUITES = {
    "dht/quic/": ["quic_tests", "worlds_tests"],
    "dht/": ["dht_tests", "net_tests", "quic_tests", "worlds_tests", "run_tests", "scenarios"],
    "sim/engine/": ["engine_tests", "net_tests", "run_tests", "scenarios"],
    "sim/net/": ["net_tests", "worlds_tests", "run_tests", "scenarios"],
    "sim/macula/net/": ["net_tests", "worlds_tests", "run_tests", "scenarios"],
    "transport/": ["transport_tests", "net_tests", "dht_tests", "quic_tests", "worlds_tests"],
}
PROGRAM = "macula-sim"


def suite_of(file):
    return SUITES[max((folder for folder in SUITES if file.startswith(folder)), key=len)]


class Garden:
    """A copy of the sources and its build, into which flaws are planted one at a time."""

    def __init__(self, folder, jobs):
        self.build = Build(folder, jobs)
        self.source, self.jobs = self.build.source, jobs
        self.tests = sorted({test for suite in SUITES.values() for test in suite} - {"scenarios"})
        self.seconds = {}

    def prepare(self):
        """Builds the code as it is, and demands that all tests pass: else they prove nothing."""
        copy_sources(self.source)
        self.build.configure()
        try:
            self.compile()
        except Broken as broken:
            sys.exit(f"before any flaw is planted: {broken}")
        self.code = self.objects()
        for test in [*self.tests, "scenarios", "digests"]:
            start = time.monotonic()
            failure = self.run(test, 1800)
            if failure is not None:
                sys.exit(f"before any flaw is planted: {failure}")
            self.seconds[test] = time.monotonic() - start

    def compile(self):
        self.build.compile([*self.tests, PROGRAM])

    def objects(self):
        """Hash of the code of each object of the program, by its path."""
        return {path: code_hash(path)
                for path in self.build.folder.glob("CMakeFiles/macula_*.dir/**/*.o")}

    def command(self, test):
        program = self.build.program()
        if test == "scenarios":
            return [program, "run", "scenarios", "--quiet", "--jobs", str(self.jobs)]
        if test == "digests":
            return [sys.executable, self.source / "tests/tools/digests.py", "--program", program]
        return [self.build.folder / "tests" / test, "--gtest_brief=1", "--gtest_fail_fast"]

    def run(self, test, longest):
        """Nothing if the test passes, else how it failed."""
        try:
            done = subprocess.run(self.command(test), cwd=self.source, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  timeout=longest)
        except subprocess.TimeoutExpired:
            return f"{test} hangs"
        return None if done.returncode == 0 else f"{test} ends with {done.returncode}"

    def judge(self, flaw):
        """(verdict, reason) of one flaw; nothing if no compiler takes it."""
        path = self.source / flaw.file
        text = path.read_text(encoding="utf-8")
        path.write_text(flaw.apply(text), encoding="utf-8")
        try:
            self.compile()
            if self.objects() == self.code:
                return "unchanged", ""
            for test in [*suite_of(flaw.file), "digests"]:
                failure = self.run(test, 60 + 10 * self.seconds[test])
                if failure is not None:
                    return ("digest" if test == "digests" else "noticed"), failure
            return "survived", ""
        except Broken:
            return None
        finally:
            path.write_text(text, encoding="utf-8")


_hashes = {}


def code_hash(path):
    """The hash of an object without its debug information. Read anew only where it is newer."""
    stamp = path.stat().st_mtime_ns
    if _hashes.get(path, (0, b""))[0] != stamp:
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(["objcopy", "--strip-debug", path, stripped.name], check=True)
            code = pathlib.Path(stripped.name).read_bytes()
        _hashes[path] = stamp, hashlib.sha256(code).digest()
    return _hashes[path][1]


def sampled(seed, only):
    """All flaws that match, in the order of the seed."""
    flaws = []
    for file in sources(".cc", ".h"):
        wanted = file.startswith(FOLDERS) and not file.startswith(LEFT_OUT)
        if wanted and fnmatch.fnmatch(file, only):
            flaws += flaws_of(file, (ROOT / file).read_text(encoding="utf-8"))
    return sorted(flaws, key=lambda flaw: flaw.rank(seed))


def report(verdicts):
    """Prints the shares by file and the survivors; returns the share that survives, in per cent."""
    files = collections.defaultdict(collections.Counter)
    for flaw, verdict, _ in verdicts:
        files[flaw.file][verdict] += 1
    print(f"\n{'file':44} {'count':>6} {'noticed':>8} {'digest':>7} {'survived':>9}")
    total = collections.Counter()
    for file, counts in sorted(files.items()):
        total += counts
        print(f"{file:44} {sum(counts.values()) - counts['unchanged']:6} {counts['noticed']:8} "
              f"{counts['digest']:7} {counts['survived']:9}")
    count = sum(total.values()) - total["unchanged"]
    lost = total["digest"] + total["survived"]
    share = 100 * lost / count if count else 0
    print(f"\n{count} flaws that change the code ({total['unchanged']} more do not): "
          f"{total['noticed']} noticed, {total['digest']} change digests alone, "
          f"{total['survived']} survived unseen: {share:.1f} % survive")
    for flaw, verdict, _ in verdicts:
        if verdict in ("digest", "survived"):
            print(f"  {verdict:9} {flaw}")
    return share


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--sample", type=int, default=10, help="how many that compile")
    parser.add_argument("--seed", default="1", help="any text: which flaws are drawn")
    parser.add_argument("--only", default="*", help="pattern of files: 'dht/*'")
    parser.add_argument("--at-most", type=float, default=100.0, help="per cent that may survive")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()

    flaws = sampled(arguments.seed, arguments.only)
    if not flaws:
        sys.exit(f"no line of {arguments.only} can take a flaw")
    print(f"planting {min(arguments.sample, len(flaws))} of {len(flaws)} flaws, "
          f"seed {arguments.seed}", flush=True)
    garden = Garden(arguments.build.resolve(), arguments.jobs)
    garden.prepare()
    verdicts = []
    for flaw in flaws:
        if len(verdicts) == arguments.sample:
            break
        judged = garden.judge(flaw)
        if judged is not None:
            verdicts.append((flaw, *judged))
            print(f"{judged[0]:9} {flaw}" + (f"  ({judged[1]})" if judged[1] else ""), flush=True)
    return 1 if report(verdicts) > arguments.at_most else 0


if __name__ == "__main__":
    sys.exit(main())
