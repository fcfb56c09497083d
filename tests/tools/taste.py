"""House rules that no compiler checks: prints violations as file:line: what; ends with 1 if any."""

import re
import sys

from sources import ROOT, sources

COLUMNS = 100
LINES = 400
CODE = (".h", ".cc")
SCRIPTS = (".py", ".sh", "dev", ".ci/run", "CMakeLists.txt")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
# Names that would make a run depend on something besides its file and its seed. Only sim/cli may
# look at the clock, to tell people how long a run took; and sockets and real nodes live by it.
REAL = ("dht/quic/udp/", "dht/quic/node/")
UNREPEATABLE = {
    "transport/ dht/ base/ "
    "sim/engine/ sim/net/ sim/scenario/ sim/file/ sim/run/ sim/macula/": re.compile(
        r"std::(shuffle|sample|random_device|mt19937|\w+_distribution|rand|thread|this_thread)\b"
        r"|std::chrono::(system|steady|high_resolution)_clock"
        r"|#include <(random|thread|ctime)>"),
}

COMMENT = re.compile(r"^\s*//\s?(.*)$")
# A sentence begins with its subject, and no subordinate clause is one.
NO_SUBJECT = re.compile(r"(Who|Whom|Whose|What|Of) (?!.*\?$)")


def sentences(lines):
    """(line, sentence) of the comments that have lines of their own."""
    words, begin = "", 0
    for number, line in enumerate([*lines, ""], 1):
        match = COMMENT.match(line)
        if match and match[1].strip() and not match[1].startswith("  "):
            begin = begin or number
            words += f" {match[1].strip()}"
            continue
        for sentence in re.split(r"(?<=[.?!]) +(?=[A-Z])", words.strip()):
            yield begin, sentence
        words, begin = "", 0


def violations(name, text):
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS and not line.startswith("#include"):
            yield number, f"{len(line)} columns, more than {COLUMNS}"
        if UNFINISHED.search(line):
            yield number, "unfinished, by its own words"
        if line != line.rstrip():
            yield number, "blanks at the end"
        for folders, pattern in UNREPEATABLE.items():
            code = line.split("//")[0]
            if (name.startswith(tuple(folders.split())) and not name.startswith(REAL)
                    and pattern.search(code)):
                yield number, "would make runs unrepeatable"
    if name.endswith(CODE):
        for number, sentence in sentences(lines):
            if NO_SUBJECT.match(sentence):
                yield number, f"the subject comes first, not '{' '.join(sentence.split()[:4])} ..'"
    if name.endswith(CODE) and len(lines) > LINES:
        yield LINES, f"{len(lines)} lines, more than {LINES}"
    if name.endswith(".h"):
        if not text.startswith("// "):
            yield 1, "a header opens with what it is and how to use it"
        if "\n#pragma once\n" not in text:
            yield 1, "no #pragma once"


def main():
    found = 0
    for name in sources(*CODE, *SCRIPTS):
        for number, what in violations(name, (ROOT / name).read_text(encoding="utf-8")):
            print(f"{name}:{number}: {what}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
