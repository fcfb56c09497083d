// Two stores: each metric of A beside that of B, and how sure the change is.
import { choice, element, name, table } from "./dom.js";
import { figure } from "./figure.js";
import { count, grouped, quantity } from "./format.js";
import { tag } from "./verdict.js";

const relative = (value, row) => row.a === 0 ? null : value / Math.abs(row.a);
const signed = (text, value) => value > 0 ? `+${text}` : text;
const interval = (row) => row.low === null || row.high === null ? "too few seeds"
  : `${change(row.low, row)} to ${change(row.high, row)}`;
const change = (value, row) => value === null ? "–" : row.a === 0
  ? signed(quantity(value, row.unit), value)
  : signed(quantity(relative(value, row), "rate"), value);

// Each metric's change with its interval, as shares of A.
function forest(pair) {
  const rows = pair.rows.filter((row) => row.a !== 0 && row.change !== null);
  if (rows.length === 0) return null;
  return figure({
    title: "Change from A to B",
    about: "As a share of A, with its interval. An interval that does not reach 0 is more than chance.",
    height: 60 + 28 * rows.length,
    option: (look) => ({
      grid: { left: look.narrow ? 130 : 250, right: 28, top: 8, bottom: 34 },
      xAxis: { type: "value", ...look.axis({ axisLabel: {
        formatter: (value) => signed(quantity(value, "rate"), value) } }) },
      yAxis: { type: "category", inverse: true, data: rows.map((row) => row.name), ...look.axis({
        axisTick: { show: false }, axisLabel: { interval: 0, width: look.narrow ? 120 : 236, overflow: "truncate" } }) },
      series: [{ type: "custom", silent: true, encode: { x: [0, 1, 2], y: 3 },
        data: rows.map((row, i) => ({
          value: [relative(row.change, row), relative(row.low ?? row.change, row),
            relative(row.high ?? row.change, row), i],
          itemStyle: { color: { worse: look.red, better: look.green, unsure: look.amber }[row.verdict] ?? look.blue } })),
        renderItem: (_, api) => {
          const [x, y] = api.coord([api.value(0), api.value(3)]);
          const [low] = api.coord([api.value(1), api.value(3)]);
          const [high] = api.coord([api.value(2), api.value(3)]);
          const fill = api.visual("color");
          return { type: "group", children: [
            { type: "line", shape: { x1: low, y1: y, x2: high, y2: y }, style: { stroke: fill, lineWidth: 2 } },
            { type: "circle", shape: { cx: x, cy: y, r: 5 }, style: { fill } }] };
        },
        markLine: { silent: true, symbol: "none", label: { show: false },
          lineStyle: { color: look.soft, type: "solid" }, data: [{ xAxis: 0 }] } }],
    }),
    table: () => table("Change from A to B", ["metric", "change", "interval", "verdict"],
      rows.map((row) => [name(row.name), change(row.change, row),
        interval(row), row.verdict])),
  });
}

function drawn(pair) {
  const broken = pair.broken.length === 0 ? null : [element("h3", {}, "What held in A and does not in B"),
    element("ul", {}, pair.broken.slice(0, 50).map((each) => element("li", {}, name(each))),
      pair.broken.length > 50 ? element("li", {}, `and ${pair.broken.length - 50} more`) : null)];
  return [
    element("p", {}, tag(pair.verdict), ` Over ${count(pair.seeds, "seed")}, of which ` +
      `${pair.identical === 0 ? "none" : grouped(pair.identical)} went the same way to the digest. Sign-flip permutation test, ` +
      "adjusted after Holm.", pair.alike ? "" : " Settings or defaults differ."),
    table("A beside B", ["metric", "A", "B", "change", "interval", "p", "verdict", "worst seed"],
      pair.rows.map((row) => [name(row.name), quantity(row.a, row.unit), quantity(row.b, row.unit),
        change(row.change, row), interval(row),
        row.p === null ? "–" : String(Number(row.p.toPrecision(2))), tag(row.verdict), row.worst_seed])),
    pair.not_compared.length === 0 ? null : element("p", {}, "Not measured in every run, and so not compared: ",
      name(pair.not_compared.join(", ")), "."),
    broken, element("div", {}, element("h3", {}, "In a picture"), forest(pair))].flat();
}

export function comparisonSection(data) {
  const { pairs } = data.comparison;
  const place = element("div");
  const draw = (i) => place.replaceChildren(...drawn(pairs[i]).filter((each) => each !== null));
  draw(0);
  const sides = data.stores.map((store, i) => element("p", {}, `${"AB"[i]} is `, name(store.folder),
    `, macula-sim ${store.version} (`, element("span", { class: "mono" }, name(store.commit)), ")."));
  return element("section", { id: "comparison", "aria-label": "Comparison" },
    element("h2", {}, "A and B"), sides,
    pairs.length === 1 ? null : element("div", { class: "controls" },
      choice("Scenario", pairs.map((pair) => `${pair.scenario} (${pair.verdict})`), draw)), place);
}
