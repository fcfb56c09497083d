"""The picture at the top of README.md shows the page as it is now.

    python3 picture.py --program bin/macula-sim                 # ends with 1 if it is stale
    python3 picture.py --program bin/macula-sim --page P.html   # the page that it is taken of
    python3 picture.py --program bin/macula-sim --accept        # the picture is of what is now

It is taken in a browser, by `./dev picture`, whose fonts are those of the machine. Hashes beside it
tell what it was taken of: the sources of the page, and the data that they show.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from sources import ROOT

RUN = ["run", "scenarios/examples/three-regions.toml", "--seed", "1", "--set",
       "scenario.profile=macula-0.8"]
PICTURE = "docs/report.webp"
RECORD = "docs/report.json"
BYTES_MAX = 200_000
SOURCES = "sim/report/page"


def write_page(program, page, template=None):
    environment = dict(os.environ)
    if template:
        environment["MACULA_SIM_PAGE"] = str(template)
    with tempfile.TemporaryDirectory() as folder:
        store = pathlib.Path(folder) / "store"
        subprocess.run([program, *RUN, "--out", store, "--quiet"], cwd=ROOT, check=False,
                       stdout=subprocess.DEVNULL)
        subprocess.run([program, "report", store, "--out", page], cwd=ROOT, check=True,
                       env=environment)


def hash_of(*texts):
    total = hashlib.sha256()
    for text in texts:
        total.update(hashlib.sha256(text).digest())
    return total.hexdigest()


def shown_now(program):
    """The hashes of what the picture would be taken of."""
    files = sorted(path for path in (ROOT / SOURCES).rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as folder:
        template = pathlib.Path(folder) / "template"
        template.write_text("MACULA-DATA", encoding="utf-8")
        page = pathlib.Path(folder) / "page"
        write_page(program, page, template)
        data = json.loads(page.read_text(encoding="utf-8"))
    # Not which program ran it, nor where: and of the run what the first screens show.
    seen = [data["summary"], [group["timelines"] for group in data["groups"]]]
    return {"page": hash_of(*[path.read_bytes() for path in files]),
            "data": hash_of(json.dumps(seen, sort_keys=True).encode())}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--page", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--accept", action="store_true")
    options = parser.parse_args()
    if options.page:
        write_page(options.program, options.page)
        return 0
    now = shown_now(options.program)
    now["picture"] = hash_of((ROOT / PICTURE).read_bytes())
    if options.accept:
        (ROOT / RECORD).write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    problems = []
    size = (ROOT / PICTURE).stat().st_size
    if size > BYTES_MAX:
        problems.append(f"{PICTURE} has {size} bytes: {BYTES_MAX} are allowed")
    if PICTURE not in (ROOT / "README.md").read_text(encoding="utf-8"):
        problems.append(f"README.md does not show {PICTURE}")
    recorded = json.loads((ROOT / RECORD).read_text(encoding="utf-8"))
    for name, meaning in (("page", f"the page ({SOURCES}) has changed"),
                          ("data", "the run that it shows goes another way"),
                          ("picture", f"{PICTURE} is another one")):
        if recorded.get(name) != now[name]:
            problems.append(f"{PICTURE} is stale: {meaning}; again: ./dev picture")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
