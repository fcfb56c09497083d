"""Compiles the examples at the heads of headers: code can be written as they show.

    python3 examples.py [--jobs N] [HEADER...]     # ends with 1 and says where one is wrong

With headers, the rooms in which these stand: a room is compiled as a whole, always.

An example is a block of the comment that opens a header, indented by three spaces:

    //
    //   const Quantity bound(1000, "ms");
    //   bound.text();                       // "1s"

Other blocks (what is printed, formats of files, sketches of classes) are indented by more. An
example is compiled as the body of a function in the namespace of its header, with clang. A variable
that it does not declare is the reader's, of any type. A function that it calls must be there, but
for those of STAND_INS, which stand for what the reader does. A header that a comment in it names
is there, too. `...` stands for statements.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from sources import ROOT, sources

STAND_INS = {"ask", "bad_input", "done", "give_up", "handle", "look", "make_guest", "more",
             "node_on", "note", "plan",
             "print", "refuse", "report", "run", "say", "send", "show", "tell", "think", "use",
             "wait", "work", "write"}
INCLUDED = ["algorithm", "chrono", "csignal", "fstream", "iostream", "string", "vector",
            "sys/epoll.h", "boost/program_options.hpp", "nlohmann/json.hpp"]
OUTSIDE = ("tests/", "bench/", "examples/")
MOST_ROUNDS = 6
LINE = re.compile(r"^//   (.*)$")
HEADER = re.compile(r"[\w/]+\.h\b")
ERROR = re.compile(r"^(\S+?):(\d+):\d+: (?:fatal )?error: (.*)$", re.M)
UNKNOWN = re.compile(r"use of undeclared identifier '(\w+)'|unknown type name '(\w+)'")


def example_of(header):
    """Its lines, by number."""
    lines, found, code, before = (ROOT / header).read_text().split("\n"), {}, False, ""
    for number, line in enumerate(lines, 1):
        if line.startswith("#pragma"):
            break
        match = LINE.match(line)
        if match is None:
            code = False
        elif before == "//":
            code = not match[1].startswith((" ", "- ", "1. "))
        if code:
            found[number] = match[1]
        before = line
    return found


def namespace_of(header):
    match = re.search(r"^namespace ([\w:]+) \{", (ROOT / header).read_text(), re.M)
    return match[1] if match else "macula"


def source_of(examples, readers):
    """One file with all examples of a room. `readers`: variables, by header."""
    lines = [f"#include <{name}>" for name in INCLUDED]
    named = [name for example in examples.values() for line in example.values()
             for name in HEADER.findall(line) if (ROOT / name).exists()]
    lines += [f'#include "{header}"' for header in [*examples, *named]]
    lines.append("using namespace std::chrono_literals;")
    for header, example in examples.items():
        variables = ", ".join(f"auto&& {name}" for name in sorted(readers[header]))
        name = re.sub(r"\W", "_", header)
        lines += [f"namespace {namespace_of(header)} {{",
                  f"auto example_{name} = []({variables}) {{"]
        for number, line in example.items():
            lines += [f'#line {number} "{header}"', line.replace("...", ";")]
        lines += ['#line 1 "end"', "}; }"]
    return "\n".join(lines) + "\n"


def is_variable(name, example):
    code = " ".join(line.partition("// ")[0] for line in example.values())
    called = re.search(rf"(?<![\w:.>]){name}\(", code)
    return name[0].islower() and (called is None or name in STAND_INS)


def mistakes(examples):
    """The faults in the examples of a room, a line each."""
    readers = collections.defaultdict(set)
    found = []
    with tempfile.NamedTemporaryFile("w", suffix=".cc") as file:
        for _ in range(MOST_ROUNDS):
            file.seek(0)
            file.truncate()
            file.write(source_of(examples, readers))
            file.flush()
            command = ["clang++", "-std=c++20", "-fsyntax-only", "-ferror-limit=0", "-w",
                       "-I", ROOT, "-DTOML_HEADER_ONLY=0", file.name]
            output = subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stderr
            found, more = [], False
            for header, number, said in ERROR.findall(output):
                unknown = UNKNOWN.match(said)
                name = unknown and (unknown[1] or unknown[2])
                if name and header in examples and is_variable(name, examples[header]):
                    more = more or name not in readers[header]
                    readers[header].add(name)
                else:
                    found.append(f"{header}:{number}: {said}")
            if not more:
                break
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("headers", nargs="*")
    arguments = parser.parse_args()
    asked = {pathlib.PurePath(header).parent for header in arguments.headers}
    rooms = collections.defaultdict(dict)
    for header in sources(".h"):
        room = pathlib.PurePath(header).parent
        if header.startswith(OUTSIDE) or (asked and room not in asked):
            continue
        if example := example_of(header):
            rooms[room][header] = example
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        wrong = [line for lines in pool.map(mistakes, rooms.values()) for line in lines]
    for line in wrong:
        print(line)
    print(f"{sum(map(len, rooms.values()))} examples, {len(wrong)} mistakes")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
