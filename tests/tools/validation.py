"""Holds docs/validation.md against what was measured: every figure that a correct simulator has.

    python3 validation.py --results runs.json --sweeps sweeps.json --hops gtest.json
                          --fidelity fidelity.json [--accept]

`--results` is what `macula-sim run scenarios --json` has written, and `--sweeps` what sweeps.py
has, of the points of those that are swept: the expectations of both that say `near` count, and all
of some families. `--hops` is what run_tests writes with --gtest_output=json, `--fidelity` what
fidelity.py writes with --json. `./dev validation` makes all four. The page holds the same figures
to the last digit, since runs repeat; --accept brings it up to date.
"""

import argparse
import collections
import dataclasses
import json
import pathlib
import statistics
import sys

import marked
from points import point_text
from sources import ROOT

PAGE = ROOT / "docs" / "validation.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

@dataclasses.dataclass(frozen=True)
class Family:
    """The figures of some scenarios: their meaning and their source."""

    title: str
    source: str
    mean_gate: float = 0  # of the mean over seeds, as a share of what is expected
    bounds: bool = False  # expectations count that state no figure, but an order or a time


# By the beginning of a scenario's name.
FAMILIES = {
    "convergence/table-size": Family(
        "Size of a full table, after a real join",
        "derived: the sum over buckets i of E[min(k, Binomial(N - 1, 2^-(i+1)))]"),
    "convergence/lookup-cost": Family(
        "Cost of a lookup over ideal tables",
        "a small independent model: ideal tables, unit round trips, rounds in step; no widening"),
    "convergence/widened-lookup-cost": Family(
        "The same with widening: more at a time where a round brings nothing closer",
        "the same model"),
    "convergence/stale-tables": Family(
        "Stale tables and the rule to stop: a share of the nodes has crashed",
        "the same model; `paper`: k have answered; `slot`: dead nodes keep their place; "
        "`no-change`: a round changes nothing, the rule of Macula 0.8"),
    "convergence/record-survival": Family(
        "Records lost that nobody stores again",
        "derived: (1 - S(t))^k, where S is the survival of what is left of a session"),
    "churn/weibull-survival": Family(
        "The same with Weibull sessions of shape 1/2",
        "derived: (1 - S(t))^3 with S = (1 + x) e^-x and x = sqrt(t / scale)"),
    "maintenance/idle-cost": Family(
        "Tables of a network that only maintains itself",
        "derived, as the size of a full table"),
    "convergence/size-estimate": Family(
        "Deviation of a node's estimate of how many nodes there are, from its last lookups",
        "published: 0.281 n^-0.529 of the size after n lookups, the estimator of the mainline DHT"),
    "convergence/region-sweep": Family(
        "Regions in which a node publishes its records again: means of 20 seeds, of 4 among 10 000",
        "a small independent model of the regions of IPFS' provide sweep, 2025: prefixes with at "
        "least 21 nodes that cannot be cut in two such",
        mean_gate=0.03),
    "convergence/ring": Family(
        "1 000 nodes: a ring, a partition of 900 and 100, 100 killed",
        "published: iroh's DHT series, part 3: ideal tables find 20 of 20, a ring of 20 neighbours "
        "each 0 to 11, after ten rounds of self-lookups close to 20; parts join again within about "
        "30 s, the dead are forgotten within 40 s. The order counts, and the times as bounds",
        bounds=True),
    "convergence/partial-results": Family(
        "Values handed over as they come",
        "published: polkadot-sdk pull request 7099: 37 min to 2 to 3 min for a discovery of 1 000 "
        "records. A tenth or less counts",
        bounds=True),
    "convergence/similar-answers": Family(
        "Lookups ten hours after the store, where answers are not too similar",
        "published: \"Why Kad lookup fails\", 2010: 18 % of replica roots found and a quarter of "
        "searchers failing; above 80 % after the fix. The order counts; tests/mutants has the flaw",
        bounds=True),
    "convergence/holder-liveness": Family(
        "Holders of records that nobody stores again",
        "published: ProbeLab, RFM 17: of 20 stores 14, 18, 20 are taken (p5, p50, p90); 16, then "
        "13 are alive over 36 to 40 h; of the closest 17 hold it at 1 h, 15 at 10 h. Churn is "
        "fitted to it: only the shape counts",
        bounds=True),
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
    """All runs; a scenario that is swept has those of its points."""
    swept = json.loads(sweeps.read_text())["runs"]
    files = {run["file"] for run in swept}
    single = [run for run in json.loads(results.read_text())["runs"] if run["file"] not in files]
    return single + swept


def bounded(figure, found):
    """A line of a table for what has no figure, but a bound."""
    measured = 100 * found["measured"] if found["unit"] == "rate" else found["measured"]
    mark = {"rate": " %", "ms": " ms"}.get(found["unit"], "")
    verdict = "holds" if found["verdict"] == "pass" else "MISSES"
    return f"| {figure} | {found['expected']} | {number(measured)}{mark} | - | - | {verdict} |"


def line_of(family, figure, seeds):
    """A line of a table for what the runs with all seeds measured."""
    found, bounds = seeds[0], seeds[0]["bounds"]
    if bounds["comparison"] != "near":
        return bounded(figure, found) if family.bounds else None
    middle = (bounds["low"] + bounds["high"]) / 2
    gate = (bounds["high"] - bounds["low"]) / 2
    measured = statistics.fmean(each["measured"] for each in seeds)
    return row(figure, middle, measured, family.mean_gate * middle or gate, found["unit"])


def convergence_of(runs):
    by_figure = collections.defaultdict(list)
    for run in runs:
        for found in run["expectations"]:
            point = point_text(run["set"])
            where = f"`{run['scenario'].partition('/')[2]}`{point and ', ' + point}"
            by_figure[run["scenario"], f"{where}: {found['name']}"].append(found)
    families = collections.defaultdict(list)
    for (name, figure), seeds in by_figure.items():
        family = next((each for each in FAMILIES if name.startswith(each)), None)
        if family is not None:
            families[family].append(line_of(FAMILIES[family], figure, seeds))
        elif seeds[0]["bounds"]["comparison"] == "near":
            sys.exit(f"{name} has a figure: say in {__file__} where it is from")
    return {name: [line for line in lines if line] for name, lines in families.items()}


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
    for name, family in FAMILIES.items():
        lines += table(family.title, family.source, families[name])
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
    fresh = marked.replaced(PAGE, BEGIN, END, "\n" + "\n".join(page(arguments)) + "\n")
    if "MISSES" in fresh:
        sys.exit("a figure misses its gate:\n" +
                 "\n".join(line for line in fresh.split("\n") if "MISSES" in line))
    if not marked.hold(PAGE, fresh, arguments.accept):
        sys.exit("again: ./dev validation --accept")
    print(f"{fresh.count('holds')} figures hold, as docs/validation.md says")


if __name__ == "__main__":
    main()
