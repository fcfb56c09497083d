"""Runs the benchmarks and holds them against their targets.

    python3 bench_targets.py --folder build/release/bench [FILTER]

The targets stand in bench/targets.tsv, a line each: program, benchmark, measure, bound, target.
The measure is a column of the benchmark's JSON output (`real_time` and `cpu_time`, in ns,
`items_per_second`, or a counter's name), the bound `at_most` or `at_least`. Targets of speed are
ratios to a baseline of the same run, which hold on any machine. A benchmark without a target is
shown as it is.
"""

import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGETS = ROOT / "bench" / "targets.tsv"


def read_targets():
    if not TARGETS.exists():
        return []
    with TARGETS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def measure(program, options):
    """{benchmark: its row of Google Benchmark's JSON}, times in ns."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.json")
        command = [str(program), f"--benchmark_out={out}", "--benchmark_out_format=json", *options]
        subprocess.run(command, check=True, stdout=sys.stderr)
        # A filter that matches nothing leaves no output.
        text = pathlib.Path(out).read_text(encoding="utf-8") if os.path.exists(out) else ""
    rows = json.loads(text)["benchmarks"] if text.strip() else []
    scale = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
    for row in rows:
        for measure_of_time in ("real_time", "cpu_time"):
            row[measure_of_time] *= scale[row["time_unit"]]
    return {row["name"]: row for row in rows}


def held(value, bound, target):
    return value <= target if bound == "at_most" else value >= target


def disturbed(row):
    """A word where others had the cores while it ran (bench/quic_bench.cc)."""
    slept = row.get("slept", 0)
    return f" (slept in {slept:.0%} of its waits: others needed the cores)" if slept > 0.1 else ""


def judge(program, rows, targets, filtered):
    """Prints a line for each target of this program; the number of those that do not hold."""
    misses = 0
    for target in targets:
        if target["program"] != program:
            continue
        row = rows.get(target["benchmark"])
        if row is None and filtered:
            continue
        if row is None or target["measure"] not in row:
            print(f"MISSING  {program} {target['benchmark']}: no {target['measure']}")
            misses += 1
            continue
        value = row[target["measure"]]
        good = held(value, target["bound"], float(target["target"]))
        misses += 0 if good else 1
        print(f"{'holds  ' if good else 'MISSED '}  {program} {target['benchmark']}: "
              f"{target['measure']} {value:.6g}, {target['bound']} {target['target']}"
              f"{disturbed(row)}")
    return misses


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--smoke", action="store_true",
                        help="short runs; a missed target is shown but is no failure")
    parser.add_argument("filter", nargs="?", help="regular expression over benchmark names")
    arguments = parser.parse_args()
    options = ["--benchmark_min_time=0.05"] if arguments.smoke else []
    if arguments.smoke and not arguments.filter:
        options.append("--benchmark_filter=-lookups:1000000")  # all but the longest
    if arguments.filter:
        options.append(f"--benchmark_filter={arguments.filter}")

    programs = sorted(arguments.folder.glob("*_bench"))
    if not programs:
        sys.exit(f"no benchmarks in {arguments.folder}")
    targets = read_targets()
    unknown = {target["program"] for target in targets} - {program.name for program in programs}
    if unknown:
        sys.exit(f"bench/targets.tsv names no such programs: {', '.join(sorted(unknown))}")
    misses = 0
    for program in programs:
        misses += judge(program.name, measure(program, options), targets, bool(arguments.filter))
    return 1 if misses and not arguments.smoke else 0


if __name__ == "__main__":
    sys.exit(main())
