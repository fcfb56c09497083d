"""Holds the model of QUIC against the real host: every timer, limit and constant of both.

    python3 constants.py              # ends with 1 and names what is wrong
    python3 constants.py --accept     # brings the values of the table up to date
    python3 constants.py --self-test  # whether what is wrong is noticed

The real ones stand in dht/quic/engine and dht/quic/host: constants, and what EngineConfig and
HostConfig begin with. Those of the model are the constants of sim/net/quic_model.h, and the times
in any file of sim/net. The table in sim/README.md pairs them. Which goes with which is written by
hand, and so is why two differ or one stands alone; the values are read from the code. A constant
that is in no row fails, and so does a row without its reason.
"""

import argparse
import collections
import pathlib
import re
import sys

from sources import ROOT, sources

README = "sim/README.md"
NGTCP2 = pathlib.Path("/usr/include/ngtcp2/ngtcp2.h")  # of Debian's libngtcp2-dev
BEGIN, END = "<!-- constants -->", "<!-- /constants -->"
REAL = ("dht/quic/engine/", "dht/quic/host/")
MODEL = "sim/net/"
MODEL_HEADER = "sim/net/quic_model.h"
LIBRARY = "ngtcp2: "  # begins what the library brings along: no code of ours has its value
NONE = "-"

CONSTANT = re.compile(r"\bconstexpr\s+([\w:]+)\s+(k[A-Z]\w*)\s*(?:=\s*([^;]*)|\{([^;]*)\});")
CONFIG = re.compile(r"^struct (EngineConfig|HostConfig) \{(.*?)^\};", re.MULTILINE | re.DOTALL)
MEMBER = re.compile(r"^  (Duration|std::\w+_t|std::size_t|unsigned) (\w+) = ([^;]*);", re.MULTILINE)
WORDS = ("std::string_view", "auto")  # no numbers
TIME = re.compile(r"std::chrono::(\w+)\(")
DEFINE = re.compile(r"^#define (NGTCP2_\w+) \(*(?:\(uint32_t\))?(0x[0-9a-f]+|\d+)u?\)*$",
                    re.MULTILINE)
NS = {"nanoseconds": 1, "microseconds": 10**3, "milliseconds": 10**6, "seconds": 10**9,
      "minutes": 60 * 10**9}

Row = collections.namedtuple("Row", "real real_value model model_value why")
HEAD = Row("real host", "value", "model", "value", "why they differ, or one stands alone")


# ----- the code -----

def evaluate(expression, known):
    """Its value as a person writes it; where it names what is not known here, the expression."""
    text = re.sub(r"(?<=\d)[uUlL']+", "", re.sub(r"//.*", "", expression)).strip()
    is_time = TIME.search(text) is not None
    text = TIME.sub(lambda match: f"{NS[match[1]]} * (", text)
    text = re.sub(r"std::\w+\{([^{}]*)\}", r"(\1)", text)
    text = re.sub(r"\bDuration\(", "(", text)
    text = re.sub(r"\b\w+::", "", text)
    for name in set(re.findall(r"\b(?:k[A-Z]|NGTCP2_)\w*", text)):
        if name in known:
            text = re.sub(rf"\b{name}\b", f"({known[name]})", text)
    if not re.fullmatch(r"[\s\da-fA-Fx()+*/<-]+", text):
        return None, expression.strip()
    value = eval(text.replace("/", "//"), {"__builtins__": {}})  # noqa: S307: digits and operators
    if is_time:
        for unit, size in (("s", 10**9), ("ms", 10**6), ("us", 10**3)):
            if value % size == 0:
                return value, f"{value // size} {unit}"
        return value, f"{value} ns"
    if "<<" in expression:
        for unit, size in (("MiB", 1 << 20), ("KiB", 1 << 10)):
            if value % size == 0:
                return value, f"{value // size} {unit}"
    return value, str(value)


def library():
    """{name: value} of the numbers that ngtcp2's header defines."""
    text = NGTCP2.read_text(encoding="utf-8")
    return {name: int(value, 0) for name, value in DEFINE.findall(text)}


def constants(texts, times_only=()):
    """{name: value as written in the table} of these files; a name that is twice has its file."""
    found = []
    known = library()
    for path, text in texts.items():
        for match in CONSTANT.finditer(text):
            if match[1] in WORDS or (path in times_only and match[1] != "Duration"):
                continue
            value, shown = evaluate(match[3] or match[4] or "", known)
            if value is not None:
                known[match[2]] = value
            found.append((match[2], path, shown))
        for config in CONFIG.finditer(text):
            for match in MEMBER.finditer(config[2]):
                found.append((f"{config[1]}::{match[2]}", path, evaluate(match[3], known)[1]))
    often = collections.Counter(name for name, _, _ in found)
    return {name if often[name] == 1 else f"{name} ({pathlib.Path(path).name})": shown
            for name, path, shown in found}


def read_sources():
    return {name: (ROOT / name).read_text(encoding="utf-8")
            for name in sources(".h", ".cc") if name.startswith((*REAL, MODEL))}


def both(texts):
    """The constants of the real host and of the model."""
    real = {name: text for name, text in texts.items() if name.startswith(REAL)}
    model = {name: text for name, text in texts.items() if name.startswith(MODEL)}
    return constants(real), constants(model, model.keys() - {MODEL_HEADER})


# ----- the table -----

def read_table(readme):
    begin, end = readme.index(BEGIN) + len(BEGIN), readme.index(END)
    rows = []
    for line in readme[begin:end].splitlines():
        if line.startswith("|"):
            rows.append(Row(*(cell.strip() for cell in line.strip("|").split("|"))))
    return [row._replace(real=row.real.strip("`"), model=row.model.strip("`"))
            for row in rows[2:]]  # less the head and the line under it


def code(name):
    return name if name == NONE or name.startswith(LIBRARY) else f"`{name}`"


def write_table(rows):
    lines = ["", "| " + " | ".join(HEAD) + " |", "|---|---:|---|---:|---|"]
    for row in rows:
        lines.append(f"| {code(row.real)} | {row.real_value} | {code(row.model)} | "
                     f"{row.model_value} | {row.why} |")
    return "\n".join([*lines, "", ""])


def problems(rows, real, model):
    """The faults of the table, a line each."""
    for side, names in (("real host", real), ("model", model)):
        seen = collections.Counter(row.real if side == "real host" else row.model for row in rows)
        for name in names:
            if seen[name] == 0:
                yield (f"{name} of the {side} is in no row: what is its counterpart, "
                       "or why has it none?")
            if seen[name] > 1:
                yield f"{name} of the {side} is in {seen[name]} rows"
        for name in seen:
            if name not in names and name != NONE and not name.startswith(LIBRARY):
                yield f"{name} is no constant of the {side} any more"
    for row in rows:
        for name, value, names in ((row.real, row.real_value, real),
                                   (row.model, row.model_value, model)):
            if name in names and value != names[name]:
                yield f"{name} is {names[name]} now, and not {value}"
        if not row.why and row.real_value != row.model_value:
            yield f"{row.real} and {row.model} differ, and nothing says why"


def accepted(rows, real, model):
    """The table with the values of the code. A new constant has a row without a reason."""
    rows = [row._replace(real_value=real.get(row.real, row.real_value),
                         model_value=model.get(row.model, row.model_value))
            for row in rows
            if row.real in real or row.model in model or row.real.startswith(LIBRARY)]
    rows += [Row(name, value, NONE, NONE, "") for name, value in real.items()
             if name not in {row.real for row in rows}]
    rows += [Row(NONE, NONE, name, value, "") for name, value in model.items()
             if name not in {row.model for row in rows}]
    return rows


# ----- running -----

def self_test(rows, texts):
    """Breaks the code in the ways that must be noticed."""
    engine, host, header = "dht/quic/engine/engine.h", "dht/quic/host/backoff.h", MODEL_HEADER
    breaks = [
        (engine, "\nconstexpr Duration kNewTimer = std::chrono::seconds(3);\n", None),
        (engine, "", ("struct EngineConfig {", "struct EngineConfig {\n  unsigned new_limit = 3;")),
        (engine, "", ("idle_timeout = std::chrono::seconds(60)",
                      "idle_timeout = std::chrono::seconds(61)")),
        (host, "", ("constexpr unsigned kMostDoublings", "constexpr unsigned kRenamed")),
        (header, "\ninline constexpr unsigned kNewOfTheModel = 3;\n", None),
        ("sim/net/new.cc", "constexpr Duration kNewOfTheModel = std::chrono::seconds(3);\n", None),
    ]
    for path, added, replaced in breaks:
        broken = dict(texts)
        text = broken.get(path, "") + added
        if replaced is not None:
            if replaced[0] not in text:
                yield f"{path} holds no {replaced[0]}"
            text = text.replace(*replaced)
        broken[path] = text
        if not any(problems(rows, *both(broken))):
            yield f"nobody notices in {path}: {added.strip() or replaced[1]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    texts = read_sources()
    real, model = both(texts)
    path = ROOT / README
    readme = path.read_text(encoding="utf-8")
    rows = read_table(readme)
    if arguments.accept:
        rows = accepted(rows, real, model)
        begin, end = readme.index(BEGIN) + len(BEGIN), readme.index(END)
        path.write_text(readme[:begin] + "\n" + write_table(rows).lstrip("\n") + readme[end:],
                        encoding="utf-8")
    wrong = list(problems(rows, real, model))
    if arguments.self_test:
        wrong = list(self_test(rows, texts))
    for line in wrong:
        print(f"{README}: {line}")
    if wrong:
        sys.exit("Values are brought up to date by tests/tools/constants.py --accept.")
    print(f"{len(real)} constants of the real host and {len(model)} of the model are accounted for")


if __name__ == "__main__":
    main()
