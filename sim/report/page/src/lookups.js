// Single lookups, one at a time: how far from the key each asked node is, and when it was asked and
// answered.
import { choice, element, name, table } from "./dom.js";
import { figure } from "./figure.js";
import { count, grouped, moment, quantity } from "./format.js";
import { paste } from "./verdict.js";

const kSlot = 7;  // pixels between lines that would lie over one another

const kKinds = {
  answered: { colour: "blue", dash: null, word: "answered" },
  silent: { colour: "amber", dash: [5, 3], word: "silent" },
  dead: { colour: "red", dash: [5, 3], word: "dead end" },
  open: { colour: "soft", dash: [2, 3], word: "not waited for" },
};

const outcomeOf = (lookup) => lookup.outcome === "ok"
  ? `succeeded after ${quantity(lookup.took, "ms")}`
  : `ended with ${lookup.outcome} after ${quantity(lookup.took, "ms")}`;
const titleOf = (lookup) => `${lookup.title}, ${moment(lookup.at)}: ${outcomeOf(lookup)}`;

// Lines at one distance that overlap in time have a slot each.
function slotsOf(requests, margin) {
  const slots = [];
  requests.forEach((request, i) => {
    const taken = requests.slice(0, i).flatMap((other, j) => other.distance === request.distance &&
      other.at <= request.end + margin && request.at <= other.end + margin ? [slots[j]] : []);
    let slot = 0;
    while (taken.includes(slot)) slot += 1;
    slots.push(slot);
  });
  return slots;
}

function line(x1, y1, x2, y2, style) {
  return { type: "line", shape: { x1, y1, x2, y2 }, style };
}

// The end of a request: a disc, a cross, a square; none where nobody waited for it.
function markOf(kind, x, y, colour) {
  const style = { fill: colour, stroke: colour, lineWidth: 2 };
  if (kind === "answered") return [{ type: "circle", shape: { cx: x, cy: y, r: 4 }, style }];
  if (kind === "dead") return [{ type: "rect", shape: { x: x - 4, y: y - 4, width: 8, height: 8 }, style }];
  if (kind !== "silent") return [];
  return [line(x - 4, y - 4, x + 4, y + 4, style), line(x - 4, y + 4, x + 4, y - 4, style)];
}

function seriesOf(look, lookup) {
  const { requests } = lookup;
  const slots = slotsOf(requests, lookup.took / 50);
  return {
    type: "custom", silent: true, clip: false, encode: { x: [0, 2], y: 1 },
    data: requests.map((request) => [request.at, request.distance ?? 0, request.end]),
    renderItem: (params, api) => {
      const request = requests[params.dataIndex];
      const { colour, dash } = kKinds[request.kind];
      const [from, level] = api.coord([request.at, request.distance ?? 0]);
      const [to] = api.coord([request.end, request.distance ?? 0]);
      const y = level - slots[params.dataIndex] * kSlot;
      const stroke = look[colour];
      return { type: "group", children: [
        line(from, y - 4, from, y + 4, { stroke, lineWidth: 2 }),
        line(from, y, to, y, { stroke, lineWidth: 2, lineDash: dash }),
        ...markOf(request.kind, to, y, stroke)] };
    },
  };
}

function optionOf(look, lookup) {
  const distances = lookup.requests.map((each) => each.distance ?? 0);
  const least = distances.length === 0 ? 0 : Math.min(...distances);
  const most = distances.length === 0 ? 1 : Math.max(...distances);
  return {
    grid: { left: 64, right: 28, top: 30, bottom: 40 },
    xAxis: { type: "value", min: 0, max: Math.max(lookup.took, 1) * 1.04, splitNumber: look.narrow ? 3 : 8,
      ...look.axis({ axisLabel: { formatter: (value) => quantity(value, "ms"), showMaxLabel: false } }) },
    yAxis: { type: "value", min: least - 1, max: most + 1, minInterval: 1, name: "log₂ of the distance to the key",
      nameLocation: "end", ...look.axis(), nameTextStyle: { color: look.ink, align: "left", fontSize: 12.5 } },
    series: [seriesOf(look, lookup), {
      type: "line", data: [], silent: true, markLine: { silent: true, symbol: "none", animation: false,
        label: { show: false }, lineStyle: { color: look.ink, type: "solid", width: 1.5 },
        data: [{ xAxis: lookup.took }] } }],
  };
}

function tableOf(lookup) {
  if (lookup.requests.length === 0) return table("Requests", ["request"], [["it asked nobody"]]);
  return table("Requests of the lookup", ["sent", { value: "asked", class: "text" }, "message", "log₂ of the distance",
    "until", { value: "what became of it", class: "text" }], lookup.requests.map((each) => [
    `+${quantity(each.at, "ms")}`, { value: each.to === "" ? "nobody" : name(each.to), class: "text" }, name(each.message),
    each.distance === null ? "–" : String(each.distance), `+${quantity(each.end, "ms")}`,
    { value: name(`${kKinds[each.kind].word}: ${each.fate}`), class: "text" }]));
}

const kChosen = { failed: "one of the first that failed", slow: "one of those that took longest",
  drawn: "drawn" };

function told(lookup) {
  const more = [lookup.left_out === 0 ? "" : `${count(lookup.left_out, "further request")} left out. `,
    lookup.by_others === 0 ? "" : `${count(lookup.by_others, "message")} of other nodes on account of it. `].join("");
  return [element("span", { class: "lanes" }, name(`${titleOf(lookup)}${lookup.label === "" ? "" : ` (${lookup.label})`}`),
    `; ${kChosen[lookup.chosen_as]}`), element("span", { class: "lanes" }, element("i", {}, "cause "), element("b", {}, name(lookup.cause)), `. ${more}`)];
}

export function lookupsSection({ lookups, lookups_ended: ended, lookups_failed: failed, seed }) {
  if (lookups.length === 0) return null;
  const first = lookups.findIndex((each) => each.outcome !== "ok");
  const state = { at: Math.max(first, 0) };
  const readout = element("output", { class: "readout", "aria-live": "polite" });
  const command = element("div");
  const made = figure({
    title: () => titleOf(lookups[state.at]),
    about: () => `Lookup ${state.at + 1} of ${lookups.length}. A line from each request to its end, as high as the asked node is far from the key. ` +
      "A disc: it answered. A cross: it was silent. A square: a dead end, nobody was there. Dotted: not waited for. " +
      "The upright line is the lookup's end. Left and right arrow keys go to other lookups.",
    height: 300,
    decals: false,
    option: (look) => optionOf(look, lookups[state.at]),
    table: () => tableOf(lookups[state.at]),
    below: [readout, command],
    keys: (event) => {
      const to = { ArrowLeft: state.at - 1, ArrowRight: state.at + 1, Home: 0, End: lookups.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(to);
    },
  });
  const picker = choice("Lookup", lookups.map((each, i) => `${i + 1}. ${titleOf(each)}`), (i) => go(i), state.at);
  const select = picker.querySelector("select");
  function tell() {
    const lookup = lookups[state.at];
    readout.replaceChildren(...told(lookup));
    command.replaceChildren(...[paste(lookup.why)].filter((each) => each !== null));
  }
  function go(to) {
    state.at = Math.max(0, Math.min(lookups.length - 1, to));
    select.selectedIndex = state.at;
    tell();
    made.refresh();
  }
  tell();
  const step = (word, by) => element("button", { type: "button", onclick: () => go(state.at + by) }, word);
  const controls = lookups.length === 1 ? null
    : element("div", { class: "controls" }, picker, step("Previous", -1), step("Next", 1));
  return element("section", { id: "lookups", "aria-label": "Single lookups" },
    element("h2", {}, "Single lookups"),
    element("p", {}, `Of seed ${seed}, made again: ${count(lookups.length, "operation")} of ${grouped(ended)} that are about a key, ` +
      `of which ${grouped(failed)} failed: the first 8 that failed, the 8 that took longest, and 8 drawn of all others.`),
    controls, made);
}
