"""What it costs to write traces: processor time of a run with them, by that of the run alone.

    python3 trace_costs.py --program bin/macula-sim [--pairs N] [FORM...]

FORM: filtered, jsonl, pcapng, perfetto, shiviz; all where none is given. Each pair is a run alone
and one that writes, in turn, and the median of their ratios counts, so that it says the same on any
machine. Ends with 1 where a bound is missed.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

LIMIT_MB = 20  # of a trace of ten minutes of 10 000 nodes, filtered to one label

# Nodes with all of their upkeep, and lookups on top; a find a second is watched.
SCENARIO = """[scenario]
schema = 1
name = "traced"
duration = "{duration}"
record = true
tables = "ideal"
identity = "unbound"
[latency]
default = "uniform(5ms, 40ms)"
loss = "0.1%"
[[group]]
name = "peer"
count = {nodes}
[[at]]
t = "10s"
every = "50ms"
until = "{duration}"
label = "background"
lookup = {{ by = "any(peer)", key = "background-{{n}}" }}
[[at]]
t = "10s"
every = "1s"
until = "{duration}"
label = "watched"
lookup = {{ by = "any(peer)", key = "key-{{n}}" }}
"""
LARGE = SCENARIO.format(duration="10min", nodes=10_000)
SMALL = SCENARIO.format(duration="2min", nodes=100)

# The scenario, what is written, and how many times the run alone it may take; nothing: each event
# of ShiViz has a clock of all nodes, which costs what it costs.
FORMS = {
    "filtered": (LARGE, ["--trace", "t.jsonl", "--trace-only", "label=watched"], 1.3),
    "jsonl": (LARGE, ["--trace", "t.jsonl"], 2.0),
    "pcapng": (LARGE, ["--pcap", "t.pcapng"], 2.0),
    "perfetto": (LARGE, ["--trace", "t.perfetto.json"], 3.0),
    "shiviz": (SMALL, ["--trace", "t.shiviz"], None),
}


def seconds(command, folder):
    """Of the processor, by the program and for it."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: ends with {process.returncode}")
    return used.ru_utime + used.ru_stime


def measure(program, form, pairs, folder):
    """Whether the bound holds."""
    scenario, more, bound = FORMS[form]
    path = pathlib.Path(folder, "traced.toml")
    path.write_text(scenario, encoding="utf-8")
    alone = [str(program), "run", str(path)]
    ratios = []
    for _ in range(pairs):
        base = seconds(alone, folder)
        ratios.append(seconds([*alone, *more], folder) / base)
    ratio = statistics.median(ratios)
    size = pathlib.Path(folder, more[1]).stat().st_size / 1e6
    pathlib.Path(folder, more[1]).unlink()
    fits = form != "filtered" or size < LIMIT_MB
    print(f"{form}: {ratio:.2f} times the run alone ({min(ratios):.2f} to {max(ratios):.2f})" +
          (f", at most {bound}" if bound else "") + f"; {size:.1f} MB" +
          ("" if fits else f", more than {LIMIT_MB} MB"))
    return (bound is None or ratio <= bound) and fits


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("forms", nargs="*", metavar="FORM")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        held = [measure(options.program.resolve(), form, options.pairs, folder)
                for form in options.forms or FORMS]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
