"""One-line flaws that a program can make of C++ code.

    for flaw in flaws_of("dht/lookup/lookup.cc", text): ...

A flaw turns one line into another that still looks like code: a comparison turned, a number off by
one, a statement dropped, min for max, a condition negated, `and` for `or`. Code is read line by
line, as text; what no compiler takes is found out by compiling. Left alone: comments, texts,
preprocessor lines, checks (to drop them changes nothing in a correct program), prefetch hints and
declarations.
"""

import dataclasses
import hashlib
import re

# A flaw of one of these lines cannot be noticed, or is not behaviour.
LEFT_ALONE = re.compile(
    r"^\s*(//|#|\*|static_assert|using |namespace |template|case .*:$|public:|private:|friend )"
    r"|MACULA_CHECK|prefetch|reserve\(|static_assert|\boperator\b|^\s*(class|struct|enum)\b")

TURNED = {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ",
          " != ": " == "}
REVERSED = {" < ": " > ", " > ": " < ", " <= ": " >= ", " >= ": " <= "}
SWAPPED = {"std::min": "std::max", "std::max": "std::min"}
JOINED = {" && ": " || ", " || ": " && "}

STATEMENT = re.compile(
    r"^\s+(?:[A-Za-z_][\w.\[\]]*(?:->[\w.\[\]]+)*(?:\(.*\))?(?: [-+*/|&^]?= .*)?;"
    r"|(?:\+\+|--)[\w.\[\]>-]+;|if \(.*\) (?:return|continue|break|[\w.>-]+\().*;)$")
DECLARATION = re.compile(r"^\s+(?:return|break|continue|else|goto|delete|throw|co_)\b"
                         r"|^\s+[\w:<>]+ \w+;$")
CONDITION = re.compile(r"\bif \((?!const |auto |constexpr)(.*)\) "
                       r"(?:\{|return|continue|break|[\w.>+-]+)")
NUMBER = re.compile(r"(?<![\w.'\"{])([1-9]\d{0,3})(?![\w.'\"])")


@dataclasses.dataclass(frozen=True)
class Flaw:
    file: str
    line: int  # from 1
    kind: str
    before: str
    after: str
    occurrence: int  # among equal lines of the file with a flaw of the same kind and result

    def rank(self, seed):
        """Where the flaw stands in the order of a seed: by what it says, not by where it stands."""
        what = "\0".join((str(seed), self.file, self.kind, self.before.strip(),
                          self.after.strip(), str(self.occurrence)))
        return hashlib.sha256(what.encode()).digest()

    def apply(self, text):
        lines = text.split("\n")
        assert lines[self.line - 1] == self.before
        lines[self.line - 1] = self.after
        return "\n".join(lines)

    def __str__(self):
        after = self.after.strip() or "(nothing)"
        return f"{self.file}:{self.line}: {self.kind}: {self.before.strip()}  ->  {after}"


def code_of(line):
    """The line without its comment and with its texts blanked, of the same length."""
    blanked = re.sub(r'"(?:\\.|[^"\\])*"', lambda text: '"' + "_" * (len(text[0]) - 2) + '"', line)
    return blanked.split("//")[0]


def replaced_each(line, code, table):
    for old, new in table.items():
        start = code.find(old)
        while start >= 0:
            yield line[:start] + new + line[start + len(old):]
            start = code.find(old, start + 1)


def negated(line, code):
    match = CONDITION.search(code)
    if match and match[1].count("(") == match[1].count(")") and ";" not in match[1]:
        start, end = match.span(1)
        yield f"{line[:start]}!({line[start:end]}){line[end:]}"


def off_by_one(line, code):
    for match in NUMBER.finditer(code):
        start, end = match.span(1)
        yield line[:start] + str(int(match[1]) + 1) + line[end:]


def dropped(line, code):
    if STATEMENT.match(code.rstrip()) and not DECLARATION.match(code.rstrip()):
        yield re.match(r"\s*", line)[0] + ";"


KINDS = {
    "boundary": lambda line, code: replaced_each(line, code, TURNED),
    "comparison turned": lambda line, code: replaced_each(line, code, REVERSED),
    "min for max": lambda line, code: replaced_each(line, code, SWAPPED),
    "and for or": lambda line, code: replaced_each(line, code, JOINED),
    "condition negated": negated,
    "off by one": off_by_one,
    "statement dropped": dropped,
}


def flaws_of(file, text):
    """All flaws of one file, in the order of its lines."""
    seen = {}
    for number, line in enumerate(text.split("\n"), 1):
        if LEFT_ALONE.search(line):
            continue
        code = code_of(line)
        for kind, make in KINDS.items():
            for after in make(line, code):
                key = (kind, line.strip(), after.strip())
                seen[key] = seen.get(key, -1) + 1
                yield Flaw(file, number, kind, line, after, seen[key])
