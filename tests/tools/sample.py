"""Prints COUNT of the lines of standard input, drawn by SEED: sample.py COUNT SEED <names

A line is drawn by what it says, never by where it stands: one that is added changes the draw of no
other. The lines keep their order.
"""

import hashlib
import sys


def sample(lines, count, seed):
    """COUNT of the lines, in their order."""
    def rank(line):
        return hashlib.sha256(f"{seed} {line}".encode()).digest()
    drawn = set(sorted(set(lines), key=rank)[:count])
    return [line for line in lines if line in drawn]


if __name__ == "__main__":
    for line in sample(sys.stdin.read().splitlines(), int(sys.argv[1]), sys.argv[2]):
        print(line)
