"""Frames for the tests: those that the original encoder made, and a few of our own, by hand.

    VECTORS["ping"]                     # bytes of tests/dht/wire/vectors
    frame(PONG, {"timestamp": 1, "server_time": 2})
    split(stream)                       # [(type, map)] of whole frames
"""

import csv
import pathlib

FILE = pathlib.Path(__file__).parents[1] / "dht/wire/vectors/macula-v0.8-frames.tsv"
CONNECT, PING, PONG, CALL, REPLY, RPC_ROUTE = 0x01, 0x03, 0x04, 0x20, 0x21, 0x23
FIND_NODE, FIND_NODE_REPLY, STORE, FIND_VALUE, FIND_VALUE_REPLY = 0x40, 0x41, 0x42, 0x43, 0x44
HEADER = 8


def read_vectors():
    with FILE.open(newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["name"]: bytes.fromhex(row["frame_hex"] or "") for row in rows}


VECTORS = read_vectors()


def pack(value):
    """MessagePack as Macula writes it: every text is bytes, keys are sorted."""
    if isinstance(value, dict):
        assert len(value) < 16
        items = sorted((key.encode(), item) for key, item in value.items())
        return bytes([0x80 | len(items)]) + b"".join(pack(key) + pack(item) for key, item in items)
    if isinstance(value, list):
        assert len(value) < 16
        head = 0x90 | len(value) if value else 0xa0
        return bytes([head]) + b"".join(pack(item) for item in value)
    if isinstance(value, int):
        for limit, head, size in ((0x80, b"", 1), (1 << 16, b"\xcd", 2), (1 << 64, b"\xcf", 8)):
            if value < limit:
                return head + value.to_bytes(size, "big")
    data = value.encode() if isinstance(value, str) else value
    size = len(data)
    head = b"\xc4" + bytes([size]) if size < 256 else b"\xc5" + size.to_bytes(2, "big")
    return head + data


def unpack(data, at=0):
    """(value, where it ends); texts come back as bytes, keys as str."""
    head = data[at]
    at += 1
    if head < 0x80:
        return head, at
    if 0x80 <= head < 0x90:
        result = {}
        for _ in range(head & 15):
            key, at = unpack(data, at)
            result[key.decode()], at = unpack(data, at)
        return result, at
    if 0x90 <= head < 0xa0:
        items = []
        for _ in range(head & 15):
            item, at = unpack(data, at)
            items.append(item)
        return items, at
    if head == 0xa0:
        return [], at
    if head in (0xc0, 0xc2, 0xc3):
        return {0xc0: None, 0xc2: False, 0xc3: True}[head], at
    if head in (0xc4, 0xc5, 0xc6):
        size = 1 << (head - 0xc4)
        end = at + size + int.from_bytes(data[at:at + size], "big")
        return data[at + size:end], end
    if 0xcc <= head <= 0xcf:
        size = 1 << (head - 0xcc)
        return int.from_bytes(data[at:at + size], "big"), at + size
    raise ValueError(f"unexpected byte {head:#x}")


def frame(kind, fields):
    payload = pack(fields)
    return bytes([1, kind, 0, 0]) + len(payload).to_bytes(4, "big") + payload


def split(stream):
    frames = []
    while len(stream) >= HEADER:
        end = HEADER + int.from_bytes(stream[4:HEADER], "big")
        if len(stream) < end:
            break
        frames.append((stream[1], unpack(stream[HEADER:end])[0]))
        stream = stream[end:]
    return frames
