"""Reads /metrics of real nodes with Prometheus' own parser, and says what is not as it should be.

    python3 metrics_page.py --program bin/macula-node

Two nodes run on free ports; a value is stored and found through the second one, and the page must
tell of it. Names follow https://prometheus.io/docs/practices/naming/.
"""

import argparse
import re
import signal
import subprocess
import sys
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

TIME_LIMIT_S = 30
NAME = re.compile(r"(macula|process)_[a-z0-9]+(_[a-z0-9]+)*$")
BASE_UNITS = ("seconds", "bytes")
OTHER_UNITS = re.compile(r"_(ms|milliseconds|us|microseconds|ns|nanoseconds|minutes|hours|kb|"
                         r"kilobytes|mb|megabytes|percent)(_|$)")
WANTED = ("macula_build_info", "macula_contacts", "macula_dials", "macula_frames_sent",
          "macula_lookups", "macula_lookup_duration_seconds", "macula_lookup_hops",
          "process_cpu_seconds", "process_resident_memory_bytes", "process_virtual_memory_bytes",
          "process_open_fds", "process_max_fds", "process_start_time_seconds")


class Running:
    """A node in the background."""

    def __init__(self, program, *options):
        words = [program, "run", "--listen", "127.0.0.1:0", "--health", "127.0.0.1:0", *options]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True)
        self.at = self.process.stdout.readline().split()[-1]
        self.health = self.process.stdout.readline().split()[-1]

    def page(self):
        """The families on its page, by name, and what is wrong with its head."""
        address = self.health.replace("/health", "/metrics")
        with urllib.request.urlopen(address, timeout=TIME_LIMIT_S) as answer:
            kind = answer.headers["Content-Type"]
            text = answer.read().decode("utf-8")
        problems = [] if kind.startswith("text/plain; version=0.0.4") else [f"is {kind}"]
        families = list(text_string_to_metric_families(text))
        names = [family.name for family in families]
        problems += [f"{name} stands there twice" for name in set(names) if names.count(name) > 1]
        return {family.name: family for family in families}, problems

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(TIME_LIMIT_S)


def value(family, suffix="", **labels):
    """The sum over the samples that have these labels."""
    return sum(sample.value for sample in family.samples
               if sample.name == family.name + suffix
               and all(sample.labels.get(label) == wanted for label, wanted in labels.items()))


def wrong_name(family):
    """The faults in the name and the type of a family."""
    if not NAME.match(family.name):
        yield "has a name that is none"
    if OTHER_UNITS.search(family.name):
        yield f"is in other units than {' and '.join(BASE_UNITS)}"
    if not family.documentation:
        yield "has no help"
    if family.type not in ("counter", "gauge", "histogram"):
        yield f"is of the type {family.type}"
    total = any(sample.name.endswith("_total") for sample in family.samples)
    if total != (family.type == "counter"):
        yield "ends in _total and is no counter, or the other way round"
    if not family.samples:
        yield "has no sample"


def wrong_histogram(family):
    """The faults in the buckets of a histogram."""
    series = {}
    for sample in family.samples:
        labels = tuple(sorted((k, v) for k, v in sample.labels.items() if k != "le"))
        series.setdefault(labels, []).append(sample)
    for labels, samples in series.items():
        counts = [s.value for s in samples if s.name.endswith("_bucket")]
        bounds = [float(s.labels["le"]) for s in samples if s.name.endswith("_bucket")]
        count = [s.value for s in samples if s.name.endswith("_count")]
        total = [s.value for s in samples if s.name.endswith("_sum")]
        if bounds != sorted(bounds) or not bounds or bounds[-1] != float("inf"):
            yield f"{labels}: its bounds do not rise to +Inf"
        if counts != sorted(counts) or counts[-1:] != count or len(total) != 1:
            yield f"{labels}: its buckets do not add up to its count, or it has no sum"


def wrong_figures(before, after):
    """The gaps of the page on the value that was looked for and found in between."""
    for name in ("macula_lookup_duration_seconds", "macula_lookup_hops"):
        for kind in ("node", "value"):
            counted = value(after["macula_lookups"], "_total", kind=kind)
            if value(after[name], "_count", kind=kind) != counted:
                yield f"{name}: tells of other lookups than macula_lookups_total, kind {kind}"
    if value(after["macula_lookups"], "_total", result="success") < 1:
        yield "macula_lookups_total: no success, though the node has joined"
    sent = [value(page["macula_frames_sent"], "_total") for page in (before, after)]
    if sent[0] >= sent[1]:
        yield "macula_frames_sent_total: did not grow"
    info = after["macula_build_info"].samples[0]
    if info.value != 1 or not re.match(r"\d+\.\d+\.\d+$", info.labels.get("version", "")):
        yield f"macula_build_info: {info}"
    for name in WANTED:
        if name.startswith("process_") and value(after[name]) <= 0 \
                and value(after[name], "_total") <= 0:
            yield f"{name}: is not above 0"


def check(program, nodes):
    """All that is wrong, a line each."""
    nodes.append(Running(program))
    nodes.append(Running(program, "--bootstrap", nodes[0].at))
    asked = nodes[1]
    before, _ = asked.page()
    for words in (["store", "a key", "a value"], ["find", "a key"]):
        done = subprocess.run([program, *words, "--via", asked.at, "--timeout",
                               f"{TIME_LIMIT_S}s"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield f"{words[0]} ended with {done.returncode}: {done.stderr.strip()}"
    after, problems = asked.page()
    yield from problems
    missing = [name for name in WANTED if name not in after]
    yield from (f"{name} is missing" for name in missing)
    for family in after.values():
        problems = list(wrong_name(family))
        if family.type == "histogram":
            problems += wrong_histogram(family)
        yield from (f"{family.name}: {problem}" for problem in problems)
    if not missing:
        yield from wrong_figures(before, after)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    nodes = []
    try:
        problems = list(check(parser.parse_args().program, nodes))
    finally:
        codes = [node.stop() for node in nodes]
    problems += [f"a node ended with {code}" for code in codes if code != 0]
    for problem in problems:
        print(f"/metrics: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
