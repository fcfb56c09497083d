"""Makes the seeds of the wire fuzzers from the vectors of the original encoder."""

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


if __name__ == "__main__":
    main()
