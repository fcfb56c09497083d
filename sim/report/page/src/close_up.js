// One run from nearby: single lookups, who knows whom, nodes that stand out; or why they are not there.
import { element, name, table } from "./dom.js";
import { count, quantity } from "./format.js";
import { lookupsSection } from "./lookups.js";
import { routingSection } from "./routing.js";

// As robust scores have it: analysis/outliers.h.
const kStandsOut = 3.5;

function whyOf(figure, { value }) {
  const of = `the median of ${count(figure.nodes, "node")}`;
  if (figure.median === 0) return `${quantity(value, figure.unit)}, where ${of} is 0`;
  const times = value / figure.median;
  return times >= 1 ? `${quantity(times, "count")} times ${of}`
    : `${quantity(times, "rate")} of ${of}`;
}

function nodesSection({ figures, seed }) {
  const rows = figures.flatMap((figure) => figure.outstanding.map((node) => [
    { value: name(node.name), class: "text" }, { value: figure.name, class: "text" },
    quantity(node.value, figure.unit), quantity(figure.median, figure.unit),
    quantity(node.score, "count"),
    { value: `${Math.abs(node.score) >= kStandsOut ? "stands out" : "as others are"}: ${whyOf(figure, node)}`,
      class: "text" }]));
  if (figures.length === 0) return null;
  const alike = figures.filter((figure) => figure.outstanding.length === 0);
  return element("section", { id: "nodes", "aria-label": "Nodes that stand out" },
    element("h2", {}, "Nodes that stand out"),
    element("p", {}, `Of seed ${seed}: of each figure the nodes that differ most from the others. ` +
      `The score is the distance from the median over its usual size (modified z-score); from ${kStandsOut} on a node stands out.`),
    rows.length === 0 ? null : table("Nodes that differ most",
      ["node", { value: "figure", class: "text" }, "value", "median", "score", { value: "why", class: "text" }], rows),
    alike.length === 0 ? null : element("p", {}, `The same of all nodes: ${alike.map((figure) =>
      `${figure.name}, ${quantity(figure.median, figure.unit)}`).join("; ")}.`));
}

export function closeUpSections(group) {
  if (group.close_up === undefined) {
    return [element("section", { id: "close-up", "aria-label": "A closer look" },
      element("h2", {}, "A closer look"),
      element("p", {}, "Single lookups, routing tables and nodes that stand out are told of a run that is made again; not here: ",
        name(group.no_close_up), "."))];
  }
  return [lookupsSection(group.close_up), routingSection(group.close_up), nodesSection(group.close_up)];
}
