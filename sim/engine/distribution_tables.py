#!/usr/bin/env python3
"""Writes distribution_tables.inc: `python3 distribution_tables.py > distribution_tables.inc`.

What the entries mean stands in distribution_tables.h. Run by hand and committed: a build needs no
Python. Every value is a correctly rounded integer as long as the host's libm is good to 1e-14.
"""
import math
from statistics import NormalDist

INTERVALS = 1024  # of log2 and exp2
OCTAVES = 64      # of the normal tail
STEPS = 64        # in each octave


def table(name, values):
    print(f"inline constexpr std::uint32_t {name}[{len(values)}] = {{")
    for at in range(0, len(values), 8):
        print("    " + ", ".join(str(value) for value in values[at:at + 8]) + ",")
    print("};")


def main():
    print("// Written by distribution_tables.py; do not edit.")
    print("// clang-format off")
    points = [i / INTERVALS for i in range(INTERVALS + 1)]
    table("kLog2Excess", [round((math.log2(1 + x) - x) * 2**35) for x in points])
    table("kExp2Shortfall", [round((1 + x - 2**x) * 2**35) for x in points])
    normal = NormalDist()
    tail = [2.0**(octave - 65) * (1 + step / STEPS)
            for octave in range(OCTAVES) for step in range(STEPS)] + [0.5]
    table("kNormalTail", [round(-normal.inv_cdf(share) * 2**28) for share in tail])
    print("// clang-format on")


main()
