// The contacts of nodes, by ids, at some instants of a run: all nodes as a bitmap, and some of them
// on the circle of ids, with the contacts of one.
import { choice, element, name, table } from "./dom.js";
import { figure } from "./figure.js";
import { count, grouped, moment, quantity } from "./format.js";

// Bins are [first name, nodes, up, contacts, known].
const kName = 0, kNodes = 1, kUp = 2, kContacts = 3, kKnown = 4;

const binName = (snapshot, i) => snapshot.bins[i][kNodes] === 1 ? snapshot.bins[i][kName]
  : `${i + 1}: ${snapshot.bins[i][kName]} and ${grouped(snapshot.bins[i][kNodes] - 1)} more`;

// ----- the bitmap -----

// The share of a cell's pairs in which the one node knows the other.
const shareOf = (snapshot, [row, column, contacts]) =>
  contacts / (snapshot.bins[row][kNodes] * snapshot.bins[column][kNodes]);

function bitmapOption(look, snapshot) {
  const size = snapshot.bins.length;
  const most = Math.max(...snapshot.cells.map((cell) => shareOf(snapshot, cell)), 1e-9);
  const box = (api, x, y, fill, opacity) => {
    const [left, top] = api.coord([x, y]);
    const [right, bottom] = api.coord([x + 1, y + 1]);
    return { type: "rect", shape: { x: left, y: top, width: Math.max(right - left, 1),
      height: Math.max(bottom - top, 1) }, style: { fill, opacity } };
  };
  // Bins with no node up, along both sides.
  const down = snapshot.bins.flatMap((bin, i) => bin[kUp] === 0 ? [[-1.6, i], [i, -1.6]] : []);
  const series = (data, renderItem) => ({ type: "custom", silent: true, clip: false,
    encode: { x: 0, y: 1 }, data, renderItem });
  const axis = (title) => ({ type: "value", min: -2, max: size, interval: size + 2, name: title, nameLocation: "middle",
    nameGap: 10, ...look.axis({ axisLabel: { show: false }, axisTick: { show: false }, axisLine: { show: false },
      splitLine: { show: false } }), nameTextStyle: { color: look.ink, fontSize: 12.5 } });
  return {
    grid: { left: 28, right: 8, top: 8, bottom: 28 },
    xAxis: axis("who is known, by id"), yAxis: { ...axis("whose table, by id"), inverse: true },
    series: [series(snapshot.cells.map(([row, column]) => [column, row]), (params, api) => {
      const cell = snapshot.cells[params.dataIndex];
      return box(api, cell[1], cell[0], look.blue, 0.25 + 0.75 * shareOf(snapshot, cell) / most);
    }), series(down, (params, api) => box(api, down[params.dataIndex][0], down[params.dataIndex][1], look.red, 1))],
  };
}

function bitmapTables(snapshot) {
  const { bins, cells } = snapshot;
  const rows = bins.map(() => bins.map(() => ""));
  for (const [row, column, contacts] of cells) rows[row][column] = grouped(contacts);
  return [
    table("Nodes by id", ["nodes", "up", "contacts in their tables", "times they are known"],
      bins.map((bin, i) => [name(binName(snapshot, i)), ...(bin[kNodes] === 1 ? [bin[kUp] === 1 ? "up" : "down"]
        : [`${grouped(bin[kUp])} of ${grouped(bin[kNodes])}`]), grouped(bin[kContacts]), grouped(bin[kKnown])])),
    table("Contacts of each (rows) that are of each (columns)", ["", ...bins.map((_, i) => String(i + 1))],
      rows.map((row, i) => [name(binName(snapshot, i)), ...row]))];
}

// ----- the ring -----

const kSides = ["blue", "amber", "violet", "green"];

function nodeShape(node, x, y, look) {
  const colour = look[kSides[node.side % kSides.length]];
  if (!node.up) {
    const style = { stroke: look.red, lineWidth: 1.5 };
    return [[-3, -3, 3, 3], [-3, 3, 3, -3]].map(([a, b, c, d]) =>
      ({ type: "line", shape: { x1: x + a, y1: y + b, x2: x + c, y2: y + d }, style }));
  }
  if (node.side === 0) return [{ type: "circle", shape: { cx: x, cy: y, r: 4 }, style: { fill: colour } }];
  return [{ type: "polygon", shape: { points: [[x, y - 5.5], [x + 5.5, y], [x, y + 5.5], [x - 5.5, y]] },
    style: { fill: colour } }];
}

function ringOption(look, { ring }, selected) {
  const placed = (area, node, out = 0) => {
    const radius = Math.min(area.width, area.height) / 2 - 14 + out;
    const angle = node.place * 2 * Math.PI - Math.PI / 2;
    return [area.x + area.width / 2 + radius * Math.cos(angle), area.y + area.height / 2 + radius * Math.sin(angle)];
  };
  const series = (data, renderItem) => ({ type: "custom", silent: true, clip: false, encode: { x: 0, y: 1 },
    data: data.map(() => [0, 0]), renderItem: ({ dataIndex, coordSys }) => ({ type: "group", children: renderItem(data[dataIndex], coordSys) }) });
  const own = ring[selected];
  const hidden = { type: "value", min: 0, max: 1, show: false };
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 8 }, xAxis: hidden, yAxis: hidden,
    series: [
      series(own.known, (other, area) => {
        const [x1, y1] = placed(area, own);
        const [x2, y2] = placed(area, ring[other]);
        const { up } = ring[other];
        return [{ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: up ? look.soft : look.red,
          lineWidth: 1, opacity: 0.75, lineDash: up ? null : [4, 3] } }];
      }),
      series(ring, (node, area) => nodeShape(node, ...placed(area, node), look)),
      series([own], (node, area) => {
        const [cx, cy] = placed(area, node);
        return [{ type: "circle", shape: { cx, cy, r: 9 }, style: { fill: "none", stroke: look.ink, lineWidth: 2 } }];
      })],
  };
}

const knownBy = (ring, i) => ring.filter((node) => node.known.includes(i)).length;
const sideOf = (node, sides) => sides === 1 ? "" : `side ${node.side + 1}`;

function ringTable(snapshot, sides) {
  const { ring } = snapshot;
  return table("Nodes on the circle of ids", ["node", "place", "state", ...(sides === 1 ? [] : ["side of the cut"]),
    "contacts", "of them here", "known by, of those here"], ring.map((node, i) => [name(node.name), quantity(node.place, "rate"),
    node.up ? "up" : "down", ...(sides === 1 ? [] : [sideOf(node, sides)]), grouped(node.contacts),
    grouped(node.known.length), grouped(knownBy(ring, i))]));
}

function ringTold({ ring }, selected, sides) {
  const node = ring[selected];
  const dead = node.known.filter((other) => !ring[other].up).length;
  const over = node.known.filter((other) => ring[other].side !== node.side).length;
  const cell = (title, value) => element("span", {}, element("i", {}, `${title} `), element("b", {}, value));
  return [element("span", {}, element("b", {}, name(node.name)), node.up ? "" : " is down"),
    ...(sides === 1 ? [] : [cell("on", sideOf(node, sides))]), cell("contacts", grouped(node.contacts)),
    cell("of them here", grouped(node.known.length)), cell("down", grouped(dead)),
    ...(sides === 1 ? [] : [cell("across the cut", grouped(over))]), cell("known by", grouped(knownBy(ring, selected)))];
}

// ----- both -----

export function routingSection({ snapshots, seed }) {
  if (snapshots.length === 0) return null;
  const last = snapshots.at(-1).ring;
  const most = Math.max(...last.map((node) => node.known.length));
  const state = { at: snapshots.length - 1, node: last.findIndex((node) => node.known.length === most) };
  const now = () => snapshots[state.at];
  const sides = () => new Set(now().ring.map((node) => node.side)).size;
  const ups = () => `${grouped(now().up)} of ${count(now().nodes, "node")} are up`;
  const bitmap = figure({
    title: () => `Routing tables at ${moment(now().at)}`,
    about: () => `${ups()}. A row is the table of ${now().bins[0][kNodes] === 1 ? "a node" : "nodes that follow one another by id"}, a column who stands in it; ` +
      `${now().bins[0][kNodes] === 1 ? "" : "the stronger the colour, the more pairs know each other; "}red marks at the sides: down.`,
    height: 420, decals: false,
    option: (look) => bitmapOption(look, now()),
    table: () => bitmapTables(now()),
  });
  const readout = element("output", { class: "readout", "aria-live": "polite" });
  const ring = figure({
    title: () => `The circle of ids at ${moment(now().at)}`,
    about: () => `${now().ring.length === now().nodes ? "All" : `${now().ring.length} of`} ${count(now().nodes, "node")} by id, clockwise from the top` +
      `${now().ring.length === now().nodes ? "" : ", drawn by their names"}. A cross: down. ` +
      `${sides() === 1 ? "" : `A cut keeps ${sides()} sides apart: discs, and diamonds of other colours. `}Lines: the contacts of the node that is circled; dashed, those that are down. Arrow keys go to other nodes.`,
    height: 420, decals: false,
    option: (look) => ringOption(look, now(), state.node),
    table: () => ringTable(now(), sides()),
    below: readout,
    keys: (event) => {
      const size = now().ring.length;
      const to = { ArrowRight: state.node + 1, ArrowDown: state.node + 1, ArrowLeft: state.node - 1,
        ArrowUp: state.node - 1, Home: 0, End: size - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      state.node = (to + size) % size;
      show(false);
    },
  });
  function show(all) {
    readout.replaceChildren(...ringTold(now(), state.node, sides()));
    if (all) bitmap.refresh();
    ring.refresh();
  }
  readout.replaceChildren(...ringTold(now(), state.node, sides()));
  const picker = snapshots.length === 1 ? null : element("div", { class: "controls" },
    choice("At", snapshots.map((each) => moment(each.at)), (i) => {
      const { name: before } = now().ring[state.node];
      state.at = i;
      state.node = Math.max(now().ring.findIndex((node) => node.name === before), 0);
      show(true);
    }, state.at));
  return element("section", { id: "routing", "aria-label": "Routing tables" },
    element("h2", {}, "Routing tables"),
    element("p", {}, `Of seed ${seed}, made again: just before each fault and change of churn, the first 5 of them, or at half of a run without any; and at the end.`),
    picker, element("div", { class: "pair" }, bitmap, ring));
}
