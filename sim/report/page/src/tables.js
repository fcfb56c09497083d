// Tables of one scenario: expectations, metrics over the seeds, runs; and of all scenarios.
import { element, freshId, name, table } from "./dom.js";
import { count, grouped, moment, quantity, spread } from "./format.js";
import { tag } from "./verdict.js";

// The expected value, in the unit's own words; a set of nodes is told as in the file.
function expectedOf({ expected, comparison, low, high, unit }) {
  if (/[a-z]/i.test(expected)) return expected;
  const [from, to] = [quantity(low, unit), quantity(high, unit)];
  return { equals: `= ${from}`, at_least: `≥ ${from}`, at_most: `≤ ${to}` }[comparison]
    ?? `${from} to ${to}`;
}

export function expectationsSection(group) {
  if (group.expectations.length === 0) return null;
  const rows = group.expectations.map((each) => {
    const [low, middle, high] = each.measured;
    const measured = each.measured.length === 0 ? "nothing"
      : low === high ? quantity(middle, each.unit)
        : [quantity(middle, each.unit),
          element("small", {}, `${quantity(low, each.unit)} to ${quantity(high, each.unit)}`)];
    return [{ value: name(each.name), class: "text" }, tag(each.passed === each.runs ? "pass" : "fail"),
      each.runs === 1 ? null : `${grouped(each.passed)} of ${grouped(each.runs)}`,
      { value: name(each.metric), class: "text" }, name(expectedOf(each)),
      { value: element("span", {}, measured) },
      { value: each.finding === undefined ? "" : name(`${each.finding}${each.detail === "" ? "" : `; ${each.detail}`}`),
        class: "text" }];
  });
  return element("section", { id: "expectations", "aria-label": "Expectations" },
    element("h2", {}, "Expectations"),
    table("Expectations", ["what", "verdict", "runs", { value: "metric", class: "text" }, "expected",
      "measured", { value: "first failure", class: "text" }], rows));
}

function cellOf(triple, unit) {
  if (triple === undefined || triple === null) return "";
  if (triple[1] === null || triple[1] === triple[2]) return quantity(triple[0], unit);
  return element("span", {}, quantity(triple[0], unit),
    element("small", {}, `${quantity(triple[1], unit)} to ${quantity(triple[2], unit)}`));
}

export function metricsSection(group) {
  if (group.metrics.length === 0) return null;
  const id = freshId("find");
  const place = element("div");
  const said = element("span", { role: "status", class: "over" });
  const draw = (text) => {
    const found = group.metrics.filter((each) => each.name.toLowerCase().includes(text.toLowerCase()));
    said.textContent = text === "" ? "" : count(found.length, "metric");
    place.replaceChildren(table("Metrics over the seeds",
      ["metric", "runs", "mean", "p50", "p99", "max"],
      found.map((each) => [name(each.name), grouped(each.runs),
        ...["mean", "p50", "p99", "max"].map((key) => cellOf(each[key], each.unit))])));
  };
  draw("");
  const find = element("input", { id, type: "search", oninput: () => draw(find.value) });
  const many = group.runs > 1;
  return element("section", { id: "metrics", "aria-label": "Metrics" }, element("h2", {}, "Metrics"),
    element("p", {}, many ? `Of each statistic the mean over ${count(group.runs, "run")}, and under it ` +
      "the interval at 95 % after Student." : "Of one run: with several seeds there are intervals."),
    element("div", { class: "controls" }, element("span", { class: "choice" },
      element("label", { for: id }, "Find"), find), said), place);
}

export function runsSection(group) {
  return element("section", { id: "runs", "aria-label": "Runs" }, element("h2", {}, "Runs"),
    table("Runs, those that failed first",
      ["seed", "verdict", { value: "why", class: "text" }, "virtual time", "messages", "digest"],
      group.list.map((run) => [run.seed, tag(run.verdict), { value: name(run.why), class: "text" },
        moment(run.time), grouped(run.messages),
        element("span", { class: "mono" }, run.digest)])));
}

const kShown = 300;

// All scenarios, each with a button that shows it. `show(index)` of those that are told in full.
export function scenariosSection(data, show) {
  if (data.rows.length < 2) return null;
  const two = data.stores.length === 2;
  const place = element("div");
  const draw = (most) => place.replaceChildren(
    table("Scenarios, those that failed first", ["scenario", ...(two ? ["store"] : []), "verdict", "passed",
      { value: "why", class: "text" }, ""], data.rows.slice(0, most).map((row, i) => [
      { value: element("span", {}, name(row.scenario), element("small", {}, name(row.settings.join(", ")))),
        class: "text" },
      ...(two ? [row.store === 0 ? "A" : "B"] : []), tag(row.verdict),
      `${grouped(row.passed)} of ${grouped(row.runs)}`,
      { value: row.why === "" ? "" : element("span", {}, `seed ${row.seed}: `, name(row.why)), class: "text" },
      i < data.groups.length ? element("button", { type: "button", onclick: () => show(i),
        "aria-label": `Show ${row.scenario} ${row.settings.join(", ")}` }, "Show") : ""])),
    data.rows.length > most ? element("p", {}, element("button", { type: "button",
      onclick: () => draw(data.rows.length) }, `Show all ${grouped(data.rows.length)}`)) : "");
  draw(kShown);
  return element("section", { id: "scenarios", "aria-label": "Scenarios" },
    element("h2", {}, "Scenarios"), place);
}

export function provenanceSection(data, group) {
  const rows = data.stores.map((store, i) => [
    { value: name(data.stores.length === 2 ? `${"AB"[i]}: ${store.folder}` : store.folder), class: "text" },
    name(store.version), element("span", { class: "mono" }, name(store.commit)),
    String(store.fates_version)]);
  const missing = data.stores.flatMap((store) => store.missing);
  return element("section", { id: "provenance", "aria-label": "Provenance" },
    element("h2", {}, "Provenance"),
    element("p", {}, "Of the scenario shown: ", name(group.file === "" ? group.scenario : group.file), ", profile ",
      name(group.profile), `, world ${group.world}, hash `, element("span", { class: "mono" }, group.hash),
      group.settings.length === 0 ? "." : ", with ", name(group.settings.join(", "))),
    missing.length === 0 ? null : element("p", {}, "Missing: ", name(missing.join("; "))),
    table("Stores", ["store", "version", "commit", "fates"], rows));
}

export { spread };
