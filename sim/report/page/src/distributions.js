// Cumulative distributions: the share of samples that are not above a value. They are those of one
// store, or of A and B in one picture.
import { choice, element, name, table } from "./dom.js";
import { figure } from "./figure.js";
import { grouped, quantity } from "./format.js";

// At this share, the value.
const valueAt = (curve, share) => curve.find(([, below]) => below >= share - 1e-9)?.[0] ?? null;

function drawn(title, unit, curves) {
  const values = curves.flatMap(({ curve }) => curve.map(([value]) => value)).filter((each) => each > 0);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const log = unit !== "count" && most / least > 50;
  const colours = ["blue", "amber"];
  const from = log ? 10 ** Math.floor(Math.log10(least)) : 0;
  const shares = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
  return figure({
    title, about: `Share of the samples that are not above; of ${curves.map(({ side, samples }) =>
      `${grouped(samples)} samples${side === "" ? "" : ` (${side})`}`).join(" and ")}, each within 1 %.`,
    height: 280,
    option: (look) => ({
      grid: { left: 52, right: 24, top: curves.length > 1 ? 34 : 14, bottom: 34 },
      legend: { show: curves.length > 1, top: 0, textStyle: { color: look.ink } },
      xAxis: { type: log ? "log" : "value", min: from, max: log ? undefined : most,
        minInterval: unit === "count" ? 1 : undefined,
        ...look.axis({ axisLabel: { formatter: (value) => quantity(value, unit) } }) },
      yAxis: { type: "value", min: 0, max: 1, ...look.axis({
        axisLabel: { formatter: (value) => quantity(value, "rate") } }) },
      series: curves.map(({ side, curve }, i) => ({
        type: "line", name: side, step: "end", showSymbol: false, silent: true,
        color: look[colours[i]], lineStyle: { width: 2, type: i === 0 ? "solid" : [6, 3] },
        data: [[Math.max(curve[0][0], from), 0],
          ...curve.filter(([value]) => !log || value > 0)] })),
    }),
    table: () => table(title, ["share", ...curves.map(({ side }) => side === "" ? "not above" : side)],
      shares.map((share) => [quantity(share, "rate"),
        ...curves.map(({ curve }) => quantity(valueAt(curve, share), unit))])),
  });
}

// Those that people look for first.
const rank = (metric) => {
  const order = ["lookup.latency_ms", "latency_ms(", "lookup.depth", "lookup.rounds", "hops", "lookup.rpcs"];
  const found = order.findIndex((each) => metric.name.startsWith(each));
  return found === -1 ? order.length : found;
};

// A choice among those of one kind, and the picture of the chosen one.
function chooser(label, metrics, sides) {
  if (metrics.length === 0) return null;
  metrics.sort((a, b) => rank(a) - rank(b));
  const place = element("div");
  const draw = (i) => {
    const { name: metric, unit } = metrics[i];
    const curves = sides.flatMap(({ side, group }) => group.distributions
      .filter((each) => each.name === metric).map((each) => ({ ...each, side })));
    place.replaceChildren(drawn(metric, unit, curves));
  };
  draw(0);
  return element("div", {}, metrics.length === 1 ? null
    : element("div", { class: "controls" }, choice(label, metrics.map((each) => each.name), draw)), place);
}

// `sides`: [{side: "", group}], or A and B.
export function distributionsSection(sides) {
  const metrics = sides[0].group.distributions;
  const times = chooser("Time", metrics.filter((each) => each.unit === "ms"), sides);
  const counts = chooser("Count", metrics.filter((each) => each.unit !== "ms"), sides);
  if (times === null && counts === null) return null;
  return element("section", { id: "distributions", "aria-label": "Distributions" },
    element("h2", {}, "Distributions"), element("div", { class: "pair" }, times, counts));
}
