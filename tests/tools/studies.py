"""Tables of the documentation that come from many runs: made anew, and held against the pages.

    python3 studies.py --program bin/macula-sim [--only NAME] [--accept]

A table stands in its page between <!-- study: NAME --> and <!-- end of study -->, as `macula-sim
compare --json` has measured it: `power`, in docs/regression-testing.md, says which change how many
seeds can see; `defaults`, in docs/defaults.md, holds each default of the protocol against other
values. Runs repeat, so that the tables do, to the last digit. --accept brings the pages up to date.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import marked
from sources import ROOT

DOCS = ROOT / "docs"
GATES = ["success_rate(read)", "lookup.recall.mean", "lookup.latency_ms.p50",
         "lookup.latency_ms.p99", "messages", "node.maintenance_bytes_per_s.mean"]
SEEDS = [10, 20, 40, 80]

# The conditions under which the defaults are tried: settings of scenarios/studies/defaults.toml.
CONDITIONS = {
    "As the file is: 520 nodes, 0.5 % loss on each access link, sessions of hours, 5 % die": [],
    "Small: 120 nodes": ["group.node.count=100"],
    "Large: 2 020 nodes": ["group.node.count=2000"],
    "Loss of 5 % on each access link": ["link.home.loss=5%"],
    "Churn: a median session of eleven minutes": [
        "churn.homes.session=weibull(shape=0.59, scale=20min)"],
    "30 % die at one instant": ["at.deaths.crash=sample(node, 30%)"],
}
VALUES = ["alpha=1", "alpha=2", "alpha=5", "alpha=10", "widen=false", "disjoint_paths=2",
          "quorum=3", "leave_copies=false", "hand_over=false", "adaptive_timeouts=false",
          "query_timeout=1s", "query_timeout=10s", "refresh_interval=15min"]
COLUMNS = {
    "correct_rate(find)": "right", "latency_ms(find).p50": "find p50",
    "latency_ms(find).p99": "find p99", "lookup.latency_ms(lookup).p50": "lookup p50",
    "lookup.latency_ms(lookup).p99": "lookup p99", "lookup.recall(lookup).mean": "recall",
    "messages": "messages", "node.maintenance_bytes_per_s.mean": "maintenance"}


class Simulator:
    """The program, and a folder for what it writes."""

    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)

    def run(self, *arguments, ends_with=(0,)):
        done = subprocess.run([self.program, *arguments], cwd=ROOT, capture_output=True, text=True)
        if done.returncode not in ends_with:
            sys.exit(f"macula-sim {' '.join(arguments)} ended with {done.returncode}:\n"
                     f"{done.stdout}{done.stderr}")

    def compare(self, *arguments, gates):
        """The rows of a comparison, by metric."""
        file = self.folder / "compared.json"
        named = [word for gate in gates for word in ("--gate", gate)]
        self.run("compare", *arguments, *named, "--json", str(file), ends_with=(0, 1))
        return {row["metric"]: row for row in json.loads(file.read_text())["rows"]}

    def store(self, name, *arguments):
        """The folder of a sweep's results."""
        folder = str(self.folder / name)
        self.run("sweep", *arguments, "--out", folder, ends_with=(0, 1))
        return folder


def percent(share, sign=""):
    digits = ".2g" if abs(share) < 0.995 else ".0f"
    return f"{100 * share:{sign}{digits}} %"


def figure(value, unit):
    if unit == "rate":
        return f"{100 * value:.4g} %"
    digits = max(0, 2 - len(f"{abs(value):.0f}"))
    return f"{value:,.{digits}f}".replace(",", " ") + {"count": ""}.get(unit, " " + unit)


def of_a(row, value):
    """The value as a share of A; a rate as it is, in points."""
    return value if row["unit"] == "rate" else value / row["a"]


def power(simulator):
    yield "| metric | " + " | ".join(f"{count} seeds" for count in SEEDS) + " |"
    yield "|---|" + "---:|" * len(SEEDS)
    seen = {gate: [] for gate in GATES}
    for count in SEEDS:
        rows = simulator.compare("scenarios/examples/three-regions.toml", "--b",
                                 "scenario.fates=other", "--seeds", f"1..{count}", gates=GATES)
        for gate in GATES:
            seen[gate].append(percent(of_a(rows[gate], rows[gate]["detectable"])))
    for gate in GATES:
        yield f"| `{gate}` | " + " | ".join(seen[gate]) + " |"


def told(row):
    """A cell: the change, in bold where it is beyond chance and tolerance."""
    if row["verdict"] in ("identical", "same"):
        return "same"
    change = percent(of_a(row, row["change"]), "+")
    return {"unsure": f"({change})", "within": change}.get(row["verdict"], f"**{change}**")


def defaults(simulator):
    file, seeds = "scenarios/studies/defaults.toml", ["--seeds", "1..10"]
    for number, (condition, settings) in enumerate(CONDITIONS.items()):
        base = [file, *seeds, *(word for each in settings for word in ("--set", each))]
        a = simulator.store(f"{number}", *base, "--grid", "scenario.profile=kademlia")
        yield f"### {condition}"
        yield ""
        yield "| value | " + " | ".join(COLUMNS.values()) + " |"
        yield "|---|" + "---:|" * len(COLUMNS)
        for index, value in enumerate(VALUES):
            b = simulator.store(f"{number}-{index}", *base, "--grid", f"protocol.{value}")
            rows = simulator.compare(a, b, gates=COLUMNS)
            if index == 0:
                cells = (figure(rows[each]["a"], rows[each]["unit"]) for each in COLUMNS)
                yield "| the defaults | " + " | ".join(cells) + " |"
            name, _, text = value.partition("=")
            cells = (told(rows[each]) for each in COLUMNS)
            yield f"| `{name}` {text} | " + " | ".join(cells) + " |"
        yield ""


STUDIES = {"power": ("regression-testing.md", power), "defaults": ("defaults.md", defaults)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--only", choices=STUDIES)
    parser.add_argument("--accept", action="store_true")
    arguments = parser.parse_args()
    stale = []
    for name, (page, study) in STUDIES.items():
        if arguments.only not in (None, name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            program = str(pathlib.Path(arguments.program).resolve())
            lines = "\n".join(study(Simulator(program, folder))).rstrip("\n")
        path = DOCS / page
        fresh = marked.replaced(path, f"<!-- study: {name} -->", "<!-- end of study -->",
                                f"\n\n{lines}\n\n")
        if marked.hold(path, fresh, arguments.accept):
            print(f"docs/{page}: `{name}` says what is measured")
        else:
            stale.append(name)
    if stale:
        sys.exit("again: ./dev studies --accept")


if __name__ == "__main__":
    main()
