"""Others read what `macula-sim graph` writes, and another library computes the same figures.

    /usr/bin/python3 overlays.py --program bin/macula-sim [--seed N] [--graphs N]

Draws networks by `knows`, some sparse, some dense, in parts or whole, with nodes that are down and
regions named like markup. NetworkX reads the GraphML, and Graphviz the DOT: nodes, their attributes
and edges are those of the scenario. All figures of the JSON are computed again by NetworkX from the
GraphML. The JSON is as analysis/overlay.schema.json says, which refuses what is not.
"""

import argparse
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

import jsonschema
import networkx

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "analysis" / "overlay.schema.json"
REGIONS = ["", "eu", 'a<b>&"c\'', "back\\", "\\N \\\" -> x;", "node", "zwölf"]
BUCKET = 20  # a bucket takes no more: denser graphs would lose edges


class Drawn:
    """A network: its scenario, and what the graph of it must be."""

    def __init__(self, draw):
        self.count = draw.randrange(1, 40)
        edges = draw.choice([0.02, 0.05, 0.1, 0.4])
        self.names = [draw.choice(["n", "node", "graph", "x-1.y_"]) + f"{i}"
                      for i in range(self.count)]
        self.regions = [draw.choice(REGIONS) for _ in self.names]
        self.roles = [draw.choice(["edge", "bootstrap"]) for _ in self.names]
        self.down = [draw.random() < 0.15 for _ in self.names]
        self.knows = [[j for j in range(self.count) if j != i and draw.random() < edges][:BUCKET]
                      for i in range(self.count)]

    def toml(self):
        text = ('[scenario]\nschema = 1\nname = "drawn"\nduration = "10s"\nrecord = true\n'
                '[protocol]\nk = 40\nsubnet_limit = 256\n')
        for i, name in enumerate(self.names):
            text += f'[[node]]\nname = "{name}"\nrole = "{self.roles[i]}"\n'
            if self.regions[i]:
                text += f"region = {json.dumps(self.regions[i], ensure_ascii=False)}\n"
            if self.knows[i]:
                text += f"knows = {json.dumps([self.names[j] for j in self.knows[i]])}\n"
        down = [name for name, is_down in zip(self.names, self.down) if is_down]
        if down:
            text += f'[[at]]\nt = "0s"\ncrash = {json.dumps(down)}\n'
        return text

    def edges(self):
        return {(self.names[i], self.names[j]) for i in range(self.count) if not self.down[i]
                for j in self.knows[i]}


def nearest_rank(values, share):
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def share(part, whole):
    return part / whole if whole else 0


def components(found):
    sizes = [len(part) for part in found]
    return {"count": len(sizes), "largest": max(sizes, default=0),
            "largest_share": share(max(sizes, default=0), sum(sizes))}


def without(live, gone):
    left = live.subgraph(set(live) - set(gone))
    parts = components(networkx.weakly_connected_components(left))
    return {"gone": len(gone), "left": len(left), "components": parts["count"],
            "largest_share": parts["largest_share"]}


def figures_of(graph):
    """All that follows from the graph, as the JSON has it; by names. `most` and which are the top
    by in-degree among equals are the program's to choose: by the order of nodes."""
    live = graph.subgraph([n for n, data in graph.nodes(data=True) if data["alive"]])
    order = [n for n in graph if n in live]
    both = live.to_undirected()
    lengths = [length for source, reached in networkx.all_pairs_shortest_path_length(live)
               for target, length in reached.items() if source != target]
    degrees = dict(live.in_degree())
    ranked = sorted(order, key=lambda n: -degrees[n])
    regions = {}
    for node in order:
        regions.setdefault(live.nodes[node].get("region") or "", []).append(node)
    regions.pop("", None)
    removals = []
    if order:
        removals = [{"top": top, **without(live, ranked[:math.ceil(top * len(order))])}
                    for top in (0.01, 0.05, 0.1)]
    removals += [{"region": name, **without(live, nodes)} for name, nodes in
                 sorted(regions.items(), key=lambda item: (-len(item[1]), item[0].encode()))]
    return {
        "nodes": len(live), "nodes_down": len(graph) - len(live), "edges": live.size(),
        "edges_to_nodes_down": graph.size() - live.size(),
        "weak_components": components(networkx.weakly_connected_components(live)),
        "strong_components": components(networkx.strongly_connected_components(live)),
        "paths": {"exact": True, "targets": len(live),
                  "pairs": len(live) * max(len(live) - 1, 0), "reached": len(lengths),
                  "longest": max(lengths, default=None),
                  "mean": sum(lengths) / len(lengths) if lengths else None},
        "in_degree": {"min": min(degrees.values(), default=0),
                      "max": max(degrees.values(), default=0),
                      "p50": nearest_rank(degrees.values(), 0.5) if degrees else 0,
                      "p99": nearest_rank(degrees.values(), 0.99) if degrees else 0,
                      "most": [{"node": n, "in_degree": degrees[n]} for n in ranked[:5]]},
        "articulation_points": [n for n in order if n in set(networkx.articulation_points(both))],
        "bridges": sorted((sorted(edge, key=order.index) for edge in networkx.bridges(both)),
                          key=lambda edge: [order.index(n) for n in edge]),
        "clustering": {"exact": True, "nodes": len(live),
                       "mean": networkx.average_clustering(both) if len(live) else 0},
        "without": removals,
    }


def differences(wrote, computed, where=""):
    """Where two documents differ, numbers with a fraction but for rounding."""
    if isinstance(computed, dict) and isinstance(wrote, dict):
        for key in sorted(wrote.keys() | computed.keys()):
            yield from differences(wrote.get(key), computed.get(key), f"{where}/{key}")
    elif isinstance(computed, list) and isinstance(wrote, list) and len(wrote) == len(computed):
        for i, (one, other) in enumerate(zip(wrote, computed)):
            yield from differences(one, other, f"{where}/{i}")
    elif isinstance(computed, float) and isinstance(wrote, (int, float)):
        if not math.isclose(wrote, computed, abs_tol=1e-12):
            yield f"{where}: {wrote}, computed {computed}"
    elif wrote != computed:
        yield f"{where}: {wrote}, computed {computed}"


def by_graphml(path):
    graph = networkx.read_graphml(path)
    return networkx.relabel_nodes(graph, {n: data["name"] for n, data in graph.nodes(data=True)})


def by_graphviz(path):
    """Nodes with attributes, and edges. `label` is shown with its escapes taken for what they are;
    other attributes are given as they stand between the quotes."""
    done = subprocess.run(["dot", "-Tdot_json", path], capture_output=True, text=True, check=True)
    document = json.loads(done.stdout)
    objects = document.get("objects", [])

    def plain(text):
        return text.replace('\\"', '"').replace("\\\\", "\\")

    nodes = {plain(o["label"]): {key: plain(o[key]) for key in
                                 ("name", "group", "role", "region", "id", "alive") if key in o}
             for o in objects}
    names = [plain(o["label"]) for o in objects]
    return nodes, {(names[e["tail"]], names[e["head"]]) for e in document.get("edges", [])}


def problems_of(program, drawn, validator, folder):
    scenario = folder / "drawn.toml"
    scenario.write_text(drawn.toml(), encoding="utf-8")
    paths = {form: folder / f"o.{form}" for form in ("graphml", "dot", "json")}
    for path in paths.values():
        done = subprocess.run([program, "graph", scenario, "--at", "0s", "--out", path],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"ended with {done.returncode}: {done.stderr}"
            return
    graph = by_graphml(paths["graphml"])
    if set(graph.edges()) != drawn.edges():
        yield f"GraphML has other edges: {set(graph.edges()) ^ drawn.edges()}"
    nodes, edges = by_graphviz(paths["dot"])
    if edges != drawn.edges():
        yield f"DOT has other edges: {edges ^ drawn.edges()}"
    for i, name in enumerate(drawn.names):
        wanted = {"group": name, "role": drawn.roles[i], "region": drawn.regions[i]}
        for form, attributes in (("GraphML", graph.nodes[name]), ("DOT", nodes[name])):
            for key, value in wanted.items():
                if (attributes.get(key) or "") != value:
                    yield f"{form}: {name}: {key}: {attributes.get(key)!r}, not {value!r}"
            if str(attributes["alive"]).lower() != str(not drawn.down[i]).lower():
                yield f"{form}: {name}: alive: {attributes['alive']}"
            if len(attributes["id"]) != 64:
                yield f"{form}: {name}: id: {attributes['id']}"
    document = json.loads(paths["json"].read_text(encoding="utf-8"))
    for error in validator.iter_errors(document):
        yield f"{'/'.join(str(step) for step in error.absolute_path)}: {error.message}"
    head = {key: document.pop(key) for key in
            ("schema", "version", "commit", "scenario", "scenario_hash", "seed", "virtual_ns")}
    if (head["scenario"], head["seed"], head["virtual_ns"]) != ("drawn", 1, 0):
        yield f"another run: {head}"
    yield from differences(document, figures_of(graph))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--graphs", type=int, default=40)
    arguments = parser.parse_args()
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong = 0
    for number in range(arguments.seed, arguments.seed + arguments.graphs):
        drawn = Drawn(random.Random(number))
        with tempfile.TemporaryDirectory() as folder:
            for problem in problems_of(arguments.program.resolve(), drawn, validator,
                                       pathlib.Path(folder)):
                print(f"--seed {number} --graphs 1: {problem}")
                wrong += 1
    if validator.is_valid({"schema": 1}):
        print("the schema lets a document without figures pass")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
