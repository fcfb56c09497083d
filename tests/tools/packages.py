"""The Debian packages that are needed: printed, and held against the files made from them.

    python3 packages.py            # prints them; ends with 1 if a file is out of date
    python3 packages.py --accept   # brings Dockerfile and the list in CONTRIBUTING.md up to date

They stand in cmake/packages.sh.
"""

import argparse
import re
import subprocess
import sys
import textwrap

from sources import ROOT

WHAT_FOR = {"build": "the programs", "page": "the page of `macula-sim report`",
            "test": "`./dev test`, `./dev bench`",
            "check": "`./dev check`, `./dev nightly`", "interop": "`./dev interop`",
            "browser": "`./dev browser`", "mpi": "`sweep --mpi`, where it is wanted"}
LIST = re.compile(r"(<!-- packages -->\n).*?(<!-- end of packages -->\n)", re.DOTALL)
DOCKERFILE = """\
# Made from cmake/packages.sh by './dev packages --accept'. The programs for systems without these
# packages, and all that CI needs:
#
#   docker build -t macula-sim .
#   docker run --rm macula-sim list
#   docker run --rm --entrypoint /macula-sim/.ci/run macula-sim
FROM debian:bookworm
RUN apt-get update && \\
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\
{packages} && \\
    rm -rf /var/lib/apt/lists/*
WORKDIR /macula-sim
COPY . .
RUN ./dev build sim node page
ENTRYPOINT ["/macula-sim/bin/macula-sim"]
CMD ["--help"]
"""


def read_packages():
    """{kind: its packages}."""
    script = ('source cmake/packages.sh; for kind in "${packages_kinds[@]}"; do '
              'declare -n list=packages_$kind; echo "$kind ${list[*]}"; done')
    done = subprocess.run(["bash", "-euc", script], cwd=ROOT, check=True, capture_output=True,
                          text=True)
    return {kind: names for kind, *names in map(str.split, done.stdout.splitlines())}


def dockerfile(packages):
    names = sorted(set().union(*packages.values()))
    lines = textwrap.wrap(" ".join(names), 90, break_on_hyphens=False, break_long_words=False)
    return DOCKERFILE.format(packages=" \\\n".join("        " + line for line in lines))


def table(packages):
    rows = [f"| {WHAT_FOR[kind]} | {' '.join(f'`{name}`' for name in names)} |\n"
            for kind, names in packages.items()]
    return "| for | Debian packages |\n|---|---|\n" + "".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accept", action="store_true", help="write the files")
    arguments = parser.parse_args()
    packages = read_packages()
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    if not LIST.search(contributing):
        sys.exit("CONTRIBUTING.md: has no '<!-- packages -->' with '<!-- end of packages -->'")
    wanted = {"Dockerfile": dockerfile(packages),
              "CONTRIBUTING.md": LIST.sub(lambda found: found[1] + table(packages) + found[2],
                                          contributing)}
    stale = 0
    for name, text in wanted.items():
        path = ROOT / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if arguments.accept:
            path.write_text(text, encoding="utf-8")
            continue
        print(f"{name}: is not what cmake/packages.sh says; './dev packages --accept' mends it")
        stale = 1
    for kind, names in packages.items():
        print(f"{kind + ':':8} {' '.join(names)}")
    return stale


if __name__ == "__main__":
    sys.exit(main())
