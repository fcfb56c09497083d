"""Tables of rooms for the documents, from cmake/rooms.txt.

A document has `<!-- rooms: base transport -->` and `<!-- /rooms -->`: between them stands a row for
each room in one of these folders, with the rooms that it may include and the libraries that it is
linked with. docs.py holds the tables against the plan, and brings them up to date.
"""

import re

from rooms import TABLE, read_rows, read_text

BEGIN = re.compile(r"<!-- rooms: (.+) -->")
END = "<!-- /rooms -->"
# As people call what CMake names in its own way.
LIBRARIES = {"SODIUM": "libsodium", "NGTCP2": "ngtcp2", "PROMETHEUS": "prometheus-cpp",
             "PACKERS": "zlib and libzstd", "nlohmann_json": "nlohmann-json",
             "tomlplusplus": "toml++", "headers": "Boost", "program_options": "Boost",
             "Threads": "threads"}


def library(target):
    """`PkgConfig::SODIUM` is libsodium."""
    name = target.split("::")[-1]
    return LIBRARIES.get(name, name)


def rows(folders, text):
    """The table of the rooms that are one of the folders, or in it."""
    lines = ["", "| room | may include | libraries |", "|---|---|---|"]
    for room, may_include, links in read_rows(text):
        if not any(room == folder or room.startswith(f"{folder}/") for folder in folders):
            continue
        may = ", ".join(f"`{other}`" for other in may_include) or "-"
        libraries = ", ".join(dict.fromkeys(library(target) for target in links)) or "-"
        lines.append(f"| `{room}` | {may} | {libraries} |")
    return [*lines, ""]


def with_rooms(lines, problems):
    """The lines with the tables of today; adds to `problems` what is wrong with theirs."""
    wanted, index = [], 0
    while index < len(lines):
        wanted.append(lines[index])
        match = BEGIN.fullmatch(lines[index])
        index += 1
        if not match:
            continue
        if END not in lines[index:]:
            problems.append(f"has no {END} behind {match[0]}")
            continue
        end = lines.index(END, index)
        table = rows(match[1].split(), read_text(TABLE))
        if len(table) == 4:
            problems.append(f"wants a table of rooms that do not exist: {match[1]}")
        if lines[index:end] != table:
            problems.append(f"has another table of rooms than {TABLE}: {match[1]}")
        wanted += table
        index = end
    return wanted
