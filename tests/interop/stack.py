"""The independent QUIC stack (stack.mjs) as an object: connections, streams, listeners.

    stack = Stack(folder)                         # with node_modules
    up = stack.dial(port, identity)               # {"on": "up"|"refused", "connection", "peer", ..}
    answer = stack.exchange(up["connection"], [b"bytes"])    # Answer: data, ended, broken
    port = stack.listen(identity, serve)          # serve(frame type, fields) -> bytes | None
"""

import hashlib
import json
import pathlib
import subprocess
import threading
import time

import frames

HERE = pathlib.Path(__file__).parent
PATIENCE = 120


class Identity:
    """An Ed25519 key with a certificate that it has signed itself."""

    def __init__(self, folder, name):
        key, cert = folder / f"{name}.key", folder / f"{name}.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "30",
                        "-subj", f"/CN={name}", "-keyout", key, "-out", cert],
                       check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
                                check=True, capture_output=True).stdout
        self.key, self.cert = key.read_text(), cert.read_text()
        self.id = hashlib.sha256(public).digest()


class Answer:
    def __init__(self):
        self.data, self.ended, self.broken = b"", False, False

    @property
    def frames(self):
        return frames.split(self.data)


class Stack:
    def __init__(self, modules):
        script = modules / "stack.mjs"
        script.write_bytes((HERE / "stack.mjs").read_bytes())  # it looks for packages beside it
        self.process = subprocess.Popen(["node", script], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True)
        self.news = threading.Condition()
        self.events = []      # everything but stream data
        self.streams = {}     # number: Answer
        self.servers = {}     # ask: serve
        self.of_server = {}   # connection: ask of its server
        self.asked = 0
        self.ours = set()     # streams opened here
        threading.Thread(target=self._listen_to, daemon=True).start()

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)

    def order(self, **order):
        with self.news:
            self.asked += 1
            number = order["ask"] = self.asked
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
        return number

    def wait(self, found, patience=PATIENCE):
        """The result of `found`, once that is something; None when patience is over."""
        end = time.monotonic() + patience
        with self.news:
            while not (result := found()):
                left = end - time.monotonic()
                if left <= 0 or not self.news.wait(left):
                    return found() or None
            return result

    def event(self, patience=PATIENCE, **wanted):
        def first():
            return next((event for event in self.events
                         if all(event.get(key) == value for key, value in wanted.items())), None)
        return self.wait(first, patience)

    def count(self, **wanted):
        with self.news:
            return sum(all(event.get(key) == value for key, value in wanted.items())
                       for event in self.events)

    def start_dial(self, port, identity, **options):
        if identity:
            options |= {"cert": identity.cert, "key": identity.key}
        return self.order(do="dial", host="127.0.0.1", port=port, **options)

    def dial(self, port, identity, judged=False, **options):
        """The event `up` or `refused`. With `judged`, an error told right after `up` makes it
        refused, too: TLS 1.3 lets a client go on before its certificate has been judged."""
        ask = self.start_dial(port, identity, **options)
        event = self.wait(lambda: next((event for event in self.events if event.get("ask") == ask
                                        and event["on"] in ("up", "refused")), None))
        if event and event["on"] == "up" and judged:
            error = self.event(patience=2, on="error", connection=event["connection"])
            return error | {"on": "refused"} if error else event
        return event

    def open(self, connection, chunks, fin=True, pause=0):
        ask = self.order(do="open", connection=connection, fin=fin, pause=pause,
                         chunks=[chunk.hex() for chunk in chunks])
        opened = self.event(on="opened", ask=ask)
        return self._stream(opened["stream"])

    def exchange(self, connection, chunks, pause=0, patience=PATIENCE):
        answer = self.open(connection, chunks, pause=pause)
        self.wait(lambda: answer.ended or answer.broken, patience)
        return answer

    def exchange_many(self, connection, messages):
        """Each on a stream of its own, all at once."""
        asks = {self.order(do="open", connection=connection, fin=True, chunks=[message.hex()])
                for message in messages}
        number = {}

        def all_open():
            number.update((event["ask"], event["stream"]) for event in self.events
                          if event["on"] == "opened" and event["ask"] in asks)
            return len(number) == len(asks)
        self.wait(all_open)
        answers = [self._stream(number[ask]) for ask in sorted(asks) if ask in number]
        self.wait(lambda: all(answer.ended or answer.broken for answer in answers))
        return answers

    def listen(self, identity, serve, **options):
        ask = self.order(do="listen", cert=identity.cert, key=identity.key, **options)
        self.servers[ask] = serve
        return ask, self.event(on="listening", ask=ask)["port"]

    def send(self, connection, message):
        """One-way, without waiting: usable from a `serve`."""
        self.order(do="open", connection=connection, fin=True, chunks=[message.hex()])

    def _stream(self, number):
        with self.news:
            return self.streams.setdefault(number, Answer())

    def _listen_to(self):
        for line in self.process.stdout:
            event = json.loads(line)
            with self.news:
                self._take(event)
                self.news.notify_all()

    def _take(self, event):
        kind = event["on"]
        if kind not in ("data", "end", "broken"):
            self.events.append(event)
            if kind == "up" and "server" in event:
                self.of_server[event["connection"]] = event["server"]
            if kind == "opened":
                self.ours.add(event["stream"])
            return
        stream = self.streams.setdefault(event["stream"], Answer())
        stream.data += bytes.fromhex(event.get("hex", ""))
        stream.ended = stream.ended or kind == "end"
        stream.broken = stream.broken or kind == "broken"
        server = self.of_server.get(event["connection"])
        if kind == "end" and server is not None and event["stream"] not in self.ours:
            self._serve(event, self.servers[server], stream)

    def _serve(self, event, serve, stream):
        answers = [serve(event["connection"], kind, fields) for kind, fields in stream.frames]
        self.asked += 1
        order = {"do": "write", "ask": self.asked, "stream": event["stream"], "fin": True,
                 "chunks": [answer.hex() for answer in answers if answer]}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
