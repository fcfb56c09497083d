"""Holds docs/validation.md against what was measured: every figure that a correct simulator has.

    python3 validation.py --results runs.json --sweeps sweeps.json --hops gtest.json
                          --fidelity fidelity.json [--accept]

`--results` is what `macula-sim run scenarios --json` has written, and `--sweeps` what sweeps.py
has, of the points of those that are swept: of both those expectations count that say `near`. `--hops` is what run_tests writes with --gtest_output=json, `--fidelity` what
fidelity.py writes with --json. `./dev validation` makes all three. The page holds the same figures
to the last digit, since runs repeat; --accept brings it up to date.
"""

import argparse
import collections
import json
import pathlib
import statistics
import sys

from points import point_text
from sources import ROOT

PAGE = ROOT / "docs" / "validation.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

# By the beginning of a scenario's name: what the figures are, and where they come from.
FAMILIES = {
    "convergence/table-size": (
        "Size of a full table, after a real join",
        "derived: the sum over buckets i of E[min(k, Binomial(N - 1, 2^-(i+1)))]"),
    "convergence/lookup-cost": (
        "Cost of a lookup over ideal tables",
        "a small independent model: ideal tables, unit round trips, rounds in step; no widening"),
    "convergence/widened-lookup-cost": (
        "The same with widening: more at a time where a round brings nothing closer",
        "the same model"),
    "convergence/stale-tables": (
        "Stale tables and the rule to stop: a share of the nodes has crashed",
        "the same model; `paper`: k have answered; `slot`: dead nodes keep their place; "
        "`no-change`: a round changes nothing, the rule of Macula 0.8"),
    "convergence/record-survival": (
        "Records lost that nobody stores again",
        "derived: (1 - S(t))^k, where S is the survival of what is left of a session"),
    "churn/weibull-survival": (
        "The same with Weibull sessions of shape 1/2",
        "derived: (1 - S(t))^3 with S = (1 + x) e^-x and x = sqrt(t / scale)"),
    "maintenance/idle-cost": (
        "Tables of a network that only maintains itself",
        "derived, as the size of a full table"),
}
HOPS = ("Hops in tables of 25 000 nodes",
        "published: ProbeLab, RFM 19.1; 5 x 10 000 lookups")


def number(value):
    return f"{value:.4g}"


def row(figure, expected, measured, gate, unit=""):
    """A line of a table."""
    difference = measured - expected
    verdict = "holds" if abs(difference) <= gate + 1e-12 else "MISSES"
    scale = 100 if unit == "rate" else 1
    cells = [number(scale * expected), number(scale * measured),
             f"{scale * difference:+.2g}", number(scale * gate)]
    mark = {"rate": " %", "ms": " ms"}.get(unit, "")
    return f"| {figure} | " + " | ".join(cell + mark for cell in cells) + f" | {verdict} |"


def table(title, source, rows):
    return [f"## {title}", "", f"Source: {source}.", "",
            "| figure | expected | measured | difference | gate | verdict |",
            "|---|---:|---:|---:|---:|---|", *rows, ""]


def hops_of(path):
    rows = []
    for suite in json.loads(path.read_text())["testsuites"]:
        for test in suite["testsuite"]:
            if "hops_measured" in test:
                rows.append((int(test["hops_k"]), float(test["hops_expected"]),
                             float(test["hops_measured"]), float(test["hops_gate"])))
    return [row(f"k = {k}", *figures) for k, *figures in sorted(rows)]


def runs_of(results, sweeps):
    """Of a scenario that is swept, those of its points."""
    swept = json.loads(sweeps.read_text())["runs"]
    files = {run["file"] for run in swept}
    single = [run for run in json.loads(results.read_text())["runs"] if run["file"] not in files]
    return single + swept


def convergence_of(runs):
    families = collections.defaultdict(list)
    for run in runs:
        name = run["scenario"]
        family = next((each for each in FAMILIES if name.startswith(each)), None)
        for found in run["expectations"]:
            bounds = found["bounds"]
            if bounds["comparison"] != "near":
                continue
            if family is None:
                sys.exit(f"{name} has a figure: say in {__file__} where it is from")
            middle = (bounds["low"] + bounds["high"]) / 2
            gate = (bounds["high"] - bounds["low"]) / 2
            point = point_text(run["set"])
            figure = f"`{name.partition('/')[2]}`{point and ', ' + point}: {found['name']}"
            families[family].append(row(figure, middle, found["measured"], gate, found["unit"]))
    return families


def fidelity_of(path):
    """How far the model is from the real host, by kind of figure."""
    by_kind = collections.defaultdict(list)
    for gate in json.loads(path.read_text()):
        by_kind[gate["gate"].rpartition(" ")[2]].append((abs(gate["difference"]), gate["limit"],
                                                         gate["scenario"]))
    for kind in ("p50", "p90", "p95", "p99", "success", "messages"):
        found = sorted(by_kind[kind])
        if not found:
            continue
        median = statistics.median(each[0] for each in found)
        worst, limit, scenario = found[-1]
        missed = sum(each[0] > each[1] + 1e-9 for each in found)
        yield (f"| {kind} | {len(found)} | {100 * median:.2f} % | {100 * worst:.2f} % in "
               f"`{scenario}` | {100 * limit:g} % | {missed} |")


def page(arguments):
    lines = table(*HOPS, hops_of(arguments.hops))
    families = convergence_of(runs_of(arguments.results, arguments.sweeps))
    for family, (title, source) in FAMILIES.items():
        lines += table(title, source, families[family])
    lines += ["## The model of QUIC against real QUIC", "",
              "World `virtual` against `virtual-quic`: 26 scenarios of "
              "[scenarios/fidelity](../scenarios/fidelity), five seeds each.", "",
              "| figure | compared | off by, in the middle | at most | gate | missed |",
              "|---|---:|---:|---|---:|---:|", *fidelity_of(arguments.fidelity)]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("results", "sweeps", "hops", "fidelity"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--accept", action="store_true")
    arguments = parser.parse_args()
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    fresh = before + BEGIN + "\n" + "\n".join(page(arguments)) + "\n" + END + after
    if "MISSES" in fresh:
        sys.exit("a figure misses its gate:\n" +
                 "\n".join(line for line in fresh.split("\n") if "MISSES" in line))
    if fresh == text:
        print(f"{fresh.count('holds')} figures hold, as docs/validation.md says")
        return
    if arguments.accept:
        PAGE.write_text(fresh)
        print("docs/validation.md: brought up to date")
        return
    for old, new in zip(text.split("\n"), fresh.split("\n")):
        if old != new:
            sys.exit(f"docs/validation.md says\n  {old}\nand measured is\n  {new}\n"
                     "again: ./dev validation --accept")
    sys.exit("docs/validation.md has more or fewer figures than were measured\n"
             "again: ./dev validation --accept")


if __name__ == "__main__":
    main()
