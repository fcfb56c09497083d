"""Makes the seeds: those of the wire fuzzers from the vectors of the original encoder and from
messages with what is told beside a record, those of the datagram fuzzer from headers of QUIC
packets (RFC 9000, section 17)."""

from pathlib import Path

HERE = Path(__file__).parent
VECTORS = HERE.parent / "dht" / "wire" / "vectors" / "macula-v0.8-frames.tsv"


def write(folder, name, data):
    path = HERE / "corpus" / folder
    path.mkdir(parents=True, exist_ok=True)
    (path / name).write_bytes(data)


def packed(value):
    """MessagePack as Macula writes it; maps and lists of at most 15."""
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return bytes([0xce]) + value.to_bytes(4, "big")
    if isinstance(value, bytes):
        return bytes([0xc4, len(value)]) + value
    if isinstance(value, list):
        return bytes([0x90 + len(value)]) + b"".join(packed(each) for each in value)
    return bytes([0x80 + len(value)]) + b"".join(
        packed(key.encode()) + packed(value[key]) for key in sorted(value))


def records():
    """Messages of records, of which all is told that may be: type byte and payload."""
    told = {"lifetime": 300000, "ttl": 200000}
    signed = {**told, "owner": bytes(32), "sequence": 7, "signature": bytes(64)}
    key = bytes(range(32))
    return {
        "store_told": (0x42, {"type": b"store", "key": key, "value": b"v", **told}),
        "store_signed": (0x42, {"type": b"store", "key": key, "value": b"v", **signed}),
        "store_withdrawn": (0x42, {"key": key, "value": b"v", "withdrawn": True, **signed}),
        "find_value_reply_told": (0x44, {
            "type": b"find_value_reply", "result": b"value", "value": [b"v", b"w", b"x"],
            "records": [told, signed, {}], "withdrawn": [{**signed, "value": b"y"}]}),
        "find_value_reply_withdrawn": (0x44, {
            "type": b"find_value_reply", "result": b"nodes", "nodes": [],
            "withdrawn": [{**signed, "value": b"y", "withdrawn": True}]}),
        "find_value_reply_copy": (0x44, {
            "type": b"find_value_reply", "result": b"nodes", "nodes": [], "copy": True}),
        "store_refused": (0x49, {"key": key, "reason": b"share"}),
        "leave_copy": (0x4a, {
            "key": key, "keep": 5000,
            "records": [{**signed, "value": b"v"}, {**told, "value": b"w"}]}),
    }


def main():
    for name, (kind, message) in records().items():
        payload = packed(message)
        frame = bytes([1, kind, 0, 0]) + len(payload).to_bytes(4, "big") + payload
        write("frame_fuzz", name, frame)
        write("frame_reader_fuzz", name, bytes([16]) + frame + frame)
        write("payload_fuzz", name, bytes([kind]) + payload)
    for line in VECTORS.read_text(encoding="ascii").splitlines()[1:]:
        name, _, hex_digits, _ = line.split("\t")
        frame = bytes.fromhex(hex_digits)
        write("frame_fuzz", name, frame)
        write("frame_reader_fuzz", name, bytes([16]) + frame + frame)
        if len(frame) > 8:
            write("payload_fuzz", name, frame[1:2] + frame[8:])
    version, unknown = bytes([0, 0, 0, 1]), bytes([0x1a, 0x2a, 0x3a, 0x4a])
    ids = bytes([8, *range(8), 8, *range(8, 16)])
    body = bytes(1200)
    datagrams = {
        "short": bytes([0x41, *range(40)]),
        "initial": bytes([0xc3]) + version + ids + bytes([0, 0x44, 0xa0]) + body,
        "initial_token": bytes([0xc3]) + version + ids + bytes([4, 0xb6, 1, 2, 3, 0x44, 0xa0])
        + body,
        "handshake": bytes([0xe3]) + version + ids + bytes([0x44, 0xb0]) + body,
        "zero_rtt": bytes([0xd3]) + version + ids + bytes([0x44, 0xb0]) + body,
        "unknown_version": bytes([0xc3]) + unknown + ids + body,
        "long_ids": bytes([0xc3]) + unknown + bytes([255]) + bytes(255) + bytes([255]) + body,
        "negotiation": bytes([0x80, 0, 0, 0, 0]) + ids + unknown,
    }
    for name, datagram in datagrams.items():
        write("datagram_fuzz", f"stranger_{name}", bytes([0]) + datagram)
        write("datagram_fuzz", f"retry_{name}", bytes([129]) + datagram)
        write("datagram_fuzz", f"peer_{name}", bytes([1]) + datagram)
    write("datagram_fuzz", "first_unchanged", bytes([2]))
    write("datagram_fuzz", "first_changed", bytes([2, 0, 0, 0x10, 0, 30, 0xff, 4, 0, 1]))
    write("datagram_fuzz", "first_retry", bytes([128]))


if __name__ == "__main__":
    main()
