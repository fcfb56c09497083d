"""macula-node as a process: running nodes and one-shot commands.

    with Node(program, "--identity", "unbound") as node:
        node.port, node.id, node.metric("retries_sent_total")
    code, json, complaint = command(program, "ping", "--via", "127.0.0.1:9443")
"""

import json
import re
import subprocess
import time
import urllib.request

PATIENCE = 120  # a guard against hangs, however busy the machine is


class Node:
    def __init__(self, program, *arguments, verb=("run",)):
        running = ("--health", "127.0.0.1:0") if verb == ("run",) else ()
        self.process = subprocess.Popen(
            [program, *verb, "--listen", "127.0.0.1:0", *running, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.port = self.id = self.health = None
        if running:
            while not self.id:
                self._read(self.process.stdout.readline())
        else:
            self.said = self.process.stdout.readline()
            self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.said)[1])

    def _read(self, line):
        if not line:
            raise RuntimeError("a node did not start: " + self.process.stderr.read())
        if found := re.match(r"listening on 127\.0\.0\.1:(\d+)", line):
            self.port = int(found[1])
        if found := re.match(r"health on (http://[^/]+)/", line):
            self.health = found[1]
        if found := re.search(r"node (?:0x)?([0-9a-f]{64})", line):
            self.id = bytes.fromhex(found[1])

    def metric(self, name):
        with urllib.request.urlopen(self.health + "/metrics", timeout=PATIENCE) as page:
            text = page.read().decode()
        return int(re.search(rf"^macula_{name} (\d+)", text, re.M)[1])

    def metric_reaches(self, name, value):
        end = time.monotonic() + PATIENCE
        while self.metric(name) < value:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            _, self.complaints = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def command(program, *arguments):
    """(exit code, what it printed as JSON, its complaints)"""
    done = subprocess.run([program, *arguments, "--json"], capture_output=True, text=True,
                          timeout=PATIENCE)
    printed = done.stdout.strip()
    return done.returncode, json.loads(printed) if printed else None, done.stderr
