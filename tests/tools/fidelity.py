"""Holds the model of QUIC (world `virtual`) against the real host (world `virtual-quic`).

    python3 fidelity.py --program bin/macula-sim scenarios/fidelity
    python3 fidelity.py --program bin/macula-sim --cache DIR -v scenarios/fidelity/slow.toml

Each scenario runs with all seeds in both worlds. Operations are pooled over the seeds by label, or
by verb where they have none. The latencies of those that succeeded are compared for each kind, and
the share of these; for the whole run, the messages handed over. A percentile counts where there are
a hundred samples, p99 where there are a thousand.

MISSES names the gates that a scenario is known to miss, and how far it may.

`--worlds A,B` compares others. In real time a time may be off by SLACK besides, and one seed has to
do. `--cache DIR` keeps what the second world did, by scenario and seed. Delete it when the host
changes: it is meant for work on the model.
"""

import argparse
import collections
import hashlib
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

PERCENTILES = {50: 0.05, 90: 0.10, 95: 0.10, 99: 0.10}  # and by which share they may differ
SAMPLES = collections.defaultdict(lambda: 100, {99: 1000})  # as many are needed
SUCCESS = 0.005
MESSAGES = 0.02
SLACK = 50  # ms, in the world quic
# scenario -> gate -> share (of success: the difference). sim/README.md says why.
MISSES = {
    "sparse-loss-20": {"messages": 0.04},
}


def run_once(program, world, path, seed):
    """Latencies (ms) and outcomes by kind of operation, and messages by name."""
    with tempfile.TemporaryDirectory() as name:
        trace = pathlib.Path(name) / "trace.jsonl"
        command = [program, "run", str(path), "--world", world, "--seed", str(seed), "--quiet",
                   "--trace", str(trace)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900)
        if done.returncode > 1:
            sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        good = collections.defaultdict(list)
        ended = collections.Counter()
        messages = collections.Counter()
        with trace.open() as lines:
            for line in lines:
                event = json.loads(line)
                kind = event["kind"]
                if kind in ("request", "reply", "message"):
                    messages[event["message"]] += 1
                elif kind == "ended":
                    what = event.get("label", event["verb"])
                    ended[what] += 1
                    if event["outcome"] == "ok":
                        good[what].append((event["t"] - event["started"]) / 1e6)
        return {"good": good, "ended": ended, "messages": messages}


def outcome(program, world, path, seed, cache):
    if cache is None or world in ("virtual", "quic"):
        return run_once(program, world, path, seed)
    key = hashlib.sha256(path.read_bytes() + f"{seed} {world}".encode()).hexdigest()[:16]
    kept = cache / f"{path.stem}-{seed}-{key}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    found = run_once(program, world, path, seed)
    cache.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(found))
    part.rename(kept)
    return found


def pool(outcomes):
    good = collections.defaultdict(list)
    ended, messages = collections.Counter(), collections.Counter()
    for each in outcomes:
        for what, samples in each["good"].items():
            good[what] += samples
        ended.update(each["ended"])
        messages.update(each["messages"])
    return good, ended, messages


def percentile(ordered, percent):
    """Nearest rank."""
    return ordered[min(max(0, math.ceil(percent * len(ordered) / 100) - 1), len(ordered) - 1)]


def difference(a, b, percent):
    """How far the percentile of `a` is from that of `b`, as a share of it.

    The rank of a percentile has a standard error of sqrt(p (1 - p) / n). Latencies under loss come
    in steps (80 ms, 160 ms), and where a percentile lies on one, a single sample decides between
    the two. So the other's percentiles within that error of the rank are as good.
    """
    error = 100 * math.sqrt(percent / 100 * (1 - percent / 100) / min(len(a), len(b)))
    mine = percentile(a, percent)
    low, high = (percentile(b, percent + side * error) for side in (-1, 1))
    nearest = min(max(mine, low), high)
    return (mine - nearest) / nearest if nearest else float(mine != nearest)


def compare(model, real, slack):
    """(gate, figure of the model, figure of the real host, difference, what may be), a row each."""
    good, ended, messages = zip(model, real)
    for what in sorted(ended[0] | ended[1]):
        samples = [sorted(each[what]) for each in good]
        least = min(len(each) for each in samples)
        for percent, limit in PERCENTILES.items():
            if least < SAMPLES[percent]:
                continue
            a, b = (percentile(each, percent) for each in samples)
            by = min(difference(*samples, percent), -difference(*reversed(samples), percent),
                     key=abs)
            yield f"{what} p{percent}", a, b, by if abs(a - b) > slack else 0.0, limit
        a, b = (len(s) / max(1, e[what]) for s, e in zip(samples, ended))
        yield f"{what} success", a, b, a - b, SUCCESS
    a, b = (sum(each.values()) for each in messages)
    yield "messages", a, b, (a - b) / max(1, b), MESSAGES


def judge(name, rows, verbose):
    """The gates missed, a line each; prints the figures that miss or, if verbose, all."""
    allowed = MISSES.get(name, {})
    for gate, a, b, by, limit in rows:
        missed = abs(by) > limit + 1e-9
        if missed or verbose:
            mark = "MISS" if missed else "    "
            print(f"  {mark} {name:<26} {gate:<18} {a:10.4g} {b:10.4g} {by:+8.2%} ({limit:.1%})")
        if missed and abs(by) > allowed.get(gate, 0):
            yield f"{name}: {gate}: {a:.4g} and {b:.4g} differ by {by:+.2%}; gate {limit:.1%}"


def files_of(paths):
    for path in map(pathlib.Path, paths):
        yield from sorted(path.glob("*.toml")) if path.is_dir() else [path]


def first_and_last(text):
    first, _, last = text.partition("..")
    return range(int(first), int(last or first) + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--seeds", type=first_and_last, default=range(1, 6))
    parser.add_argument("--worlds", default="virtual,virtual-quic")
    parser.add_argument("--cache", type=pathlib.Path)
    parser.add_argument("--verbose", "-v", action="store_true")
    parser.add_argument("--json", type=pathlib.Path, help="write what was compared there")
    parser.add_argument("paths", nargs="+")
    arguments = parser.parse_args()
    worlds = arguments.worlds.split(",")
    slack = SLACK if "quic" in worlds else 0
    wrong, count, missed, compared = [], 0, 0, []
    for path in files_of(arguments.paths):
        model, real = (pool(outcome(arguments.program, world, path, seed, arguments.cache)
                            for seed in arguments.seeds)
                       for world in worlds)
        rows = list(compare(model, real, slack))
        wrong += judge(path.stem, rows, arguments.verbose)
        compared += [{"scenario": path.stem, "gate": gate, "difference": by, "limit": limit}
                     for gate, _, _, by, limit in rows]
        missed += sum(abs(row[3]) > row[4] + 1e-9 for row in rows)
        count += 1
        if arguments.verbose:
            kinds = model[2] | real[2]
            print("      ", ", ".join(f"{kind} {model[2][kind]}/{real[2][kind]}"
                                      for kind in sorted(kinds)
                                      if abs(model[2][kind] - real[2][kind]) >
                                      MESSAGES * real[2][kind]))
        sys.stdout.flush()
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(compared))
    for line in wrong:
        print(line)
    print(f"{count} scenarios, {missed} gates missed, {len(wrong)} of them beyond what is known")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
