"""Output of macula-sim survives: full disks, closed pipes, signals; and says what it lacks.

    python3 output.py --program bin/macula-sim --node bin/macula-node

Ends with 1 and names what does not hold.
"""

import argparse
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

LIMIT_S = 120  # far beyond what anything here takes
MANY = 100_000  # runs: more than any machine does before it is told to stop

SCENARIO = """[scenario]
schema = 1
name = "pings"
duration = "20s"
[latency]
default = "10ms"
[[node]]
name = "hub"
[[node]]
name = "edge"
join = { via = "hub" }
[[at]]
t = "5s"
every = "1s"
until = "15s"
label = "beat"
ping = { by = "edge", to = "hub" }
[[expect]]
name = "answered"
metric = "success_rate(beat)"
equals = "100%"
"""
# One run that lasts: a trace of it is long before it is whole.
LONG = (SCENARIO.replace('"20s"', '"3000d"').replace('"15s"', '"3000d"')
        .replace('"1s"', '"1min"'))


class Checks:
    def __init__(self):
        self.wrong = 0

    def that(self, holds, what, seen=""):
        if holds:
            return
        self.wrong += 1
        print(f"wrong: {what}" + (f"\n    {seen}" if seen else ""))


def done(command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False,
                          **more)


def full_disk(checks, programs, file):
    """A device that is always full stands for a full disk."""
    commands = [[programs.program, *words] for words in (
        ["--help"], ["--version"], ["run", "--help"], ["check", "--help"], ["list", file.parent],
        ["explain", file], ["check", file], ["run", file], ["run", file, "--json", "-"],
        ["run", file, "--trace", "-"], ["frame", "--help"], ["frame", "decode", "00"])]
    commands += [[programs.node, "--help"], [programs.node, "run", "--help"]]
    for command in commands:
        name = " ".join(str(word) for word in command)
        with open("/dev/full", "w", encoding="utf-8") as full:
            ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True,
                                   timeout=LIMIT_S, check=False)
        checks.that(ended.returncode == 2, f"{name}: ends with 2", ended.returncode)
        checks.that("cannot write to the standard output" in ended.stderr or "decode" in name,
                    f"{name}: says so", ended.stderr)
        # The error stream may be full, too.
        with open("/dev/full", "w", encoding="utf-8") as full:
            ended = subprocess.run(command, stdout=full, stderr=full, timeout=LIMIT_S, check=False)
        checks.that(ended.returncode == 2, f"{name}: ends with 2 without a word", ended.returncode)


def standard_output(checks, program, file, folder):
    """`-` is the standard output: nothing else goes there."""
    run = [program, "run", file]
    ended = done([*run, "--json", "-"], cwd=folder)
    checks.that(json.loads(ended.stdout)["runs"][0]["verdict"] == "pass", "--json -", ended.stdout)
    checks.that("1 run: 1 passed" in ended.stderr, "people read the error stream", ended.stderr)
    ended = done([*run, "--junit", "-"], cwd=folder)
    checks.that(ended.stdout.startswith("<?xml"), "--junit -", ended.stdout)
    ended = done([*run, "--trace", "-"], cwd=folder)
    kinds = [json.loads(line)["kind"] for line in ended.stdout.splitlines()]
    checks.that(kinds[-1] == "end", "--trace -: the last line says that it is whole", kinds[-1:])
    ended = done([*run, "--trace", "-", "--out", "out"], cwd=folder)
    whole = pathlib.Path(folder, "out", "pings-1", "trace.jsonl").read_text(encoding="utf-8")
    checks.that(ended.stdout == whole, "--trace - beside --out")
    checks.that(not pathlib.Path(folder, "-").exists(), "no file is named -")
    with open(file, encoding="utf-8") as text:
        ended = done([program, "run", "-"], stdin=text)
    checks.that(ended.stdout.startswith("PASS  pings"), "a scenario from the standard input",
                ended.stdout + ended.stderr)


def inputs(checks, program, folder):
    """An output that is also an input is refused, and the input stays."""
    file = pathlib.Path(folder, "in.toml")
    csv = pathlib.Path(folder, "matrix.csv")
    csv.write_text("from,to,ms\nhere,here,5ms\n", encoding="utf-8")
    file.write_text(SCENARIO, encoding="utf-8")
    pathlib.Path(folder, "link.toml").symlink_to(file)
    (pathlib.Path(folder) / "hard.toml").hardlink_to(file)
    for option in ("--json", "--junit", "--trace", "--pcap"):
        for path in ("in.toml", "./in.toml", str(file), "link.toml", "hard.toml"):
            ended = done([program, "run", "in.toml", option, path], cwd=folder)
            checks.that(ended.returncode == 2 and "which is read" in ended.stderr,
                        f"{option} {path} is refused", ended.stderr)
            checks.that(file.read_text(encoding="utf-8") == SCENARIO, "the input stays")
    (pathlib.Path(folder) / "out" / "pings-1").mkdir(parents=True, exist_ok=True)
    (pathlib.Path(folder) / "out" / "pings-1" / "trace.jsonl").unlink(missing_ok=True)
    (pathlib.Path(folder) / "out" / "pings-1" / "trace.jsonl").symlink_to(file)
    ended = done([program, "run", "in.toml", "--out", "out"], cwd=folder)
    checks.that(ended.returncode == 2 and "which is read" in ended.stderr,
                "a link in the folder of --out is refused", ended.stderr)
    checks.that(file.read_text(encoding="utf-8") == SCENARIO, "the input stays")
    kept = pathlib.Path(folder, "kept.json")
    kept.write_text("kept", encoding="utf-8")
    ended = done([program, "run", "in.toml", "--json", kept, "--junit", "none/x"], cwd=folder)
    checks.that(ended.returncode == 2 and kept.read_text(encoding="utf-8") == "kept",
                "an output that cannot be written leaves the others", ended.stderr)
    ended = done([program, "run", "in.toml", "--json", "a", "--junit", "./a"], cwd=folder)
    checks.that(ended.returncode == 2 and "two outputs" in ended.stderr, "two outputs are one file",
                ended.stderr)


def closed_streams(checks, program, file, folder):
    """No file gets the number of a standard stream that is closed."""
    results = pathlib.Path(folder, "closed.json")
    for closed in (">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
        line = f"exec '{program}' run '{file}' --json '{results}' {closed}"
        ended = subprocess.run(["sh", "-c", line], stdin=subprocess.DEVNULL, timeout=LIMIT_S,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        runs = json.loads(results.read_text(encoding="utf-8"))["runs"]
        checks.that(len(runs) == 1, f"{closed}: the JSON is whole")
        checks.that(ended.returncode == (0 if closed == "2>&-" else 2),
                    f"{closed}: output that cannot be written ends with 2", ended.returncode)


def start(program, arguments, stdout=subprocess.PIPE):
    return subprocess.Popen([program, "run", *arguments], stdout=stdout, stderr=subprocess.PIPE,
                            text=True)


def signals(checks, program, file, folder):
    """Runs that are done when a signal comes are written, and the rest is not waited for."""
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        results = pathlib.Path(folder, "results.json")
        xml = pathlib.Path(folder, "results.xml")
        running = start(program, [file, "--seeds", f"1..{MANY}", "--json", results, "--junit", xml])
        first = running.stdout.readline()  # a line at a time: it comes while others still run
        checks.that(first.startswith("PASS"), "lines come one by one", first)
        running.send_signal(number)
        out, _ = running.communicate(timeout=LIMIT_S)
        checks.that(running.returncode == code, f"ends with {code}", running.returncode)
        told = re.search(rf"interrupted after (\d+) of {MANY}", out)
        checks.that(told is not None, "says how far it came", out[-300:])
        told_json = json.loads(results.read_text(encoding="utf-8"))
        runs = told_json["runs"]
        checks.that(told_json.get("left_out") == MANY - len(runs), "the JSON says what is left out")
        checks.that(told is not None and len(runs) == int(told[1]), "the JSON holds as many",
                    f"{len(runs)} runs")
        checks.that(xml.read_text(encoding="utf-8").count("<testsuite ") == len(runs) + 1 and
                    xml.read_text(encoding="utf-8").endswith("</testsuites>\n"),
                    "the XML is closed")


def half_a_trace(checks, program, folder):
    long = pathlib.Path(folder, "long.toml")
    long.write_text(LONG, encoding="utf-8")
    running = start(program, [long, "--trace", "-"])
    running.stdout.readline()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=LIMIT_S)
    last = json.loads(out.splitlines()[-1])
    checks.that(last["kind"] == "broken off", "half a trace says so", last)
    checks.that("interrupted after 0 of 1" in err, "says that no run was whole", err)
    checks.that(running.returncode == 130, "ends with 130", running.returncode)


def closed_pipe(checks, program, file, folder):
    results = pathlib.Path(folder, "piped.json")
    running = start(program, [file, "--seeds", f"1..{MANY}", "--json", results])
    running.stdout.readline()
    running.stdout.close()
    err = running.stderr.read()
    running.wait(timeout=LIMIT_S)
    checks.that(running.returncode == 2, "a closed pipe is output that cannot be written",
                running.returncode)
    checks.that(f"of {MANY} runs" in err, "says how far it came", err)
    runs = json.loads(results.read_text(encoding="utf-8"))["runs"]
    checks.that(0 < len(runs) < MANY, "the JSON is closed", len(runs))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--node", type=pathlib.Path, required=True)
    programs = parser.parse_args()
    programs.program = programs.program.resolve()
    programs.node = programs.node.resolve()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "pings.toml")
        file.write_text(SCENARIO, encoding="utf-8")
        full_disk(checks, programs, file)
        standard_output(checks, programs.program, file, folder)
        inputs(checks, programs.program, folder)
        closed_streams(checks, programs.program, file, folder)
        signals(checks, programs.program, file, folder)
        half_a_trace(checks, programs.program, folder)
        closed_pipe(checks, programs.program, file, folder)
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
