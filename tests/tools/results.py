"""Results are as their schemas say: JSON by analysis/result.schema.json, JUnit XML by junit.xsd.

    python3 results.py --program bin/macula-sim

Runs scenarios that pass, fail, are stopped and assert nothing, and validates what is written.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "analysis" / "result.schema.json"
XSD = pathlib.Path(__file__).with_name("junit.xsd")
RUNS = (
    ["scenarios/integration", "--seeds", "1..2"],
    ["scenarios/regressions/dead-holders.toml", "--set", "protocol.stop=no-change"],
    ["scenarios/faults/partition-heal.toml", "--set", "scenario.max_events=1000"],
    ["scenarios/reach/gateway-relay.toml", "--world", "virtual-quic"],
)


def misplaced(document, in_store, name):
    """A store leaves out all that does not follow from the unit; it is written elsewhere."""
    for run in document["runs"]:
        stray = [key for key in ("file", "wall_ns", "set") if (key in run) == in_store]
        parts = run["expectations"] + run.get("errors", []) + run.get("notes", [])
        stray += ["line"] if any(("line" in part) == in_store for part in parts) else []
        if stray or ("unit" in document) != in_store:
            yield f"{name}: {stray or 'unit'}: is there, or is not, against the rule"


def problems_of(program, arguments, validator, folder):
    results, xml, out = folder / "r.json", folder / "r.xml", folder / "out"
    done = subprocess.run([program, "run", *arguments, "--quiet", "--json", results, "--junit",
                           xml, "--out", out], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    if done.returncode > 1:
        yield f"ended with {done.returncode}: {done.stderr}"
        return
    units = list(out.glob("units/*.json"))
    if len(units) != len(json.loads(results.read_text(encoding="utf-8"))["runs"]):
        yield f"the store has {len(units)} units"
    for path in (results, *out.glob("*/result.json"), *units):
        document = json.loads(path.read_text(encoding="utf-8"))
        yield from misplaced(document, path in units, path.name)
        for error in validator.iter_errors(document):
            where = "/".join(str(step) for step in error.absolute_path)
            yield f"{path.name}: {where}: {error.message}"
        for run in document["runs"]:
            # Facts that are told twice are told alike.
            for name, metric in run["metrics"].items():
                order = [metric[key] for key in
                         ("min", "p50", "p75", "p90", "p95", "p99", "p99.9", "max")]
                if order != sorted(order):
                    yield f"{path.name}: {name}: percentiles out of order: {order}"
    yield from problems_of_xml(xml)


def problems_of_xml(path):
    valid = subprocess.run(["xmllint", "--noout", "--schema", XSD, path], capture_output=True,
                           text=True, check=False)
    if valid.returncode:
        yield valid.stderr


def problems_of_comparison(program, folder):
    """Comparisons with worse, unsure and equal metrics, and of two scenarios."""
    paths = ["scenarios/faults/partition-heal.toml", "scenarios/examples/three-regions.toml"]
    for name, setting in (("a", "protocol.alpha=3"), ("b", "protocol.alpha=1")):
        command = [program, "run", *paths, "--seeds", "1..12", "--quiet", "--out", folder / name,
                   "--set", setting]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    xml = folder / "c.xml"
    done = subprocess.run([program, "compare", folder / "a", folder / "b", "--junit", xml],
                          capture_output=True, text=True, check=False)
    if done.returncode != 1:
        yield f"ended with {done.returncode}: {done.stderr}"
        return
    text = xml.read_text(encoding="utf-8")
    for element in ("<failure ", "<skipped ", "classname=\"faults/partition-heal\""):
        if element not in text:
            yield f"no {element} in {text}"
    yield from problems_of_xml(xml)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    program = parser.parse_args().program.resolve()
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong = 0
    for arguments in RUNS:
        with tempfile.TemporaryDirectory() as folder:
            for problem in problems_of(program, arguments, validator, pathlib.Path(folder)):
                print(f"{' '.join(arguments)}: {problem}")
                wrong += 1
    with tempfile.TemporaryDirectory() as folder:
        for problem in problems_of_comparison(program, pathlib.Path(folder)):
            print(f"compare: {problem}")
            wrong += 1
    # The schema does refuse: a result that lacks something, and one that has something else.
    good = {"schema": 2, "version": "1", "commit": "c", "runs": []}
    for bad in ({**good, "schema": 1}, {**good, "more": 1}, {**good, "runs": [{}]}):
        if validator.is_valid(bad):
            print(f"the schema lets {bad} pass")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
