// The first screen: the verdict, its reason, and the line that repeats it.
import { element, name } from "./dom.js";
import { count, grouped } from "./format.js";

const kWords = { pass: "Passed", fail: "Failed", violated: "Violated", crash: "Crashed",
  missing: "Not whole" };

function copyButton(code) {
  const said = element("span", { role: "status", class: "over" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(code);
      said.textContent = "Selected: copy it with Ctrl+C.";
    }
  };
  return [element("button", { type: "button", onclick: copy }, "Copy"), said];
}

export function paste(command) {
  if (command === "") return null;
  const code = element("code", {}, name(command));
  return element("div", { class: "paste" }, code, copyButton(code));
}

// "3 of 12 runs failed."
function sentence(summary) {
  const bad = summary.failed + summary.violated + summary.crashed;
  if (bad === 0 && summary.missing === 0) {
    return summary.runs === 1 ? "The run passed." : `All ${count(summary.runs, "run")} passed.`;
  }
  if (bad === 0) return `All ${count(summary.runs, "run")} passed that are there; others are missing.`;
  const how = [[summary.failed, "failed"], [summary.violated, "violated an invariant"],
    [summary.crashed, "crashed"]].filter(([number]) => number !== 0)
    .map(([number, word]) => `${grouped(number)} ${word}`).join(", ");
  return summary.runs === 1 ? `The run ${how.replace(/^1 /, "")}.`
    : `Of ${count(summary.runs, "run")} ${how}.`;
}

export function verdictOf(data) {
  const { summary } = data;
  const kind = summary.verdict === "pass" ? "pass" : summary.verdict === "missing" ? "unsure" : "fail";
  const why = summary.why === "" ? null
    : element("p", { class: "why" }, name(summary.scenario), `, seed ${summary.seed}: `,
      name(summary.why));
  return element("div", { class: `verdict ${kind}`, id: "content", tabindex: -1 },
    element("p", {}, element("span", { class: "word" }, kWords[summary.verdict]), " ", sentence(summary)),
    why, paste(summary.replay));
}

function pairSaid({ scenario, conclusion, look_at: look }) {
  return [element("p", { class: "why" }, name(scenario), ": ", name(conclusion),
    look === null ? "" : name(`; look at seed ${look.seed} of B: ${look.why}`)),
  look === null ? null : paste(look.replay)];
}

// B beside A.
export function comparedVerdict(comparison) {
  const kinds = { worse: "fail", unsure: "unsure", changed: "unsure" };
  const sentences = { worse: "B is worse than A.", better: "B is better than A.",
    same: "B is as A, within the tolerance.", identical: "Every run of B is that of A, to the digest.",
    "changed, within tolerance": "B changed by no more than the tolerance.",
    unsure: "There are too few seeds to say.", changed: "B is another than A." };
  const kind = kinds[comparison.verdict] ?? "pass";
  const word = comparison.verdict[0].toUpperCase() + comparison.verdict.slice(1);
  return element("div", { class: `verdict ${kind}`, id: "content", tabindex: -1 },
    element("p", {}, element("span", { class: "word" }, word), " ",
      sentences[comparison.verdict] ?? ""),
    comparison.pairs.slice(0, 12).flatMap(pairSaid));
}

export function facts(pairs) {
  return element("dl", { class: "facts" }, pairs.map(([term, value]) =>
    element("div", {}, element("dt", {}, term), element("dd", {}, value))));
}

export function tag(verdict) {
  const kinds = { pass: "pass", fail: "fail", violated: "fail", crash: "fail", worse: "fail",
    better: "pass", same: "pass", identical: "pass", unsure: "unsure", changed: "unsure" };
  const marks = { pass: "✓", fail: "✗", unsure: "?", plain: "" };
  const kind = kinds[verdict] ?? "plain";
  return element("span", { class: `tag ${kind}` }, `${marks[kind]} ${verdict}`);
}
