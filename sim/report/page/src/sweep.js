// A sweep: figures along one key as lines with their intervals, over two as a heat map.
import { choice, element, name, table } from "./dom.js";
import { figure } from "./figure.js";
import { quantity, spread } from "./format.js";

const isNumber = (text) => /^-?\d[\d_]*(\.\d+)?$/.test(text);
const numberOf = (text) => Number(text.replaceAll("_", ""));
const counts = (key) => /(^|\.)count$/.test(key);
const isHops = (metric) => /^(lookup\.(depth|rounds)|relay\.hops)/.test(metric);

function errorBars(look, points, x) {
  return {
    type: "custom", silent: true, encode: { x: 0, y: [1, 2] },
    data: points.filter(({ figure: [, low] }) => low !== null).map((point) =>
      [x(point), point.figure[1], point.figure[2]]),
    renderItem: (_, api) => {
      const [at, low] = api.coord([api.value(0), api.value(1)]);
      const [, high] = api.coord([api.value(0), api.value(2)]);
      const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 },
        style: { stroke: look.blue, lineWidth: 1.5 } });
      return { type: "group", children: [line(at, low, at, high), line(at - 4, low, at + 4, low),
        line(at - 4, high, at + 4, high)] };
    },
  };
}

function lines(sweep, axis, points, of) {
  const values = sweep.axes[axis].values;
  const numeric = values.every(isNumber);
  const numbers = values.map(numberOf);
  const log = numeric && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= 8;
  const x = (point) => numeric ? numbers[point.at[axis]] : point.at[axis];
  const sorted = numeric ? [...points].sort((a, b) => x(a) - x(b)) : points;
  const { key } = sweep.axes[axis];
  const theory = numeric && counts(key) && isHops(of.name);
  return figure({
    title: `${of.name} by ${key}`,
    about: `The mean over the seeds, with its interval at 95 %${theory ? "; dashed: log₂ of the count" : ""}.`,
    height: 320,
    option: (look) => ({
      grid: { left: 64, right: 28, top: theory ? 34 : 16, bottom: 52 },
      legend: { show: theory, top: 0, data: [of.name, "log₂ N"], textStyle: { color: look.ink } },
      xAxis: { type: numeric ? (log ? "log" : "value") : "category", logBase: 2,
        ...(numeric ? { scale: true } : { data: values }),
        name: key, nameLocation: "middle", nameGap: 32, ...look.axis({ splitLine: { show: false } }) },
      yAxis: { type: "value", scale: true,
        ...look.axis({ axisLabel: { formatter: (value) => quantity(value, of.unit) } }) },
      series: [
        { type: "line", name: of.name, silent: true, symbol: "circle", symbolSize: 7, color: look.blue,
          lineStyle: { width: 2 }, data: sorted.map((point) => [x(point), point.figure[0]]) },
        errorBars(look, sorted, x),
        ...(theory ? [{ type: "line", name: "log₂ N", silent: true, showSymbol: false, color: look.soft,
          lineStyle: { type: [6, 4], width: 1.6 },
          data: sorted.map((point) => [x(point), Math.log2(x(point))]) }] : []),
      ],
    }),
    table: () => table(`${of.name} by ${key}`, [name(key), "mean and interval", "passed"],
      sorted.map((point) => [name(values[point.at[axis]]), spread(point.figure, of.unit),
        `${point.passed} of ${point.runs}`])),
  });
}

function heatMap(sweep, [across, down], points, of) {
  const xs = sweep.axes[across];
  const ys = sweep.axes[down];
  const means = points.map((point) => point.figure[0]);
  const cells = points.map((point) => ({ value: [point.at[across], point.at[down], point.figure[0]] }));
  return figure({
    title: `${of.name} by ${xs.key} and ${ys.key}`,
    about: "The mean over the seeds; a stronger colour is more. Each cell says its number.",
    height: 100 + 44 * ys.values.length,
    decals: false,
    option: (look) => ({
      grid: { left: 96, right: 16, top: 8, bottom: 84 },
      xAxis: { type: "category", data: xs.values, name: xs.key, nameLocation: "middle", nameGap: 30,
        ...look.axis({ splitLine: { show: false } }) },
      yAxis: { type: "category", data: ys.values, name: ys.key, nameLocation: "middle", nameGap: 72,
        ...look.axis({ splitLine: { show: false } }) },
      visualMap: { min: Math.min(...means), max: Math.max(...means) === Math.min(...means)
        ? Math.max(...means) + 1 : Math.max(...means), orient: "horizontal", left: "center", bottom: 0,
      itemHeight: 120, itemWidth: 12, calculable: false, text: ["more", "less"],
      textStyle: { color: look.soft }, inRange: { color: [look.wash, look.blue] } },
      series: [{ type: "heatmap", silent: true, data: cells,
        itemStyle: { borderColor: look.paper, borderWidth: 2 },
        label: { show: true, color: look.ink, fontSize: 12, textBorderColor: look.paper, textBorderWidth: 3,
          formatter: ({ value }) => quantity(value[2], of.unit) } }],
    }),
    table: () => table(`${of.name} by ${xs.key} and ${ys.key}`, [name(xs.key), name(ys.key),
      "mean and interval", "passed"], points.map((point) => [name(xs.values[point.at[across]]),
      name(ys.values[point.at[down]]), spread(point.figure, of.unit), `${point.passed} of ${point.runs}`])),
  });
}

function sweepSection(sweep, number) {
  const place = element("div");
  const controls = element("div", { class: "controls" });
  // Two keys are drawn; the others stand at a value.
  const state = { figure: 0, fixed: sweep.axes.map(() => 0) };
  const draw = () => {
    const of = sweep.figures[state.figure];
    const points = sweep.points
      .filter((point) => point.at.every((value, i) => i < 2 || value === state.fixed[i]))
      .map((point) => ({ ...point, figure: point.figures[state.figure] }))
      .filter((point) => point.figure !== null);
    if (points.length === 0) {
      place.replaceChildren(element("p", {}, "No run measured this here."));
    } else if (sweep.axes.length === 1) {
      place.replaceChildren(lines(sweep, 0, points, of));
    } else {
      place.replaceChildren(heatMap(sweep, [0, 1], points, of));
    }
  };
  const first = sweep.figures.findIndex((each) => isHops(each.name));
  // Else one that is not the same everywhere.
  const varies = sweep.figures.findIndex((_, i) => new Set(sweep.points.filter((point) =>
    point.figures[i] !== null).map((point) => point.figures[i][0])).size > 1);
  state.figure = Math.max(varies, 0);
  if (sweep.axes.length === 1 && counts(sweep.axes[0].key) && first !== -1) state.figure = first;
  controls.append(choice("Figure", sweep.figures.map((each) => each.name), (i) => {
    state.figure = i;
    draw();
  }, state.figure));
  sweep.axes.forEach((axis, i) => {
    if (i < 2) return;
    controls.append(choice(axis.key, axis.values, (value) => {
      state.fixed[i] = value;
      draw();
    }));
  });
  draw();
  return element("section", { id: `sweep-${number}`, "aria-label": number === 1 ? "Sweep" : `Sweep ${number}` },
    element("h2", {}, "Sweep of ", name(sweep.scenario)), controls, place);
}

export const sweepSections = (sweeps) => sweeps.map((sweep, i) => sweepSection(sweep, i + 1));
