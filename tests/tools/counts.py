"""Counts what the project is tested by, for README.md: python3 counts.py

What is counted is in the sources, not in a build, so that the numbers need nothing but a clone.
"""

import re

from sources import ROOT, sources

PROGRAM = ("base/", "transport/", "dht/", "sim/", "analysis/")
TEST_CASE = re.compile(r"^(?:TEST|TEST_F|TEST_P|TYPED_TEST)\(", re.MULTILINE)
PROPERTY = re.compile(r"^RC_GTEST_(?:FIXTURE_)?PROP\(", re.MULTILINE)
ASSERTION = re.compile(r"^\s.*\bMACULA_CHECK\(", re.MULTILINE)
EXPECTATION = re.compile(r"^\[\[expect\]\]", re.MULTILINE)


def texts(names):
    return [(ROOT / name).read_text(encoding="utf-8") for name in names]


def lines(names):
    return sum(text.count("\n") for text in texts(names))


def occurrences(pattern, names):
    return sum(len(pattern.findall(text)) for text in texts(names))


def counts():
    """{what: how many}, in the order of README.md."""
    code = sources(".h", ".cc")
    program = [name for name in code if name.startswith(PROGRAM)]
    tests = [name for name in code if name.startswith("tests/")]
    scenarios = [name for name in sources(".toml") if name.startswith("scenarios/")]
    return {
        "lines of C++ in the programs": lines(program),
        "assertions in them, which stay on in every build": occurrences(ASSERTION, program),
        "lines of C++ in the tests": lines(tests),
        "test cases": occurrences(TEST_CASE, tests),
        "properties, each tried on a hundred random inputs": occurrences(PROPERTY, tests),
        "wire frames with a known outcome, most by the original encoder":
            lines(sources("macula-v0.8-frames.tsv")) - 1,
        "scenario files": len(scenarios),
        "expectations in them": occurrences(EXPECTATION, scenarios),
        "known flaws that the tests must notice":
            len([name for name in sources(".patch") if name.startswith("tests/mutants/")]),
        "fuzzers": len([name for name in tests if name.endswith("_fuzz.cc")]),
    }


if __name__ == "__main__":
    for what, number in counts().items():
        print(f"{number:7} {what}")
