"""tshark reads what `macula-sim run --pcap` writes, with the dissector of analysis/wireshark.

    python3 captures.py --program bin/macula-sim run virtual virtual-quic
    python3 captures.py --program bin/macula-sim dissect [--seed N] [--frames N]

`run`: a run with losses, cuts and crashes in each of these worlds. Packet by packet a capture is
the trace of the same run: time, what became of it, nodes, their addresses, exchange, operation,
message and key; a part of it likewise, and a compressed one. The bytes of a message are one frame,
which is the message. Datagrams have IP and UDP headers with good checksums.

`dissect`: the vectors, every type, frames that are broken anywhere, and bytes of no sense are
dissected without an error of the dissector, which refuses what `macula-sim frame decode` refuses,
for the same reason.
"""

import argparse
import json
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile

from sources import ROOT

DISSECTOR = ROOT / "analysis" / "wireshark" / "macula.lua"
VECTORS = ROOT / "tests" / "dht" / "wire" / "vectors" / "macula-v0.8-frames.tsv"
LIMIT_S = 300  # far beyond what anything here takes
UPPER_PDU = 252
MOST_CAPTURED = 1 << 18
MOST_SHOWN = 40  # of what is wrong

SCENARIO = """[scenario]
schema = 1
name = "captured"
duration = "8s"
record = true
[protocol]
subnet_limit = 256
[latency]
default = "20ms"
loss = "4%"
[[node]]
name = "hub"
endpoint = "127.9.0.1:9443"
role = "bootstrap"
[[node]]
name = "other"
endpoint = "127.9.0.1:9444"
join = { via = "hub" }
[[group]]
name = "eu"
count = 6
join = { via = "hub", spread = "1s" }
[[at]]
t = "2s"
label = "write"
store = { by = "eu#1", key = "a", value = "1" }
[[at]]
t = "2500ms"
every = "100ms"
until = "7s"
label = "read"
find = { by = "any(eu)", key = "a", local = false }
[[at]]
t = "3s"
crash = "eu#5"
[[at]]
t = "3s"
every = "500ms"
until = "6s"
label = "in vain"
ping = { by = "eu#1", to = "eu#5", timeout = "300ms" }
[[at]]
t = "4s"
partition = { between = ["eu#2", "hub + eu#3 + eu#4"] }
[[at]]
t = "5s"
heal = "all"
"""
INTERFACES = {"sent": "sent", "request": "handed over", "message": "handed over",
              "reply": "handed over", "lost": "stopped", "cut": "stopped", "late": "stopped",
              "missed": "stopped"}


class Checks:
    def __init__(self):
        self.wrong = 0

    def that(self, holds, what, seen=""):
        if holds:
            return
        self.wrong += 1
        if self.wrong <= MOST_SHOWN:
            print(f"wrong: {what}" + (f"\n    {seen}" if seen != "" else ""))

    def same(self, seen, expected, what):
        self.that(seen == expected, what, f"{seen}, not {expected}")


def tshark(path, fields, *more):
    """The packets: a dictionary of these fields each, of which a packet may lack some."""
    command = ["tshark", "-n", "-X", f"lua_script:{DISSECTOR}", "-r", str(path), "-T", "fields",
               "-E", "separator=\t", "-E", "occurrence=a", *more]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return [dict(zip(fields, line.split("\t"))) for line in done.stdout.rstrip("\n").split("\n")]


# ----- runs -----

FIELDS = ["frame.time_epoch", "frame.interface_name", "frame.comment",
          "frame.packet_flags_direction", "macula.message", "macula.error", "macula.target",
          "macula.key", "macula.length", "frame.len", "exported_pdu.ipv4_src",
          "exported_pdu.ipv4_dst", "exported_pdu.src_port", "exported_pdu.dst_port", "ip.src",
          "ip.dst", "udp.srcport", "udp.dstport", "udp.length", "ip.checksum.status",
          "udp.checksum.status", "_ws.lua.error", "_ws.malformed"]
CHECKSUMS = ["-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]


def run(program, scenario, world, folder, *more):
    """The lines of the trace and the packets of the capture of one run."""
    trace, pcap = folder / f"{world}.jsonl", folder / f"{world}.pcapng.gz"
    command = [str(program), "run", str(scenario), "--world", world, "--trace", str(trace),
               "--pcap", str(pcap), "--quiet", *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    lines = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]
    return lines, tshark(pcap, FIELDS, *CHECKSUMS)


def comment(line):
    """A packet as it tells of itself; None: the line has no packet."""
    kind = line.get("fate", line["kind"])
    text = f"{kind} {line.get('from', 'nobody')} > {line.get('to', 'nobody')}"
    if "exchange" in line:
        text += f", exchange {line['exchange']}"
    if "chore" in line:
        text += f", chore {line['chore']}"
    for name in ("operation", "after"):
        if name in line:
            text += f", {name} {line[name]}"
    return text


def captured(lines, datagrams):
    """Those that have a packet. In the world `virtual` these are none that carry no message of
    nodes: handshakes and keepalives, of which nobody says that they are sent, and answers to a
    `connect`."""
    carry = {}
    for line in lines:
        if line["kind"] == "sent":
            carry[line["exchange"]] = line["message"]
        if "message" in line:
            yield line
        elif line["kind"] == "packet" and datagrams:
            yield line
        elif line["kind"] == "packet" and line["fate"] != "sent":
            message = carry.get(line["exchange"])
            answers = line["exchange"].rpartition("/")[0] != line["from"]
            if message is not None and not (message == "connect" and answers):
                yield line


def nanoseconds(text):
    seconds, fraction = text.split(".")
    return int(seconds) * 10**9 + int(fraction.ljust(9, "0"))


def check_message(checks, line, packet, where):
    checks.same(packet["macula.error"], "", f"{where}: a whole frame")
    if "message" in line:
        checks.same(packet["macula.message"], line["message"], f"{where}: the message")
    for key in ("target", "key"):
        if key in line and line["message"] != "relay":
            checks.same(packet[f"macula.{key}"].split(",")[0], line[key], f"{where}: its {key}")


def check_datagram(checks, packet, where):
    for field in ("ip.checksum.status", "udp.checksum.status"):
        checks.same(packet[field], "1", f"{where}: {field} is good")
    checks.same(int(packet["frame.len"]), int(packet["udp.length"]) + 20, f"{where}: its length")
    checks.that(int(packet["udp.length"]) > 8, f"{where}: it has bytes")


def check_addresses(checks, packet, line, known, prefix, ports):
    """A node has one address and port, whatever the packet."""
    for end, address, port in (("from", "src", ports[0]), ("to", "dst", ports[1])):
        place = (packet[f"{prefix}{address}"], packet[port])
        if end not in line:
            checks.same(place, ("", ""), f"nobody has no address, {line}")
            continue
        node = line[end]
        checks.same(place, known.setdefault(node, place), f"the address of {node}")


def compare(checks, world, lines, packets, known):
    """Packet by packet. How often each thing has happened."""
    datagrams = world != "virtual"
    seen = {}
    at = 0
    for line in captured(lines, datagrams):
        where = f"{world}, packet {at + 1}"
        if at == len(packets) or packets[at]["frame.comment"] != comment(line):
            checks.that(False, f"{where} is that of the line {line}",
                        packets[at] if at < len(packets) else "there is none")
            return seen
        packet = packets[at]
        at += 1
        kind = line.get("fate", line["kind"])
        is_datagram = line["kind"] == "packet" and datagrams
        interface = "datagrams" if is_datagram else INTERFACES[kind]
        seen[interface, kind] = seen.get((interface, kind), 0) + 1
        checks.same(packet["frame.interface_name"], interface, f"{where}: its interface")
        checks.same(nanoseconds(packet["frame.time_epoch"]), line["t"], f"{where}: its time")
        checks.same(int(packet["frame.packet_flags_direction"], 16),
                    1 if interface == "handed over" else 2, f"{where}: its direction")
        checks.same(packet["_ws.lua.error"], "", f"{where}: no error of the dissector")
        checks.same(packet["_ws.malformed"] if not is_datagram else "", "", f"{where}: well formed")
        if is_datagram:
            check_datagram(checks, packet, where)
            check_addresses(checks, packet, line, known, "ip.", ("udp.srcport", "udp.dstport"))
        else:
            check_message(checks, line, packet, where)
            check_addresses(checks, packet, line, known, "exported_pdu.ipv4_",
                            ("exported_pdu.src_port", "exported_pdu.dst_port"))
    checks.same(at, len(packets), f"{world}: packets that stand for a line, of all")
    return seen


def check_names(checks, program, scenario, folder):
    """Nodes stand under their names; those that share an address do not."""
    pcap = folder / "names.pcapng"
    subprocess.run([program, "run", str(scenario), "--pcap", str(pcap), "--quiet"], check=True,
                   timeout=LIMIT_S, capture_output=True)
    done = subprocess.run(["tshark", "-r", str(pcap), "-q", "-z", "hosts"], capture_output=True,
                          text=True, timeout=LIMIT_S, check=False)
    names = {words[1] for words in map(str.split, done.stdout.splitlines())
             if len(words) == 2 and words[0][0].isdigit()}
    checks.same(sorted(names), [f"eu#{i}" for i in range(6)], "the names of addresses")
    piped = subprocess.run([program, "run", str(scenario), "--pcap", "-", "--quiet"],
                           capture_output=True, timeout=LIMIT_S, check=True)
    checks.that(piped.stdout == pcap.read_bytes(), "--pcap - is the same, and nothing else")
    checks.that(b"1 passed" in piped.stderr, "people read the error stream", piped.stderr)


def check_runs(checks, program, worlds):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        scenario = folder / "captured.toml"
        scenario.write_text(SCENARIO, encoding="utf-8")
        for world in worlds:
            known = {}
            lines, packets = run(program, scenario, world, folder)
            seen = compare(checks, world, lines, packets, known)
            print(f"{world}: {len(packets)} packets, " +
                  ", ".join(f"{kind} {count}" for (_, kind), count in sorted(seen.items())))
            things = [("sent", "sent"), ("handed over", "request"), ("handed over", "reply"),
                      ("handed over", "message")]
            things += [("stopped" if world == "virtual" else "datagrams", fate)
                       for fate in ("lost", "cut", "missed")]
            things += [("datagrams", "sent")] if world != "virtual" else []
            for thing in things:
                checks.that(seen.get(thing, 0) > 0, f"{world} has some that are {thing}", seen)
            checks.that(len(set(known.values())) == len(known) > 6, "each node is elsewhere", known)
            lines, packets = run(program, scenario, world, folder, "--trace-only",
                                 "label=read,kind=sent,kind=reply")
            checks.that({line.get("kind") for line in lines} == {"sent", "reply", "end"},
                        f"{world}: a part of it")
            compare(checks, world, lines, packets, known)
            checks.that(len(packets) > 20, f"{world}: a part of it has packets", len(packets))
        check_names(checks, program, scenario, folder)


# ----- frames -----


def block(kind, body):
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def padded(data):
    return data + bytes(-len(data) % 4)


def write_capture(path, frames, cut=0):
    """A capture of these frames, of each of which `cut` bytes at its end are missing."""
    text = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
    text += block(1, struct.pack("<HHI", UPPER_PDU, 0, MOST_CAPTURED))
    head = struct.pack(">HH", 12, 8) + padded(b"macula") + bytes(4)
    parts = [text]
    for frame in frames:
        data = head + frame
        there = data[:min(len(data) - min(cut, len(frame)), MOST_CAPTURED)]
        parts.append(block(6, struct.pack("<IIIII", 0, 0, 0, len(there), len(data)) +
                           padded(there)))
    path.write_bytes(b"".join(parts))


def frame_of(number, payload):
    return bytes([1, number, 0, 0]) + struct.pack(">I", len(payload)) + payload


def broken(draw, frame):
    """The same, but for something."""
    data = bytearray(frame)
    for _ in range(draw.choice([1, 1, 2, 5])):
        at = draw.randrange(len(data)) if data else 0
        way = draw.randrange(4)
        if way == 0 and data:
            data[at] = draw.choice([0, 0x7f, 0x80, 0xc1, 0xc7, 0xd9, 0xdd, 0xdf, 0xff,
                                    draw.randrange(256)])
        elif way == 1:
            del data[at:at + draw.randrange(1, 9)]
        elif way == 2:
            data[at:at] = draw.randbytes(draw.randrange(1, 5))
        else:
            data = data[:at]
    if len(data) >= 8 and draw.random() < 0.5:  # the payload is as long as it says
        data[4:8] = struct.pack(">I", len(data) - 8)
    return bytes(data)


def any_value(draw, depth):
    """MessagePack, in all of its forms."""
    size = draw.choice([0, 1, 2, 5])
    if depth > 0 and draw.random() < 0.5:
        items = b"".join(any_value(draw, depth - 1) for _ in range(size))
        if draw.random() < 0.5:
            return draw.choice([bytes([0x90 + size]), b"\xdc" + struct.pack(">H", size),
                                b"\xdd" + struct.pack(">I", size)]) + items
        pairs = b"".join(bytes([0xc4, 1, 0x61 + i]) + any_value(draw, depth - 1)
                         for i in range(size))
        return draw.choice([bytes([0x80 + size]), b"\xde" + struct.pack(">H", size),
                            b"\xdf" + struct.pack(">I", size)]) + pairs
    text = draw.choice([b"plain", draw.randbytes(5), "zwölf".encode(), bytes(5)])[:size]
    return draw.choice([
        b"\xc0", b"\xc2", b"\xc3", bytes([draw.randrange(128)]), bytes([draw.randrange(224, 256)]),
        bytes([0xa0 + len(text)]) + text, b"\xc4" + bytes([len(text)]) + text,
        b"\xc5" + struct.pack(">H", len(text)) + text,
        b"\xc6" + struct.pack(">I", len(text)) + text,
        b"\xd9" + bytes([len(text)]) + text, b"\xda" + struct.pack(">H", len(text)) + text,
        b"\xdb" + struct.pack(">I", len(text)) + text,
        *(bytes([head]) + draw.randbytes(1 << bits) for head, bits in
          ((0xcc, 0), (0xcd, 1), (0xce, 2), (0xcf, 3), (0xd0, 0), (0xd1, 1), (0xd2, 2), (0xd3, 3),
           (0xca, 2), (0xcb, 3)))])


def frames_to_try(draw, count):
    vectors = [bytes.fromhex(line.split("\t")[2])
               for line in VECTORS.read_text(encoding="utf-8").splitlines()[1:]]
    deep = [bytes([0x91] * depth) + b"\x01" for depth in (31, 32, 33, 2000)]
    wide = [b"\xdd" + struct.pack(">I", size) + bytes(size) for size in (25_000, 262_000)]
    reals = [b"\xca" + text for text in (b"\x7f\x80\0\0", b"\xff\xc0\0\0", b"\x7f\x7f\xff\xff")]
    reals += [b"\xcb\x7f\xf0" + bytes(6), b"\xcb\xff\xf8" + bytes(6), b"\xcb\x7f\xef" + bytes(6)]
    keys = [b"\x81" + key + b"\x01" for key in (b"\xa0", b"\xc4\0", b"\xa1a", b"\x01", b"\xc0",
                                                b"\x90", b"\xc4\x02\xff\0", b"\xd9\x01<")]
    frames = vectors + [frame_of(number, b"\x80") for number in range(256)]
    frames += [frame_of(0x42, payload) for payload in deep + wide + reals + keys]
    frames.append(frame_of(0x42, bytes((1 << 20) + 1)))
    frames += [vectors[0] + other for other in vectors]
    while len(frames) < count:
        way = draw.randrange(3)
        if way == 0:
            frames.append(broken(draw, draw.choice(vectors)))
        elif way == 1:
            frames.append(frame_of(draw.choice([0x03, 0x42, 0x44]), any_value(draw, 4)))
        else:
            frames.append(draw.randbytes(draw.choice([0, 1, 7, 8, 9, 40])))
    return frames


def stated(program, frames):
    """Each as the program reads it: the types of its frames, and their faults."""
    parting = "no hex"
    text = "".join(f"{frame.hex()}\n{parting}\n" for frame in frames)
    done = subprocess.run([program, "frame", "decode"], input=text, capture_output=True, text=True,
                          timeout=LIMIT_S, check=False)
    said = []
    for line in done.stdout.rstrip("\n").split("\n"):  # and not where Unicode ends a line, too
        result = json.loads(line)
        if result.get("error") == "invalid_hex":
            # Nothing is said of an empty line.
            yield ",".join(filter(None, (one.get("type") for one in said))), \
                ",".join(filter(None, (one.get("error") for one in said))) if said \
                else "invalid_header"
            said = []
        else:
            said.append(result)


def check_frames(checks, program, draw, count):
    frames = frames_to_try(draw, count)
    fields = ["macula.message", "macula.error", "_ws.lua.error", "_ws.malformed"]
    faults = {}
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / "frames.pcapng"
        write_capture(path, frames)
        packets = tshark(path, fields)
        checks.same(len(packets), len(frames), "as many packets as frames")
        for frame, packet, (messages, fault) in zip(frames, packets, stated(program, frames)):
            what = frame[:60].hex() + (".." if len(frame) > 60 else "")
            checks.same(packet["macula.error"], fault, f"refused as the program does: {what}")
            if not fault:
                checks.same(packet["macula.message"], messages, f"the message of {what}")
                checks.same(packet["_ws.malformed"], "", f"well formed: {what}")
            checks.same(packet["_ws.lua.error"], "", f"no error: {what}")
            for one in fault.split(","):
                faults[one] = faults.get(one, 0) + 1
        for cut in (1, 3, 30):  # of a capture with shorter packets a part is judged
            write_capture(path, frames, cut)
            for frame, packet in zip(frames, tshark(path, fields)):
                checks.same(packet["_ws.lua.error"], "",
                            f"no error where {cut} bytes are missing: {frame[:60].hex()}")
    print(f"{len(frames)} frames: " +
          ", ".join(f"{fault or 'good'} {count}" for fault, count in sorted(faults.items())))
    checks.same(len(faults), 7, "kinds of faults, and none")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--frames", type=int, default=3000)
    parser.add_argument("what", choices=["run", "dissect"])
    parser.add_argument("worlds", nargs="*")
    options = parser.parse_args()
    if shutil.which("tshark") is None:
        sys.exit("captures.py: tshark is missing: apt-get install --no-install-recommends tshark")
    checks = Checks()
    if options.what == "run":
        check_runs(checks, options.program.resolve(), options.worlds)
    else:
        check_frames(checks, options.program.resolve(), random.Random(options.seed),
                     options.frames)
    if checks.wrong:
        sys.exit(f"{checks.wrong} wrong")


if __name__ == "__main__":
    main()
