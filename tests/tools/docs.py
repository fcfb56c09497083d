"""Holds the documentation against the project: all that it shows must be so.

    python3 docs.py --program bin/macula-sim            # ends with 1 and names what is wrong
    python3 docs.py --program bin/macula-sim --accept   # brings outputs, quotes, counts up to date

In every *.md file of the project:
  - a ```console block holds commands behind '$ ', each followed by exactly what it prints, and by
    [ends with N] where N is not 0; how long it took may differ. A line '...' stands for any
    lines. 'bin/macula-sim ARGS' and './dev run ARGS' are run, and so is 'bin/macula-sim ARGS |
    tshark ARGS', those of a page one after another in a folder of its own; other commands belong
    into a ```sh block, which is not.
  - a block under <!-- written to NAME --> is a file that the reader writes: commands find it.
  - a block of code under <!-- from PATH --> stands in that file, line by line; every ```cpp block
    has such a mark, or <!-- all of PATH -->.
  - paths in `code` or links exist, and so do the headings that links point at.
  - './dev COMMAND' is a command of ./dev.
  - the text between <!-- reference: NAME --> and <!-- /reference --> is that part of what
    'bin/macula-sim reference' prints; scenarios/README.md has every part.
  - the text between <!-- rooms: FOLDER.. --> and <!-- /rooms --> is what cmake/rooms.txt says of
    these folders.
In README.md the map of folders names every folder, and no count is too high or half out of date.
"""

import argparse
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from counts import counts
from rooms_table import with_rooms
from sources import ROOT, sources

FENCE = re.compile(r"```(\w*)")
MARK = re.compile(r"<!-- (from|all of|written to) (\S+) -->")
TIME_LIMIT_S = 60


class Block:
    """One fenced block: its language, its lines, and the mark on the line before it."""

    def __init__(self, language, mark, start, end, lines):
        self.language, self.mark, self.start, self.end = language, mark, start, end
        self.lines = lines[start:end]


def fenced_blocks(lines):
    language, start = None, 0
    for index, line in enumerate(lines):
        match = FENCE.match(line)
        if match and language is None:
            language, start = match[1], index + 1
        elif match:
            mark = MARK.match(lines[start - 2]) if start > 1 else None
            yield Block(language, mark, start, index, lines)
            language = None


# ----- commands -----

def run(command, program, folder):
    """The lines that the command prints; None where it is none that can be run."""
    words = shlex.split(command)
    if words[:2] == ["./dev", "run"]:
        words = ["bin/macula-sim", "run", *(words[2:] or ["scenarios/integration"])]
    if words[0] != "bin/macula-sim":
        return None
    if "|" in words:
        pipe = words.index("|")
        return piped([program, *words[1:pipe]], words[pipe + 1:], folder)
    done = subprocess.run([program, *words[1:]], cwd=folder, text=True, timeout=TIME_LIMIT_S,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    printed = done.stdout.rstrip("\n").split("\n") if done.stdout else []
    return printed + ([f"[ends with {done.returncode}]"] if done.returncode else [])


def piped(source, reader, folder):
    """The lines that tshark prints of the output, and then what people are told."""
    if reader[0] != "tshark":
        return None
    if shutil.which("tshark") is None:
        sys.exit("docs.py: tshark is missing: apt-get install --no-install-recommends tshark")
    out = subprocess.run(source, cwd=folder, timeout=TIME_LIMIT_S, capture_output=True, check=False)
    # The words of tshark on the error stream depend on who runs it.
    read = subprocess.run(reader, cwd=folder, timeout=TIME_LIMIT_S, input=out.stdout,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    code = out.returncode or read.returncode
    printed = (read.stdout + out.stderr).decode().rstrip("\n").split("\n")
    return [line.rstrip() for line in printed] + ([f"[ends with {code}]"] if code else [])


# The time that a run took, in its last line: another each time.
TIMED = re.compile(r" in \d+\.\d\ds, [\d ]+ messages/s(?=$|;)")


def without_times(lines):
    return [TIMED.sub(" in .. messages/s", line) for line in lines]


def elide(printed, shown):
    """The printed lines, with as many left out as in what is shown."""
    if "..." not in shown:
        return printed
    if printed and printed[-1].startswith("[ends with ") and shown[-1] != printed[-1]:
        return printed
    head = shown.index("...")
    tail = len(shown) - head - 1
    if head + tail > len(printed):
        return printed
    return printed[:head] + ["..."] + printed[len(printed) - tail:]


def console(block, program, folder):
    """The block as it should be, and what is wrong with it."""
    wanted, index = [], 0
    problems = []
    while index < len(block.lines):
        command = block.lines[index]
        index += 1
        wanted.append(command)
        if not command.startswith("$ "):
            problems.append("a console block begins with '$ ' and a command")
            continue
        while command.endswith("\\"):
            wanted.append(block.lines[index])
            command = command[:-1] + block.lines[index].strip()
            index += 1
        shown = []
        while index < len(block.lines) and not block.lines[index].startswith("$ "):
            shown.append(block.lines[index])
            index += 1
        printed = run(command[2:], program, folder)
        if printed is None:
            problems.append(f"'{command[2:]}' is not run here: it belongs into a sh block")
            wanted += shown
            continue
        printed = elide(printed, shown)
        if without_times(printed) == without_times(shown):
            printed = shown
        wanted += printed
        if printed != shown:
            problems.append(f"'{command[2:]}' prints something else:\n" +
                            difference(shown, printed))
    return wanted, problems


def difference(shown, actual):
    return "\n".join([f"    - {line}" for line in shown if line not in actual] +
                     [f"    + {line}" for line in actual if line not in shown] or
                     ["    the same lines in another order"])


# ----- quotes -----

def quote(block):
    """The block as it should be, and what is wrong with it."""
    path = ROOT / block.mark[2]
    if not path.is_file():
        return block.lines, [f"quotes {block.mark[2]}, which does not exist"]
    source = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    if block.mark[1] == "all of":
        same = source == block.lines
        return source, [] if same else [f"is not {block.mark[2]}:\n" +
                                        difference(block.lines, source)]
    count = len(block.lines)
    if any(source[i:i + count] == block.lines for i in range(len(source) - count + 1)):
        return block.lines, []
    missing = [line for line in block.lines if line not in source]
    problem = "\n    - ".join([f"does not stand so in {block.mark[2]}", *missing])
    first, last = block.lines[0], block.lines[-1]
    if source.count(first) == 1 and last in source[source.index(first):]:
        begin = source.index(first)
        return source[begin:source.index(last, begin) + 1], [problem]
    return block.lines, [problem + "\n    and its first and last line are not to be found"]


# ----- names -----

def without_blocks(lines):
    text, inside = [], False
    for line in lines:
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            text.append(line)
    return "\n".join(text)


def exists(name, folder):
    return any(any(base.glob(name.rstrip("/"))) for base in (folder, ROOT))


def is_path(word, folder):
    if not re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*/?", word) or word.startswith(("bin/", "build/")):
        return False
    if re.search(r"\.(h|cc|py|md|inc)$", word):
        return True
    first = word.split("/")[0]
    return "/" in word and ((ROOT / first).exists() or (folder / first).exists())


def anchors(path):
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
            for heading in headings}


def wrong_names(path, lines, dev_commands):
    text = without_blocks(lines)
    for word in re.findall(r"`([^`\n]+)`", text):
        if is_path(word, path.parent) and not exists(word, path.parent):
            yield f"names {word}, which does not exist"
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        linked = path.parent / file if file else path
        if not linked.exists():
            yield f"links to {file}, which does not exist"
        elif anchor and anchor not in anchors(linked):
            yield f"links to {target}, and there is no such heading"
    for command in re.findall(r"\./dev ([a-z_]+)", "\n".join(lines)):
        if command not in dev_commands:
            yield f"names './dev {command}', and there is no such command"


def dev_commands():
    told = subprocess.run(["bash", str(ROOT / "dev"), "help"], check=True, text=True,
                          capture_output=True).stdout
    return set(re.findall(r"^  ([a-z_]+)", told, re.MULTILINE)) | {"help"}


def wrong_map(lines):
    named = {match[1] for line in lines if (match := re.match(r"\| `([\w.-]+)/` \|", line))}
    folders = {name.split("/")[0] for name in sources() if "/" in name}
    for folder in sorted(folders ^ named):
        yield (f"its map of folders lacks {folder}/" if folder in folders else
               f"its map of folders names {folder}/, which does not exist")


# ----- reference -----

PART = re.compile(r"<!-- reference: (.+) -->")
END_OF_PART = "<!-- /reference -->"
REFERENCE = ROOT / "scenarios/README.md"


def parts_of(lines):
    """{name: (begin, end)}: where the lines of each part stand, without its marks."""
    parts, name, begin = {}, None, 0
    for index, line in enumerate(lines):
        if match := PART.fullmatch(line):
            name, begin = match[1], index + 1
        elif line == END_OF_PART and name is not None:
            parts[name] = (begin, index)
            name = None
    return parts


def referenced(lines, program, whole, problems):
    """The lines with the parts that the program prints; adds to `problems` what is wrong."""
    shown = parts_of(lines)
    if not shown and not whole:
        return lines
    printed = subprocess.run([program, "reference"], text=True, timeout=TIME_LIMIT_S,
                             stdout=subprocess.PIPE, check=True).stdout.split("\n")
    actual = {name: printed[begin:end] for name, (begin, end) in parts_of(printed).items()}
    for name in shown.keys() - actual.keys():
        problems.append(f"has the part '{name}', which the reference has not")
    if whole:
        problems += [f"lacks the part '{name}' of the reference: write its two marks"
                     for name in actual.keys() - shown.keys()]
    wanted = list(lines)
    for name, (begin, end) in sorted(shown.items(), key=lambda part: part[1], reverse=True):
        if name in actual and actual[name] != lines[begin:end]:
            problems.append(f"has another part '{name}' than the reference:\n" +
                            difference(lines[begin:end], actual[name]))
            wanted[begin:end] = actual[name]
    return wanted


# ----- counts -----

def counted(lines, problems):
    """The lines with the counts of today; adds to `problems` what is wrong with them."""
    if "<!-- counted -->" not in lines or "<!-- /counted -->" not in lines:
        problems.append("has no table of counts, between <!-- counted --> and <!-- /counted -->")
        return lines
    begin, end = lines.index("<!-- counted -->") + 1, lines.index("<!-- /counted -->")
    told = dict(re.findall(r"^\| (.+?) \| ([\d ]+) \|$", "\n".join(lines[begin:end]), re.MULTILINE))
    told = {what: int(number.replace(" ", "")) for what, number in told.items()}
    actual = counts()
    if told.keys() != actual.keys():
        problems.append("its table of counts has other rows than counts.py")
    for what in told.keys() & actual.keys():
        if not actual[what] / 2 <= told[what] <= actual[what]:
            problems.append(f"says '{what}' is at least {told[what]}, it is {actual[what]}")
    rows = [f"| {what} | {f'{number:,}'.replace(',', ' ')} |" for what, number in actual.items()]
    return lines[:begin] + ["", "| what | at least |", "|---|---:|", *rows, ""] + lines[end:]


def check_block(block, program, folder):
    """The block as it should be, and what is wrong with it."""
    if block.mark and block.mark[1] == "written to":
        pathlib.Path(folder, block.mark[2]).write_text("\n".join(block.lines) + "\n")
    elif block.mark:
        return quote(block)
    elif block.language == "console":
        return console(block, program, folder)
    elif block.language == "cpp":
        return block.lines, ["is code that stands in no file: mark it <!-- from PATH -->"]
    return block.lines, []


def check(path, program, commands):
    """The document as it should be, and what is wrong with it."""
    lines = path.read_text(encoding="utf-8").split("\n")
    problems = list(wrong_names(path, lines, commands))
    wanted = list(lines)
    blocks = list(fenced_blocks(lines))
    with tempfile.TemporaryDirectory() as folder:
        # Commands find the scenarios as they would in the project, and may leave files behind.
        for name in ("scenarios", "analysis"):
            pathlib.Path(folder, name).symlink_to(ROOT / name)
        checked = [check_block(block, program, folder) for block in blocks]
    for block, (shown, found) in reversed(list(zip(blocks, checked))):
        wanted[block.start:block.end] = shown
        problems += [f"line {block.start}: the block {problem}" if block.mark or not found else
                     f"line {block.start}: {problem}" for problem in found]
    wanted = referenced(wanted, program, path == REFERENCE, problems)
    wanted = with_rooms(wanted, problems)
    if path == ROOT / "README.md":
        problems += wrong_map(lines)
        wanted = counted(wanted, problems)
    return "\n".join(wanted), problems


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--accept", action="store_true", help="write what is into the documents")
    arguments = parser.parse_args()

    wrong = 0
    commands = dev_commands()
    documents = sources(".md")
    for name in documents:
        wanted, problems = check(ROOT / name, arguments.program.resolve(), commands)
        if arguments.accept and wanted != (ROOT / name).read_text(encoding="utf-8"):
            (ROOT / name).write_text(wanted, encoding="utf-8")
            print(f"{name}: brought up to date")
            wanted, problems = check(ROOT / name, arguments.program.resolve(), commands)
        for problem in problems:
            print(f"{name}: {problem}")
        wrong += len(problems)
    if wrong:
        print("Documents are brought up to date by tests/tools/docs.py --accept.")
    else:
        print(f"{len(documents)} documents agree with the project")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
