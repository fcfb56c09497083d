"""macula-node and an independent QUIC stack (quiche with BoringSSL), both ways.

    tests/interop/run.py --program bin/macula-node --modules build/interop

Prints a line for each check; ends with 1 if any failed. `--modules` is a folder in which npm has
installed tests/interop/package.json.
"""

import argparse
import pathlib
import socket
import sys
import tempfile

import frames
from frames import VECTORS, frame
from nodes import Node, command
from stack import Answer, Identity, Stack

STREAMS = 1000
AT_ONCE = 100           # routed calls: the package is slow to answer many streams
HALF_OPEN = 80          # more than the 64 above which a node asks for a token
BAD_CERTIFICATE = 0x12a
NO_PROTOCOL = 0x178     # no application protocol in common
PROCEDURE = "test.calculator.add"
PROVIDER = frames.split(VECTORS["store_provider"])[0][1]["value"]


class Checks:
    def __init__(self):
        self.failed = self.done = 0

    def __call__(self, what, holds, seen=None):
        self.done += 1
        self.failed += not holds
        print(f"ok   {what}" if holds else f"FAIL {what}: {seen!r}", flush=True)


class Bench:
    """The parts that all groups of checks use."""

    def __init__(self, program, stack, folder):
        self.check, self.program, self.stack = Checks(), program, stack
        self.folder, self.names = folder, 0

    def identity(self):
        self.names += 1
        return Identity(self.folder, f"peer{self.names}")

    def command(self, *arguments):
        return command(self.program, *arguments)

    def node(self, *arguments, **options):
        return Node(self.program, *arguments, **options)


def connect_of(identity, port=None):
    fields = {"version": "1.0", "node_id": identity.id, "realm_id": bytes(32), "capabilities": []}
    return frame(frames.CONNECT, fields | ({"endpoint": f"127.0.0.1:{port}"} if port else {}))


def pong(fields):
    return frame(frames.PONG, {"timestamp": fields["timestamp"], "server_time": 1})


# ----- quiche dials -----

def check_handshakes(bench):
    check, stack, me = bench.check, bench.stack, bench.identity()
    with bench.node() as node:
        up = stack.dial(node.port, me, expected=node.id.hex())
        check("mutual TLS with Ed25519, ALPN macula", up["on"] == "up", up)
        check("the node's id is the hash of its key", up.get("peer") == node.id.hex(), up)
        pings = [frame(frames.PING, {"timestamp": number}) for number in range(STREAMS)]
        answers = stack.exchange_many(up["connection"], pings)
        right = sum(answer.ended and [found["timestamp"] for _, found in answer.frames] == [number]
                    for number, answer in enumerate(answers))
        check(f"{STREAMS} streams to the node are answered, each with its own PONG",
              right == STREAMS, right)
        for what, options, identity, code in (
                ("another identity than expected", {"expected": "00" * 32}, me, BAD_CERTIFICATE),
                ("another ALPN", {"alpn": "h3"}, me, NO_PROTOCOL)):
            refused = stack.dial(node.port, identity, judged=True, **options)
            check(f"{what}: refused with {code:#x}",
                  refused["on"] == "refused" and refused.get("code") == code, refused)
        # TLS 1.3 lets a client believe that it is connected before its certificate is judged.
        done = node.metric("handshakes_total")
        nobody = stack.dial(node.port, None)
        answer = (stack.exchange(nobody["connection"], [VECTORS["ping"]], patience=1)
                  if nobody["on"] == "up" else Answer())
        check("no certificate: no handshake is completed and nothing is answered",
              not answer.data and node.metric("handshakes_total") == done, answer.data)
        still = stack.exchange(up["connection"], [VECTORS["ping"]])
        check("the first connection has not noticed", still.ended, still.data)


def check_retry(bench):
    check, stack = bench.check, bench.stack
    with bench.node() as node, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as between:
        # Only the first datagram of each handshake reaches the node: half-open for good.
        between.bind(("127.0.0.1", 0))
        between.settimeout(120)
        me = bench.identity()
        for _ in range(HALF_OPEN):
            stack.start_dial(between.getsockname()[1], me, patience=3000)
        dialling = set()
        while len(dialling) < HALF_OPEN:
            datagram, sender = between.recvfrom(2048)
            if sender[1] != node.port and sender not in dialling:
                dialling.add(sender)
                between.sendto(datagram, ("127.0.0.1", node.port))
        check(f"{HALF_OPEN} half-open handshakes: Retry is sent",
              node.metric_reaches("retries_sent_total", 1), node.metric("retries_sent_total"))
        before = node.metric("retries_sent_total")
        up = stack.dial(node.port, me)
        check("under load a handshake goes through Retry",
              up["on"] == "up" and node.metric("retries_sent_total") > before, up)
        answer = stack.exchange(up["connection"], [VECTORS["ping"]])
        check("and is served", len(answer.frames) == 1, answer.data)


# ----- frames of the original encoder -----

def check_frames(bench):
    check, stack = bench.check, bench.stack
    with bench.node() as node:
        up = stack.dial(node.port, bench.identity())["connection"]

        def served(name, kind, test, chunks=None):
            answer = stack.exchange(up, chunks or [VECTORS[name]])
            found = answer.frames
            check(f"{name}: answered", [each for each, _ in found] == kind and test(found), found)
        served("ping", [frames.PONG], lambda found: found[0][1]["timestamp"] == 1700000000000)
        served("find_node", [frames.FIND_NODE_REPLY], lambda found: "nodes" in found[0][1])
        served("find_value", [frames.FIND_VALUE_REPLY],
               lambda found: found[0][1]["result"] == b"nodes")
        stored = stack.exchange(up, [VECTORS["store_provider"]])
        check("store_provider: taken without an answer", stored.ended and not stored.data,
              stored.data)
        served("find_value", [frames.FIND_VALUE_REPLY],
               lambda found: found[0][1].get("value") == [PROVIDER])
        served("call", [frames.REPLY], lambda found: found[0][1]["error"]["code"] == b"not_found")
        served("rpc_route_call", [frames.RPC_ROUTE],
               lambda found: found[0][1]["payload"]["error"]["code"] == b"no_route")
        three = VECTORS["ping"] + VECTORS["find_node"] + VECTORS["call"]
        kinds = [frames.PONG, frames.FIND_NODE_REPLY, frames.REPLY]
        served("three frames in one write", kinds, lambda found: True, [three])
        served("three frames in pieces of 7 bytes", kinds, lambda found: True,
               [three[at:at + 7] for at in range(0, len(three), 7)])
        for name in ("bad_version_2", "bad_type_ff", "bad_msgpack_c1", "bad_truncated_payload"):
            answer = stack.exchange(up, [VECTORS[name]], patience=2)
            check(f"{name}: refused", not answer.data, answer.data)
        served("ping", [frames.PONG], lambda found: True)
        forged = stack.exchange(up, [VECTORS["connect"]], patience=2)
        check("connect on a connection that is in use: refused", not forged.data, forged.data)
        other = stack.dial(node.port, bench.identity())["connection"]
        stack.open(other, [VECTORS["connect"]])
        closed = stack.event(on="error", connection=other)
        check("connect with an id that is not the certificate's: the connection ends with code 4",
              bool(closed) and closed.get("code") == 4, closed)
        check("and is counted", node.metric("identities_refused_total") == 1)
    with bench.node("--identity", "unbound") as node:
        up = stack.dial(node.port, bench.identity())["connection"]
        answer = stack.exchange(up, [VECTORS["connect"]])
        check("connect to an unbound node: answered with PONG",
              [kind for kind, _ in answer.frames] == [frames.PONG], answer.data)
        own = stack.exchange(up, [VECTORS["find_node"]]).frames[0][1]["nodes"]
        check("an answer never names its asker", own == [], own)
        asker = stack.dial(node.port, bench.identity())["connection"]
        found = stack.exchange(asker, [VECTORS["find_node"]]).frames[0][1]["nodes"]
        caller = frames.split(VECTORS["connect"])[0][1]["node_id"]
        # It says to listen where it was not reached, and answers no ping.
        check("nor a caller that has answered nothing yet",
              caller not in [each["node_id"] for each in found], found)


def check_calls(bench):
    check, stack = bench.check, bench.stack
    adds = "python3 -c 'import json,sys; a=json.load(sys.stdin); print(a[\"a\"]+a[\"b\"])'"
    with bench.node() as node, bench.node("--via", f"127.0.0.1:{node.port}", "--exec", adds,
                                          verb=("advertise", PROCEDURE)) as provider:
        up = stack.dial(provider.port, bench.identity())["connection"]
        answer = stack.exchange(up, [VECTORS["call"]])
        check("call: answered with the very bytes of the original's reply_ok",
              answer.data == VECTORS["reply_ok"], answer.data)


# ----- macula-node dials -----

class Served:
    """A quiche listener: its answers to a node, and what it was asked."""

    def __init__(self, stack, identity, claims=None, **options):
        self.stack, self.identity, self.claims = stack, identity, claims or identity
        self.asked, self.stored, self.provider = [], {}, None
        self.ask, self.port = stack.listen(identity, self.serve, **options)
        self.via = ("--via", f"127.0.0.1:{self.port}", "--timeout", "60s")

    def serve(self, connection, kind, fields):
        self.asked.append(kind)
        if kind == frames.CONNECT:
            self.stack.send(connection, connect_of(self.claims, self.port))
            return pong({"timestamp": 0})
        if kind == frames.PING:
            return pong(fields)
        if kind == frames.STORE:
            self.stored[fields["key"]] = fields["value"]
        if kind == frames.FIND_NODE:
            return VECTORS["find_node_reply_empty"]
        if kind == frames.FIND_VALUE:
            return self.find_value(fields["key"])
        if kind == frames.RPC_ROUTE:
            call = fields["payload"]
            result = {"call_id": call["call_id"], "result": call["args"]}
            return frame(frames.RPC_ROUTE, fields | {
                "destination_node_id": fields["source_node_id"], "payload_type": "reply",
                "source_node_id": fields["destination_node_id"], "hop_count": 1, "payload": result})
        return None

    def find_value(self, key):
        value = [self.stored[key]] if key in self.stored else self.provider
        if value is None:
            return VECTORS["find_value_reply_value"]
        return frame(frames.FIND_VALUE_REPLY,
                     {"type": "find_value_reply", "result": "value", "value": value})


def check_commands(bench):
    check, stack = bench.check, bench.stack
    server = Served(stack, bench.identity())
    code, said, _ = bench.command("ping", *server.via)
    check("ping: mutual TLS, the peer's id is the hash of its key",
          code == 0 and said["node_id"].removeprefix("0x") == server.identity.id.hex(), said)
    check("after a Retry of the peer", stack.count(on="token", server=server.ask, good=True) >= 1)
    client = stack.event(on="up", server=server.ask)
    check("the node has shown a certificate", len(client["peer"]) == 64, client)
    code, said, _ = bench.command("store", "colour", "green", *server.via)
    check("store: the value is at the peer and is read back",
          code == 0 and list(server.stored.values()) == [b"green"], (said, server.stored))
    code, said, _ = bench.command("discover", PROCEDURE, *server.via)
    providers = [(each["node_id"].removeprefix("0x"), each["endpoint"])
                 for each in (said or {}).get("providers", [])]
    check("discover: the original's find_value_reply is understood",
          providers == [(PROVIDER["node_id"].hex(), PROVIDER["endpoint"].decode())], said)


def check_refusals(bench):
    check, stack = bench.check, bench.stack
    wrong = Served(stack, bench.identity(), alpn="h3")
    code, said, _ = bench.command("ping", *wrong.via)
    check("a peer with another ALPN: unreachable", code == 1, said)
    check("it was asked nothing", wrong.asked == [], wrong.asked)
    forger = Served(stack, bench.identity(), claims=bench.identity())
    stranger = Served(stack, bench.identity())
    stranger.provider = [{"node_id": bench.identity().id, "metadata": {},
                          "endpoint": f"127.0.0.1:{forger.port}"}]
    code, said, complaint = bench.command("call", PROCEDURE, "{}", *stranger.via)
    check("a provider with another key than its record says: refused and reported",
          code == 1 and "refused" in complaint, (said, complaint))
    check("it was asked nothing", forger.asked == [], forger.asked)
    check("no connection to it came up", stack.count(on="up", server=forger.ask) == 0)
    code, said, complaint = bench.command("ping", *forger.via)
    check("a peer whose CONNECT claims another id: refused and reported",
          "refused" in complaint, (said, complaint))


def check_relay(bench):
    """Through a node from quiche to quiche: as many streams either way."""
    check, stack, me = bench.check, bench.stack, bench.identity()
    with bench.node() as node:
        far = Served(stack, bench.identity())
        up = stack.dial(node.port, far.identity)["connection"]
        stack.of_server[up] = far.ask  # streams that the node opens here are served, too
        stack.exchange(up, [connect_of(far.identity, far.port)])
        stack.exchange(up, [VECTORS["ping"]])  # a peer that asks enters the node's table
        asker = stack.dial(node.port, me)["connection"]
        routes = [frame(frames.RPC_ROUTE, {
            "destination_node_id": far.identity.id, "source_node_id": me.id, "hop_count": 1,
            "max_hops": 10, "payload_type": "call",
            "payload": {"procedure": PROCEDURE, "args": str(number), "timeout": 20000,
                        "call_id": number.to_bytes(16, "big")}}) for number in range(STREAMS)]
        answers = []
        for at in range(0, STREAMS, AT_ONCE):
            answers += stack.exchange_many(asker, routes[at:at + AT_ONCE])
        right = sum([fields["payload"].get("result") for _, fields in answer.frames]
                    == [str(number).encode()] for number, answer in enumerate(answers))
        check(f"{STREAMS} streams from the node are answered: routed calls, each with its result",
              right == STREAMS, (right, answers[0].frames, len(far.asked)))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--modules", type=pathlib.Path, required=True)
    parser.add_argument("--only", help="the group of checks with this name")
    options = parser.parse_args()
    groups = {"handshakes": check_handshakes, "retry": check_retry, "frames": check_frames,
              "calls": check_calls, "commands": check_commands, "refusals": check_refusals,
              "relay": check_relay}
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(options.modules)
        bench = Bench(options.program.resolve(), stack, pathlib.Path(folder))
        try:
            for name, group in groups.items():
                if options.only in (None, name):
                    print(f"-- {name}", flush=True)
                    group(bench)
        finally:
            stack.close()
    print(f"{bench.check.done} checks, {bench.check.failed} failed")
    return 1 if bench.check.failed or bench.check.done == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
