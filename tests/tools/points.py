"""The points that stand one by one in a scenario's [sweep], as options of `macula-sim run`."""

import json
import tomllib

BOUNDS = ("equals", "at_least", "at_most", "between", "near")


def bounds_at(document, expect):
    """(key, value) of what a point expects."""
    entries = {entry["name"]: entry for entry in document["expect"]}
    for name, said in expect.items():
        if not isinstance(said, dict):
            said = {next(key for key in BOUNDS if key in entries[name]): said}
        for key, value in said.items():
            yield f"expect.{name}.{key}", value


def points_of(path):
    """The options of each point; a file without such points has one, without options."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    points = document.get("sweep", {}).get("point", [])
    if not points:
        return [[]]
    return [[word for key, value in (*point["set"].items(),
                                     *bounds_at(document, point.get("expect", {})))
             for word in ("--set", f"{key}={json.dumps(value, ensure_ascii=False)}")]
            for point in points]


# Names for keys whose last part says too little, or nothing that the others do not say.
NAMES = {"group.node.count": "nodes", "at.record.store.by": None, "at.0.until": None}


def point_text(overrides):
    """"k=8, nodes=100" of a result's `set`, without what is expected there."""
    parts = []
    for override in overrides:
        key, _, value = override.partition("=")
        name = NAMES.get(key, key.rpartition(".")[2])
        if name is not None and not key.startswith("expect."):
            parts.append(f"{name}={value.strip(chr(34))}")
    return ", ".join(parts)
