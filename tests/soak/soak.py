"""Thirty real nodes under work while some of them are killed: nothing acknowledged is lost.

    python3 soak.py --program bin/macula-node [--nodes 30] [--seconds 120] [--seed 1]

Clients store and look up records all the time. Meanwhile 30 % of the nodes are killed (SIGKILL),
one after another, and restarted from their data folders a few seconds later. Ends with 1 unless
  - every record whose store ended with 0, and of whose holders one has lived on since, is found,
    with its value, from whatever node is asked;
  - nine out of ten stores were acknowledged;
  - the nodes that lived through grew by less than a bound in memory and in descriptors;
  - every node, asked by SIGTERM, ends with 0 in time.
"""

import argparse
import contextlib
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

KILLED_SHARE = 0.3
WORKERS = 3
CLIENT_TIMEOUT_S = 60  # guards against hangs, however busy the machine is
STOP_LIMIT_S = 120
GROWTH_KIB = 4096       # of resident memory from the middle of the run to its end
GROWTH_DESCRIPTORS = 4  # a monitor's or a client's may be open at the moment


class Node:
    """A node and its lives: each restart begins another."""

    def __init__(self, program, folder, number):
        self.program, self.number = program, number
        self.data = pathlib.Path(folder, f"node{number}")
        self.log = open(pathlib.Path(folder, f"node{number}.log"), "a", encoding="utf-8")
        self.endpoint, self.id, self.process = None, None, None
        self.life, self.alive = 0, False

    def start(self, bootstrap):
        command = [self.program, "run", "--listen", self.endpoint or "127.0.0.1:0",
                   "--health", "127.0.0.1:0", "--data", str(self.data)]
        if bootstrap:
            command += ["--bootstrap", *bootstrap]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        said = {}
        for line in self.process.stdout:
            words = line.split()
            said[words[0]] = words[-1]
            if "node" in words:
                self.id = words[-1]
                break
        self.endpoint = said["listening"]
        self.life += 1
        self.alive = True

    def kill(self):
        self.alive = False
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def memory_kib(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS"))

    def descriptors(self):
        return len(list(pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()))


class Record:
    def __init__(self, key, value, holders):
        self.key, self.value, self.holders = key, value, holders  # holders: (node, life)

    def live_holders(self):
        return [node for node, life in self.holders if node.alive and node.life == life]


class Soak:
    def __init__(self, program, nodes, seed):
        self.program, self.nodes = program, nodes
        self.by_id = {node.id: node for node in nodes}
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.records, self.problems = [], []
        self.stores = self.finds = self.skipped = 0
        self.stop = threading.Event()

    def client(self, *words):
        """The result of a client that asks a node that lives all the while; None: it did not."""
        with self.lock:
            via = self.random.choice([node for node in self.nodes if node.alive])
            life = via.life
        done = subprocess.run([self.program, *words, "--via", via.endpoint, "--json", "--timeout",
                               f"{CLIENT_TIMEOUT_S}s"], capture_output=True, text=True, check=False)
        if not via.alive or via.life != life:
            return None
        return done

    def store(self, number):
        key, value = f"key {number}", f"value {number}"
        lives = {node: node.life for node in self.nodes if node.alive}
        done = self.client("store", key, value)
        if done is None:
            return
        with self.lock:
            self.stores += 1
            if done.returncode == 0:
                ids = json.loads(done.stdout)["replicas"]
                holders = [(self.by_id[name], lives[self.by_id[name]]) for name in ids
                           if self.by_id[name] in lives]
                self.records.append(Record(key, value, holders))

    def find(self, record):
        done = self.client("find", record.key)
        # A holder that lives at the end has lived all the while.
        holders = record.live_holders()
        with self.lock:
            if done is None or not holders:
                self.skipped += 1
                return
            self.finds += 1
            found = done.returncode == 0 and record.value in json.loads(done.stdout)["values"]
            if not found:
                self.problems.append(f"'{record.key}' not found, with {len(holders)} holders "
                                     f"alive: {done.stderr.strip()}")

    def work(self, worker):
        number = worker
        while not self.stop.is_set():
            self.store(number)
            number += WORKERS
            for _ in range(2):
                with self.lock:
                    record = self.random.choice(self.records) if self.records else None
                if record and not self.stop.is_set():
                    self.find(record)


def kill_some(soak, victims, seconds):
    """Kills and restarts the victims one after another, evenly over the time."""
    begin = time.monotonic()
    for count, node in enumerate(victims, 1):
        time.sleep(max(0.0, begin + seconds * count / (len(victims) + 1) - time.monotonic()))
        with soak.lock:
            node.kill()
        time.sleep(soak.random.uniform(1, 4))
        others = [other.endpoint for other in soak.nodes if other.alive][:3]
        node.start(others)


def grown(nodes, before, problems):
    """Compares with the sample taken before; says how much the most grown one has."""
    most_kib = most_descriptors = 0
    for node, (kib, descriptors) in before.items():
        more_kib, more = node.memory_kib() - kib, node.descriptors() - descriptors
        most_kib, most_descriptors = max(most_kib, more_kib), max(most_descriptors, more)
        if more_kib > GROWTH_KIB or more > GROWTH_DESCRIPTORS:
            problems.append(f"node {node.number} has grown by {more_kib} KiB and by {more} "
                            "descriptors")
    largest = max(node.memory_kib() for node in nodes)
    print(f"growth at most {most_kib} KiB and {most_descriptors} descriptors; "
          f"largest node {largest} KiB")


def stop_all(nodes, problems):
    for node in nodes:
        node.process.send_signal(signal.SIGTERM)
    limit = time.monotonic() + STOP_LIMIT_S
    for node in nodes:
        try:
            code = node.process.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            code = "nothing in time"
        if code != 0:
            problems.append(f"node {node.number}, asked to stop, ended with {code}")


def run(arguments, folder):
    nodes = [Node(arguments.program, folder, number) for number in range(arguments.nodes)]
    try:
        for node in nodes:
            node.start([other.endpoint for other in nodes[:3] if other.alive and other is not node])
        soak = Soak(arguments.program, nodes, arguments.seed)
        victims = soak.random.sample(nodes, round(KILLED_SHARE * len(nodes)))
        survivors = [node for node in nodes if node not in victims]
        workers = [threading.Thread(target=soak.work, args=(i,)) for i in range(WORKERS)]
        for worker in workers:
            worker.start()
        killer = threading.Thread(target=kill_some, args=(soak, victims, arguments.seconds))
        killer.start()
        time.sleep(arguments.seconds / 2)
        before = {node: (node.memory_kib(), node.descriptors()) for node in survivors}
        time.sleep(arguments.seconds / 2)
        soak.stop.set()
        for thread in [*workers, killer]:
            thread.join()
        for record in soak.random.sample(soak.records, min(len(soak.records), 50)):
            soak.find(record)
        acknowledged = len(soak.records)
        print(f"{acknowledged} of {soak.stores} stores acknowledged, {soak.finds} lookups judged, "
              f"{soak.skipped} not; {len(victims)} nodes killed and restarted")
        if acknowledged < 0.9 * soak.stores or soak.finds < acknowledged or acknowledged == 0:
            soak.problems.append("too few stores were acknowledged, or too few lookups judged")
        soak.problems += [f"node {node.number} died: {node.process.returncode}"
                          for node in nodes if node.process.poll() is not None]
        grown(nodes, before, soak.problems)
        stop_all(nodes, soak.problems)
        return soak.problems
    finally:
        for node in nodes:
            with contextlib.suppress(ProcessLookupError, AttributeError):
                node.process.kill()
            node.log.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--nodes", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="macula-soak-") as folder:
        problems = run(arguments, folder)
    for problem in problems:
        print(problem)
    print("FAILED" if problems else "good")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
