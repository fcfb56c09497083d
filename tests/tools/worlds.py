"""Runs scenarios in several worlds and holds them against each other.

    python3 worlds.py --program bin/macula-sim same virtual-quic scenarios/integration/strict
    python3 worlds.py --program bin/macula-sim latency quic scenarios/quic/latency.toml

Each compares a world with `virtual`. `same`: all expectations hold in both, and nodes told each
other the same: as many messages of each kind between each two nodes, as many of them stored at the
same nodes (the k closest that a lookup found), in virtual time the same values there and in
answers, the same holders wherever an expectation names some, as many RPCs in lookups. `latency`:
lookups succeed in both, and their latencies differ by at most 10 % at the median and 20 % at the
95th percentile.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

# The contents of these are compared, too. Not so find_node_reply: the contents of a full bucket
# depend on the order of messages that arrive at one instant.
CONTENT = {"find_node", "find_value", "find_value_reply", "store"}
# These tell to the millisecond how long a record still lives: in real time it is now one more, now
# one less. Yet the same nodes tell them to the same nodes, and as often.
TIMED = {"find_value_reply", "store"}
LIMITS = {50: 0.10, 95: 0.20}


def run(program, world, paths, seeds, folder):
    """The results of all runs, each with its trace."""
    out = folder / world
    command = [program, "run", *paths, "--world", world, "--out", str(out), "--quiet",
               "--json", str(folder / f"{world}.json")]
    if seeds:
        command += ["--seeds", seeds]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if done.returncode > 1:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    runs = json.loads((folder / f"{world}.json").read_text())["runs"]
    traces = {}
    for result in out.rglob("result.json"):
        entry = json.loads(result.read_text())["runs"][0]
        lines = (result.parent / "trace.jsonl").read_text().splitlines()
        traces[entry["scenario"], entry["seed"]] = [json.loads(line) for line in lines]
    for entry in runs:
        entry["trace"] = traces[entry["scenario"], entry["seed"]]
    return runs


def conversation(trace, compared):
    """How often who said what to whom."""
    said = collections.Counter()
    for event in trace:
        if event["kind"] in ("request", "reply", "message"):
            message = event["message"]
            content = event["hash"] if message in compared else ""
            said[event["kind"], event.get("from"), event.get("to"), message, content] += 1
    return said


def same(left, right):
    """The differences, a line each."""
    for a, b in zip(left, right, strict=True):
        name = f"{a['scenario']}, seed {a['seed']}"
        for entry in (a, b):
            if entry["verdict"] != "pass":
                yield f"{name}: fails in {entry['world']}"
        compared = CONTENT - TIMED if b["world"] == "quic" else CONTENT
        heard = (conversation(a["trace"], compared), conversation(b["trace"], compared))
        for line in heard[0] - heard[1]:
            yield f"{name}: only in {a['world']}: {line}"
        for line in heard[1] - heard[0]:
            yield f"{name}: only in {b['world']}: {line}"
        if not heard[0] and a["messages"]:
            yield f"{name}: the trace holds no message"
        for x, y in zip(a["expectations"], b["expectations"], strict=True):
            if (x["measured"], x.get("detail")) != (y["measured"], y.get("detail")):
                if not is_time(x, a):
                    yield f"{name}: {x['name']}: {x['measured']} and {y['measured']}"
        rpcs = [entry["metrics"].get("lookup.rpcs") for entry in (a, b)]
        if rpcs[0] != rpcs[1]:
            yield f"{name}: lookup.rpcs: {rpcs[0]} and {rpcs[1]}"


def is_time(expectation, entry):
    """Whether it measures a time, which is each world's own: the program judges its bounds."""
    lines = pathlib.Path(entry["file"]).read_text().splitlines()[expectation["line"]:]
    metric = next(line for line in lines if line.startswith("metric"))
    return "latency_ms" in metric


def percentile(samples, percent):
    """Nearest rank."""
    ordered = sorted(samples)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def lookups(runs):
    """Latencies in milliseconds of all lookups that succeeded, and how many did not."""
    ended = [event for entry in runs for event in entry["trace"]
             if event["kind"] == "ended" and event["verb"] == "lookup"]
    good = [(event["t"] - event["started"]) / 1e6 for event in ended if event["outcome"] == "ok"]
    return good, len(ended) - len(good)


def latency(left, right):
    """The differences that are too large, a line each; prints the figures."""
    samples = []
    for runs in (left, right):
        good, bad = lookups(runs)
        samples.append(good)
        world = runs[0]["world"]
        if bad or not good:
            yield f"{world}: {len(good)} lookups ended well, {bad} did not"
            return
        figures = "  ".join(f"p{p} {percentile(good, p):8.1f}" for p in (50, 75, 90, 95, 99))
        print(f"{world:<14}{len(good):6} lookups, ms: {figures}  mean {sum(good) / len(good):.1f}")
    for percent, limit in LIMITS.items():
        a, b = (percentile(s, percent) for s in samples)
        if abs(b - a) > limit * a:
            yield f"p{percent}: {a:.1f} ms and {b:.1f} ms differ by more than {limit:.0%}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--seeds")
    parser.add_argument("what", choices=["same", "latency"])
    parser.add_argument("world")
    parser.add_argument("paths", nargs="+")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        left, right = (run(arguments.program, world, arguments.paths, arguments.seeds, folder)
                       for world in ("virtual", arguments.world))
        compare = {"same": same, "latency": latency}[arguments.what]
        wrong = list(compare(left, right))
    for line in wrong:
        print(line)
    if not wrong:
        print(f"{len(left)} runs: virtual and {arguments.world} agree")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
