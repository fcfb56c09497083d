// A run over time: faults, operations and expectations as lanes, and under them success, latency,
// messages, bytes and nodes, all over one axis with one cursor.
import { choice, element, name, table } from "./dom.js";
import { figure } from "./figure.js";
import { moment, quantity } from "./format.js";

const kLane = 22;
const kMostLanes = 28;
const kGap = 34;
const kRight = 28;

// Lanes in order; each a row of the first grid. Spans that do not overlap share a row where there
// are too many.
function lanesOf(timeline) {
  const { lanes } = timeline;
  const all = [["faults", lanes.faults], ["operations", lanes.operations],
    ["expectations", lanes.expectations]].flatMap(([kind, spans]) =>
    spans.map((span) => ({ ...span, kind })));
  const rows = [];
  for (const span of all) {
    const fits = (row) => row.kind === span.kind && row.spans.every((other) =>
      other.until < span.from || span.until < other.from) &&
      (all.length > kMostLanes || (row.spans[0].name === span.name && row.spans[0].what === span.what));
    const row = rows.find(fits);
    if (row) row.spans.push(span);
    else rows.push({ kind: span.kind, spans: [span] });
  }
  return { rows: rows.slice(0, kMostLanes), left: Math.max(rows.length - kMostLanes, 0) };
}

const markOf = (span) => span.passed === undefined ? "" : span.passed ? "✓ " : "✗ ";
const titleOf = (span) => markOf(span) + (span.what === "" ? span.name : `${span.name}: ${span.what}`);
const shortened = (text, most) => text.length <= most ? text : `${text.slice(0, most - 1)}…`;

const valuesOf = (timeline, operations) => ({
  success: operations.ended.map((ended, i) => ended === 0 ? null : 1 - operations.failed[i] / ended),
  p50: operations.p50_ms,
  p99: operations.p99_ms,
  messages: timeline.messages,
  bytes: timeline.bytes,
  up: timeline.up,
});

// One below the other. `keys`: those of the values.
const kPanels = [
  { title: "success", unit: "rate", height: 90, keys: ["success"], max: 1, interval: 0.5 },
  { title: "latency, p50 and p99 (dashed)", unit: "ms", height: 110, keys: ["p50", "p99"] },
  { title: "messages", unit: "count", height: 80, keys: ["messages"], filled: true },
  { title: "bytes", unit: "bytes", height: 80, keys: ["bytes"], filled: true },
  { title: "nodes up", unit: "count", height: 70, keys: ["up"], filled: true },
];
const kColours = { success: "green", p50: "blue", p99: "blue", messages: "violet", bytes: "violet",
  up: "soft" };

// Seconds between the marks of an axis, so that there are at most so many.
export function marks(end, most) {
  const units = [[1, [1, 2, 5, 10, 15, 30]], [60, [1, 2, 5, 10, 15, 30]], [3600, [1, 2, 3, 6, 12, 24]]];
  const small = [0.001, 0.01, 0.1].flatMap((each) => [each, each * 2, each * 5]);
  const steps = [...small, ...units.flatMap(([unit, all]) => all.map((each) => each * unit))];
  return steps.find((each) => end / each <= most) ?? end / most;
}

function laneSeries(look, rows) {
  const colours = { faults: look.red, operations: look.soft, expectations: look.green };
  return {
    type: "custom", xAxisIndex: 0, yAxisIndex: 0, silent: true, clip: true,
    data: rows.flatMap((row, i) => row.spans.map((span) => ({
      value: [span.from, i, span.until],
      itemStyle: { color: span.kind === "expectations" && !span.passed ? look.red : colours[span.kind] },
      span }))),
    encode: { x: [0, 2], y: 1 },
    renderItem: (params, api) => {
      const [left, y] = api.coord([api.value(0), api.value(1)]);
      const [right] = api.coord([api.value(2), api.value(1)]);
      const size = Math.max(right - left, 4);
      const x = Math.min(left, params.coordSys.x + params.coordSys.width - size);
      return { type: "rect", shape: { x, y: y - 5, width: size, height: 10, r: 2 },
        style: { fill: api.visual("color"), opacity: 0.85 } };
    },
  };
}

const leftOf = (narrow) => narrow ? 112 : 210;

function optionOf(look, timeline, lanes, values, times, end) {
  const left = leftOf(look.narrow);
  const interval = marks(end, look.narrow ? 4 : 8);
  // All over one another, whatever their labels need.
  const width = { left, right: kRight, outerBoundsMode: "none" };
  const grids = [];
  const xs = [];
  const ys = [];
  let top = 8;
  const add = (height, x, y) => {
    grids.push({ ...width, top, height });
    xs.push({ type: "value", min: 0, max: end, interval, gridIndex: grids.length - 1, ...look.axis(x) });
    ys.push({ gridIndex: grids.length - 1, ...look.axis(y) });
    top += height + kGap;
  };
  const hidden = { axisLabel: { show: false }, axisTick: { show: false } };
  add(lanes.rows.length * kLane, { ...hidden, splitLine: { show: false } }, {
    type: "category", inverse: true, axisTick: { show: false }, axisLine: { show: false },
    splitLine: { show: false },
    data: lanes.rows.map((row) => titleOf(row.spans[0])),
    axisLabel: { interval: 0, width: left - 14, overflow: "truncate",
      formatter: (text) => shortened(text, look.narrow ? 15 : 32) } });
  const series = [laneSeries(look, lanes.rows)];
  kPanels.forEach((panel, i) => {
    const last = i === kPanels.length - 1;
    add(panel.height, last ? { axisLabel: { formatter: moment } } : hidden, {
      type: "value", name: panel.title, nameLocation: "end", nameGap: 8, max: panel.max,
      interval: panel.interval, minInterval: panel.unit === "count" ? 1 : undefined,
      nameTextStyle: { color: look.ink, align: "left", fontSize: 12.5, padding: [0, 0, 0, 4] },
      min: 0, splitNumber: 3, axisLabel: { formatter: (value) => quantity(value, panel.unit) } });
    for (const key of panel.keys) {
      const data = values[key].map((value, j) => [times[j], value]);
      const few = values[key].filter((value) => value !== null).length < 60;
      series.push({ type: "line", name: key, xAxisIndex: i + 1, yAxisIndex: i + 1, data,
        step: panel.filled ? "middle" : false, connectNulls: true, silent: true,
        showSymbol: few && !panel.filled, symbol: "circle", symbolSize: 4,
        color: look[kColours[key]],
        lineStyle: { width: 1.6, type: key === "p99" ? [5, 3] : "solid" },
        areaStyle: panel.filled ? { color: look[kColours[key]], opacity: 0.14, decal: "none" } : undefined });
    }
  });
  return { option: { grid: grids, xAxis: xs, yAxis: ys, series, legend: { show: false } },
    height: top + 6 };
}

const heightOf = (lanes) => lanes.rows.length * kLane + 8 + kGap +
  kPanels.reduce((sum, panel) => sum + panel.height + kGap, 0);

// The bin with the least success, so that the cursor begins where there is something to see.
function mostTelling(success) {
  const known = success.filter((value) => value !== null);
  return known.length === 0 ? 0 : success.indexOf(Math.min(...known));
}

// The cursor: its line in the chart, its slider, and what is read off there.
class Cursor {
  constructor(timeline, values, times) {
    Object.assign(this, { timeline, values, times, at: mostTelling(values.success) });
    this.line = element("div", { class: "cursor" });
    this.slider = element("input", { type: "range", class: "slider", min: 0, max: times.length - 1,
      value: this.at, "aria-label": "Cursor: a time of the run",
      oninput: () => this.move(Number(this.slider.value)) });
    this.readout = element("output", { class: "readout", "aria-live": "polite" });
  }

  move(bin) {
    this.at = Math.max(0, Math.min(this.times.length - 1, bin));
    this.slider.value = this.at;
    this.tell();
    this.place();
  }

  tell() {
    const { at, timeline, values } = this;
    const from = at * timeline.bin;
    const to = from + timeline.bin;
    this.slider.setAttribute("aria-valuetext", `${moment(from)} to ${moment(to)}`);
    const cell = (title, text) => element("span", {}, element("i", {}, `${title} `), element("b", {}, text));
    const about = ["faults", "expectations"].flatMap((kind) => timeline.lanes[kind])
      .filter((span) => span.from <= to && from <= span.until).map(titleOf);
    this.readout.replaceChildren(
      cell("at", `${moment(from)} to ${moment(to)}`),
      cell("success", quantity(values.success[at], "rate")),
      cell("p50", quantity(values.p50[at], "ms")),
      cell("p99", quantity(values.p99[at], "ms")),
      cell("messages", quantity(values.messages[at], "count")),
      cell("bytes", quantity(values.bytes[at], "bytes")),
      cell("nodes up", quantity(values.up[at], "count")),
      about.length === 0 ? "" : element("span", { class: "lanes" }, name(about.slice(0, 8).join(" · ")),
        about.length > 8 ? ` · ${about.length - 8} more` : ""));
  }

  drawn(chart, place, height) {
    this.chart = chart;
    if (this.line.parentNode !== place) {
      place.append(this.line);
      chart.getZr().on("mousemove", (event) => {
        const seconds = chart.convertFromPixel({ xAxisIndex: 0 }, event.offsetX);
        this.move(Math.floor(seconds / this.timeline.bin));
      });
    }
    this.line.style.top = "4px";
    this.line.style.height = `${height - 40}px`;
    // Under the charts, whose left side is that of their labels.
    const left = leftOf(place.clientWidth < 620);
    this.slider.style.marginLeft = `${left - 8}px`;
    this.slider.style.width = `${place.clientWidth - left - kRight + 16}px`;
    this.place();
  }

  place() {
    if (!this.chart) return;
    this.line.style.left = `${this.chart.convertToPixel({ xAxisIndex: 0 }, this.times[this.at])}px`;
  }

  key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10 };
    const ends = { Home: 0, End: this.times.length - 1 };
    const to = event.key in ends ? ends[event.key] : this.at + (steps[event.key] ?? NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    this.move(to);
  }
}

function tableOf(timeline, values, times) {
  return table("What happened over time",
    ["from", "operations", "failed", "p50", "p99", "messages", "bytes", "nodes up"],
    times.map((_, i) => [moment(i * timeline.bin),
      String(timeline.shown.ended[i] ?? 0), String(timeline.shown.failed[i] ?? 0),
      quantity(values.p50[i], "ms"), quantity(values.p99[i], "ms"),
      quantity(values.messages[i], "count"), quantity(values.bytes[i], "bytes"),
      quantity(values.up[i], "count")]));
}

function lanesTable(timeline) {
  const rows = Object.entries(timeline.lanes).filter(([, spans]) => Array.isArray(spans))
    .flatMap(([kind, spans]) => spans.map((span) => [
      { value: name(titleOf(span)), class: "text" }, kind, moment(span.from),
      span.until === span.from ? "once" : moment(span.until),
      span.passed === undefined ? "" : span.passed ? "holds" : "does not hold"]));
  return rows.length === 0 ? null
    : table("Faults, operations and expectations", ["what", "kind", "from", "until", "verdict"], rows);
}

function drawn(group, timeline, operations) {
  timeline.shown = operations;
  const times = timeline.messages.map((_, i) => (i + 0.5) * timeline.bin);
  const values = valuesOf(timeline, operations);
  for (const key of ["success", "p50", "p99"]) {
    if (values[key].length === 0) values[key] = times.map(() => null);
  }
  const end = times.length * timeline.bin;
  const lanes = lanesOf(timeline);
  const height = heightOf(lanes);
  const cursor = new Cursor(timeline, values, times);
  cursor.tell();
  const whose = timeline.seed === null ? `the mean of ${timeline.runs} runs` : `seed ${timeline.seed}`;
  const left = lanes.left + timeline.lanes.left_out;
  const about = `Virtual time, ${moment(timeline.bin)} a bin; ${whose}. Faults are red, operations grey, ` +
    `expectations green or, where they fail, red. Operations count where they began. Arrow keys move the cursor.${left === 0 ? "" : ` ${left} lanes are left out.`}`;
  return figure({
    title: `${group.scenario} over time`, about, height,
    option: (look) => optionOf(look, timeline, lanes, values, times, end).option,
    drawn: (chart, place) => cursor.drawn(chart, place, height),
    keys: (event) => cursor.key(event),
    below: [cursor.slider, cursor.readout],
    table: () => [tableOf(timeline, values, times), lanesTable(timeline)],
  });
}

export function timelineSection(group) {
  if (group.timelines.length === 0) return null;
  const place = element("div");
  const controls = element("div", { class: "controls" });
  const state = { run: 0, label: 0 };
  const draw = () => {
    const timeline = group.timelines[state.run];
    const operations = state.label === 0 ? timeline.operations
      : (timeline.labels.find((each) => each.label === labels[state.label]) ?? timeline.operations);
    place.replaceChildren(drawn(group, timeline, operations));
  };
  const labels = ["all", ...new Set(group.timelines.flatMap((each) =>
    each.labels.map((of) => of.label)))];
  if (group.timelines.length > 1) {
    const names = group.timelines.map((each) => each.seed === null ? `all ${each.runs}, on the mean`
      : `seed ${each.seed}${each.passed ? "" : " (failed)"}`);
    const failed = group.timelines.findIndex((each) => each.seed !== null && !each.passed);
    state.run = Math.max(failed, 0);
    controls.append(choice("Run", names, (i) => {
      state.run = i;
      draw();
    }, state.run));
  }
  if (labels.length > 2) {
    controls.append(choice("Operations", labels, (i) => {
      state.label = i;
      draw();
    }));
  }
  draw();
  return element("section", { id: "over-time", "aria-label": "Over time" },
    element("h2", {}, "Over time"), controls, place);
}
