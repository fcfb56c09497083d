"""Man pages and completions say what --help says, and their readers take them.

    python3 manuals.py --folder build/release/share --programs bin/macula-sim bin/macula-node

The shells themselves complete, where they are there: bash always, zsh and fish where installed.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys


def output(command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, **more)


def commands_of(program):
    told = output([program, "--help"]).stdout
    return re.findall(r"^  (\w+)  +\S", told[told.index("Commands:"):], re.MULTILINE)


def options_of(program, command):
    told = output([program, command, "--help"]).stdout
    return sorted(set(re.findall(r"^  (?:-\w \[ )?--([\w-]+)", told, re.MULTILINE)))


def complete_in_bash(script, words):
    """The words that bash offers for the last of `words`."""
    name = pathlib.Path(words[0]).name
    function = re.search(r"complete .*-F (\w+)", script.read_text(encoding="utf-8"))[1]
    listed = " ".join(f"'{word}'" for word in [name, *words[1:]])
    code = (f"source '{script}'; COMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; {function}; "
            'printf "%s\\n" "${COMPREPLY[@]}"')
    done = output(["bash", "-c", code])
    return done.stdout.split(), done.stderr


def problems_of(program, folder):
    name = program.name
    page = folder / "man" / "man1" / f"{name}.1"
    bash = folder / "bash-completion" / "completions" / name
    zsh = folder / "zsh" / "site-functions" / f"_{name}"
    fish = folder / "fish" / "vendor_completions.d" / f"{name}.fish"
    texts = {path: path.read_text(encoding="utf-8") for path in (page, bash, zsh, fish)}
    commands = commands_of(program)
    if len(commands) < 5:
        yield f"{name} --help names only {commands}"
    offered, err = complete_in_bash(bash, [name, ""])
    if err or not set(commands) <= set(offered):
        yield f"bash offers the commands {offered} {err}"
    for command in commands:
        options = options_of(program, command)
        if "help" not in options:
            yield f"{name} {command} --help names only {options}"
        offered, err = complete_in_bash(bash, [name, command, "--"])
        if err or sorted(offered) != sorted("--" + option for option in options):
            yield f"bash offers for {name} {command}: {offered} {err}"
        if "world" in options:
            for words in (["--world", ""], ["--world", "="], ["--world", "=", "v"]):
                offered, err = complete_in_bash(bash, [name, command, *words])
                if err or "virtual-quic" not in offered:
                    yield f"bash offers for {words}: {offered} {err}"
        for option in options:
            for path, mark in ((page, r"\-\-" + option.replace("-", r"\-")),
                               (zsh, f"--{option}="), (fish, f" -l {option} ")):
                shown = mark in texts[path] or mark.replace("=", "[") in texts[path]
                if not shown:
                    yield f"{path.name} lacks --{option} of {command}"
    if shutil.which("groff"):
        warned = output(["groff", "-man", "-Tutf8", "-ww", page]).stderr
        if warned:
            yield f"{page.name}: {warned}"
    for shell, path in (("bash", bash), ("zsh", zsh), ("fish", fish)):
        if shutil.which(shell):
            done = output([shell, "-n", path])
            if done.returncode or done.stderr:
                yield f"{shell} refuses {path.name}: {done.stderr}"
    if shutil.which("fish"):
        script = f"source {fish}; complete -C '{name} '"
        lines = output(["fish", "-c", script]).stdout.split("\n")
        offered = [line.split("\t")[0] for line in lines]
        if not set(commands) <= set(offered):
            yield f"fish offers {offered}"


def values_and_files(simulator, folder):
    """Values of options, and files where they are meant."""
    bash = folder / "bash-completion" / "completions" / simulator.name
    worlds, _ = complete_in_bash(bash, [simulator.name, "run", "--world", "virtual-"])
    if worlds != ["virtual-quic"]:
        yield f"bash offers the worlds {worlds}"
    files, _ = complete_in_bash(bash, [simulator.name, "run", str(bash)[:-1]])
    if files != [str(bash)]:
        yield f"bash offers the files {files}"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--programs", type=pathlib.Path, nargs=2, required=True)
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    programs = [path.resolve() for path in arguments.programs]
    wrong = [problem for path in programs for problem in problems_of(path, folder)]
    wrong += values_and_files(programs[0], folder)
    for problem in wrong:
        print(problem)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
