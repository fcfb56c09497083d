// The page of `macula-sim report`: reads its data, and shows one scenario at a time.
import { comparisonSection } from "./comparison.js";
import { distributionsSection } from "./distributions.js";
import { closeUpSections } from "./close_up.js";
import { choice, element, name } from "./dom.js";
import { count, grouped, moment } from "./format.js";
import { sweepSections } from "./sweep.js";
import { expectationsSection, metricsSection, provenanceSection, runsSection, scenariosSection }
  from "./tables.js";
import { timelineSection } from "./timeline.js";
import { comparedVerdict, facts, paste, tag, verdictOf } from "./verdict.js";

const data = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");
const compared = data.comparison !== undefined;

function titleOf() {
  const names = [...new Set(data.rows.map((row) => row.scenario))];
  if (compared) {
    const [a, b] = data.stores.map((store) => store.folder.replace(/\/+$/, "").split("/").pop());
    return `A, ${a}, and B, ${b}`;
  }
  return names.length === 1 ? names[0] : count(names.length, "scenario");
}

function factsOf() {
  const seeds = data.rows.map((row) => row.first_seed === row.last_seed ? row.first_seed
    : `${row.first_seed} to ${row.last_seed}`);
  const same = seeds.every((each) => each === seeds[0]);
  const { summary } = data;
  const runs = data.groups.flatMap((group) => group.list);
  const longest = Math.max(...runs.map((run) => run.time));
  const bad = summary.failed + summary.violated + summary.crashed;
  return facts([["runs", grouped(summary.runs)], ["passed", grouped(summary.runs - bad)],
    ["failed", grouped(bad)],
    ["seeds", same ? seeds[0] : "differ"],
    ["virtual time", moment(longest)], ["macula-sim", `${data.stores[0].version}`]]);
}

function leftOut() {
  if (data.left_out.length === 0) return null;
  return element("details", { class: "left-out" }, element("summary", {},
    `To keep this page small, something is left out (${count(data.left_out.length, "note")})`),
  element("ul", {}, data.left_out.slice(0, 40).map((each) => element("li", {}, name(each))),
    data.left_out.length > 40 ? element("li", {}, `and ${data.left_out.length - 40} more`) : null));
}

function nav(sections) {
  const links = sections.filter((each) => each !== null).map((each) =>
    element("li", {}, element("a", { href: `#${each.id}` }, each.getAttribute("aria-label"))));
  return element("nav", { "aria-label": "Sections" }, element("ul", {}, links));
}

// The sides of a group: A and B of the same scenario in a comparison; else one.
function sidesOf(group) {
  if (!compared) return [{ side: "", group }];
  const pair = data.comparison.pairs.find((each) => each[group.store === 0 ? "a" : "b"] === group.hash);
  const twin = (side) => data.groups.find((each) => each.store === side &&
    pair !== undefined && each.hash === pair[side === 0 ? "a" : "b"]);
  const sides = [{ side: "A", group: twin(0) }, { side: "B", group: twin(1) }]
    .filter((each) => each.group !== undefined);
  return sides.length === 0 ? [{ side: "", group }] : sides;
}

const groupTitle = (group) => [compared ? `${"AB"[group.store]}: ` : "", group.scenario,
  group.settings.length === 0 ? "" : ` with ${group.settings.join(", ")}`].join("");

function sectionsOf(group) {
  const head = data.groups.length === 1 ? null : element("section", { id: "scenario", "aria-label": "One scenario" },
    element("h2", {}, name(groupTitle(group))),
    element("p", {}, tag(group.verdict), ` ${grouped(group.passed)} of ${count(group.runs, "run")} passed. `,
      group.why === "" ? "" : name(`Seed ${group.seed}: ${group.why}`)), paste(group.replay),
    group.notes.map((note) => element("p", { class: "over" }, name(`Note: ${note}`))));
  return [head, timelineSection(group), ...closeUpSections(group), distributionsSection(sidesOf(group)), expectationsSection(group),
    metricsSection(group), runsSection(group), provenanceSection(data, group)];
}

function start() {
  const title = titleOf();
  document.title = `${title} · macula-sim report`;
  const place = element("div");
  const links = element("div");
  const comparison = compared ? comparisonSection(data) : null;
  const sweeps = sweepSections(data.sweeps);
  const picker = element("div", { class: "controls" });
  const scenarios = scenariosSection(data, (i) => {
    show(i);
    picker.querySelector("select").selectedIndex = i;
    place.querySelector("h2").scrollIntoView();
  });
  function show(i) {
    const sections = sectionsOf(data.groups[i]);
    place.replaceChildren(...sections.filter((each) => each !== null));
    links.replaceChildren(nav([comparison, ...sweeps, scenarios, ...sections]));
  }
  if (data.groups.length > 1) {
    picker.append(choice("Shown below", data.groups.map(groupTitle), show));
    scenarios?.append(picker);
  }
  page.replaceChildren(
    element("header", {}, element("p", { class: "over" }, compared ? "macula-sim, a comparison" : "macula-sim, a report"),
      element("h1", {}, name(title)), compared ? comparedVerdict(data.comparison) : verdictOf(data), factsOf(), leftOut(), links),
    element("main", {}, comparison, ...sweeps, scenarios, place));
  show(0);
}

start();
