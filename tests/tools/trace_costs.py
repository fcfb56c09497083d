"""The cost of writing traces: processor time of a run with them, by that of the run alone.

    python3 trace_costs.py --program bin/macula-sim [--rounds N] [--slack 1.15] [FORM...]

FORM: filtered, jsonl, pcapng, perfetto, shiviz; all where none is given. A round is a run alone and
one with each form, in turn, and the least that each has ever taken counts: other programs on the
machine only add to it. The bounds are of the program's own time: the kernel's time to write a file
depends on the file system and on whoever else writes; it is told beside it. Ends with 1 where a
bound is missed. The bounds are those of a quiet machine: with --slack others may be at work, too.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

LIMIT_MB = 20  # of a trace of ten minutes of 10 000 nodes, filtered to one label

# Nodes with all of their upkeep, and lookups on top; a find a second is watched.
TRACED = """[scenario]
schema = 1
name = "traced"
duration = "10min"
record = true
tables = "ideal"
identity = "unbound"
[latency]
default = "uniform(5ms, 40ms)"
loss = "0.1%"
[[group]]
name = "peer"
count = 10000
[[at]]
t = "10s"
every = "50ms"
until = "10min"
label = "background"
lookup = { by = "any(peer)", key = "background-{n}" }
[[at]]
t = "10s"
every = "1s"
until = "10min"
label = "watched"
lookup = { by = "any(peer)", key = "key-{n}" }
"""

# The forms that are written, and how many times the run alone each may take. A capture has the
# frames of all messages: it takes 1.8 times the run, and the most memory, so that others in the
# caches are felt.
FORMS = {
    "filtered": (["--trace", "t.jsonl", "--trace-only", "label=watched"], 1.3),
    "jsonl": (["--trace", "t.jsonl"], 2.0),
    "pcapng": (["--pcap", "t.pcapng"], 2.4),
    "perfetto": (["--trace", "t.perfetto.json"], 2.0),
    "shiviz": (["--trace", "t.shiviz"], 2.0),
}


def seconds(command, folder):
    """Processor time of the program; and the same with the kernel's time for it."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: ends with {process.returncode}")
    return used.ru_utime, used.ru_utime + used.ru_stime


def holds(form, least, size, slack):
    """Says what it costs."""
    bound = FORMS[form][1]
    ratio, whole = (least[form][i] / least["alone"][i] for i in range(2))
    fits = form != "filtered" or size < LIMIT_MB
    print(f"{form}: {ratio:.2f} times the run alone, at most {bound}; "
          f"{whole:.2f} with the kernel's time; {size:.1f} MB" +
          ("" if fits else f", more than {LIMIT_MB} MB"))
    return ratio <= bound * slack and fits


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slack", type=float, default=1, help="bounds are so many times as high")
    parser.add_argument("forms", nargs="*", metavar="FORM")
    options = parser.parse_args()
    forms = options.forms or list(FORMS)
    least = {}
    sizes = {}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "traced.toml")
        path.write_text(TRACED, encoding="utf-8")
        run = [str(options.program.resolve()), "run", str(path)]
        for _ in range(options.rounds):
            for form in ["alone", *forms]:
                more = FORMS[form][0] if form != "alone" else []
                used = seconds([*run, *more], folder)
                least[form] = tuple(map(min, used, least.get(form, used)))
                if more:
                    written = pathlib.Path(folder, more[1])
                    sizes[form] = written.stat().st_size / 1e6
                    written.unlink()  # else the next one pays for its end
    held = [holds(form, least, sizes[form], options.slack) for form in forms]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
