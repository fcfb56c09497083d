"""Holds the tree to its plan, cmake/rooms.txt: includes between rooms, and the files at the root.

    python3 rooms.py                # violations as file:line: what; ends with 1 if there are any
    python3 rooms.py --self-test    # each kind of violation is noticed

A source of a room includes headers of its own room and of those that its row names. A row names
only rooms above it, so that there is no circle; what a row names and nobody includes is taken out
of it. Each source of the program is in a room, and each file at the root is one of ROOT_FILES.
"""

import pathlib
import re
import sys

from sources import ROOT, sources

TABLE = "cmake/rooms.txt"
PROGRAM = ("base/", "transport/", "dht/", "sim/", "analysis/")
ROOT_FILES = {".clang-format", ".clang-tidy", ".dockerignore", ".gitignore", "CMakeLists.txt",
              "CONTRIBUTING.md", "Dockerfile", "LICENSE", "README.md", "dev"}
ROOT_FOLDERS = {".ci", "analysis", "base", "bench", "cmake", "dht", "docs", "examples", "scenarios",
                "sim", "tests", "transport"}
INCLUDE = re.compile(
    r'^\s*#\s*include\s*(?:"([^"]+)"|<((?:base|transport|dht|sim|analysis)/[^>]+)>)')
CODE = (".h", ".cc", ".inc")  # of a room; .inc: tables that a program has made
OTHER_CODE = (".hpp", ".hh", ".cpp", ".cxx", ".c", ".ipp", ".tpp")


def read_rows(text):
    """(room, rooms that it may include, libraries that it is linked with), in their order."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, may_include, links = line.split("|")
            yield name.strip(), may_include.split(), links.split()


def read_rooms(text):
    """{room: rooms that it may include}, in the order of the table."""
    return {name: may_include for name, may_include, _ in read_rows(text)}


def wrong_rows(text):
    rooms = read_rooms(text)
    above = set()
    for name, may_include in rooms.items():
        for other in may_include:
            if other not in above:
                yield f"{TABLE}: {name} may include {other}, which does not stand above it"
        above.add(name)


def includes(name, text):
    """(line, room of the header) of each include of a header of ours."""
    for number, line in enumerate(text.split("\n"), 1):
        match = INCLUDE.match(line)
        if match:
            header = match.group(1) or match.group(2)
            folder = str(pathlib.PurePosixPath(header).parent)
            yield number, folder if "/" in header else str(pathlib.PurePosixPath(name).parent)


def violations(files, table):
    """`files`: {path: text}."""
    rooms = read_rooms(table)
    yield from wrong_rows(table)
    used = {name: set() for name in rooms}
    for name, text in files.items():
        if "/" not in name and name not in ROOT_FILES:
            yield f"{name}: does not belong at the root"
        folder = name.split("/")[0]
        if "/" in name and folder not in ROOT_FOLDERS:
            yield f"{name}: {folder}/ is no folder of the root"
        if name.startswith(PROGRAM) and name.endswith(OTHER_CODE):
            yield f"{name}: sources of a room end in .h or .cc"
        if not name.startswith(PROGRAM) or not name.endswith(CODE):
            continue
        room = str(pathlib.PurePosixPath(name).parent)
        if room not in rooms:
            yield f"{name}: {room} is no room of {TABLE}"
            continue
        for number, other in includes(name, text):
            used[room].add(other)
            if other != room and other not in rooms[room]:
                yield f"{name}:{number}: {room} may not include {other}"
    for room, may_include in rooms.items():
        for other in set(may_include) - used[room]:
            yield f"{TABLE}: {room} includes nothing of {other}: take it out"


def read_text(name):
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def self_test():
    table = "base||\ndht|base|\nsim/net|base dht|\n"
    good = {"base/a.h": "", "dht/b.cc": '#include "base/a.h"\n', "README.md": "",
            "sim/net/c.h": '#include "dht/b.h"\n#include "base/a.h"\n'}
    cases = {
        "may not include": (good | {"dht/x.h": '\n#include "sim/net/c.h"\n'}, table),
        "is no room": (good | {"sim/new/x.h": ""}, table),
        "belong at the root": (good | {"-": ""}, table),
        "no folder of the root": (good | {"new/a.cc": ""}, table),
        "end in .h or .cc": (good | {"sim/net/c.hpp": ""}, table),
        "net/c2.h:1: sim/net may not include sim/run":
            (good | {"sim/net/c2.h": "#include <sim/run/d.h>\n", "sim/run/d.h": ""},
             table + "sim/run|base|\n"),
        "does not stand above": (good, table.replace("dht|base|", "dht|base sim/net|")),
        "take it out": ({name: text for name, text in good.items() if "c.h" not in name}, table),
    }
    missed = [what for what, (files, rows) in cases.items()
              if not any(what in each for each in violations(files, rows))]
    missed += [f"the good tree: {each}" for each in violations(good, table)]
    for what in missed:
        print(f"self-test: {what}")
    return 1 if missed else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    files = {name: read_text(name) if name.endswith(CODE) else "" for name in sources()}
    found = sorted(violations(files, read_text(TABLE)))
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
