"""Makes the seeds: of the wire fuzzers from the vectors of the original encoder, of the datagram
fuzzer from headers of QUIC packets (RFC 9000, section 17)."""

from pathlib import Path

HERE = Path(__file__).parent
VECTORS = HERE.parent / "dht" / "wire" / "vectors" / "macula-v0.8-frames.tsv"


def write(folder, name, data):
    path = HERE / "corpus" / folder
    path.mkdir(parents=True, exist_ok=True)
    (path / name).write_bytes(data)


def main():
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
