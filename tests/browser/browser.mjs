// Opens the pages of `macula-sim report` in headless Chromium, as a person would.
//
//   node browser.mjs PROGRAM MODULES OUT     MODULES: the folder whose node_modules has the packages
//
// Each page draws, says nothing on the console, asks for nothing from outside, has no fault that
// axe calls serious, and every control of it works by keyboard. Pictures of the main views are left
// in OUT, light, dark and narrow.
import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launched } from "./chromium.mjs";
import { walkByKeyboard } from "./keyboard.mjs";
import { makePages } from "./pages.mjs";

const [program, modules, out] = process.argv.slice(2).map((each) => path.resolve(each));
const require = createRequire(path.join(modules, "package.json"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

let wrong = 0;
function demand(page, good, what) {
  if (good) return;
  console.log(`FAILED: ${page}: ${what}`);
  wrong += 1;
}

async function opened(browser, file) {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const own = request.url() === pathToFileURL(file).href || request.url().startsWith("data:");
    if (!own) said.push(`request: ${request.url()}`);
  });
  await page.setViewport({ width: 1200, height: 900 });
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  return { page, said };
}

// All charts have drawn something: their number, and how many shapes each has.
const charts = (page) => page.$$eval("figure .chart", (all) => all.map((each) =>
  each.querySelectorAll("svg path, svg rect, svg circle").length));

// Texts of a chart that lie over one another, or outside of it.
const crowded = (page) => page.$$eval("figure .chart svg", (all) => all.flatMap((svg) => {
  const edge = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("text")].map((each) => ({ text: each.textContent, box: each.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0);
  const apart = ({ box: a }, { box: b }) => a.right < b.left + 1 || b.right < a.left + 1 ||
    a.bottom < b.top + 3 || b.bottom < a.top + 3;
  const over = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => !apart(a, b)).map((b) => `${a.text} over ${b.text}`));
  const outside = boxes.filter(({ box }) => box.left < edge.left - 2 || box.right > edge.right + 2)
    .map(({ text }) => `${text} is cut off`);
  return [...over, ...outside];
}));

async function look(page, name, scheme, width, picture) {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900 });
  // Anything drawn anew is there with the next frame.
  await page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  }));
  const overflow = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);
  demand(name, overflow <= 0, `at ${width} px it is ${overflow} px too wide`);
  const crowd = await crowded(page);
  demand(name, crowd.length === 0, `at ${width} px: ${crowd.slice(0, 6).join("; ")}`);
  if (picture) {
    await page.screenshot({ path: path.join(out, `${name}-${scheme}-${width}.png`), fullPage: true });
  }
}

// `rules`: those that depend on colours, or all. Only the first three rows of a table are looked
// at: all others are like them. Charts are told by their tables.
async function faults(page, rules) {
  await page.evaluate(axe);
  const found = await page.evaluate((runOnly) => globalThis.axe.run(
    { include: [["html"]], exclude: [["tbody tr:nth-child(n+4)"], ["svg"]] },
    { resultTypes: ["violations"], ...(runOnly === null ? {} : { runOnly }) }), rules);
  return found.violations.filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
}

async function tryPage(browser, name, file, expected) {
  const { page, said } = await opened(browser, file);
  demand(name, statSync(file).size < 5_000_000, `it has ${statSync(file).size} bytes`);
  const word = await page.$eval(".verdict .word", (each) => each.textContent);
  demand(name, word === expected.word, `the verdict is ${word}, not ${expected.word}`);
  const text = await page.$eval("body", (each) => each.innerText);
  for (const each of expected.says ?? []) demand(name, text.includes(each), `it does not say: ${each}`);
  const sections = await page.$$eval("section", (all) => all.map((each) => each.id));
  demand(name, sections.join() === expected.sections.join(), `the sections are ${sections}`);
  const shapes = await charts(page);
  demand(name, shapes.length === expected.charts && shapes.every((each) => each >= (expected.shapes ?? 9)),
    `the charts have ${shapes} shapes`);
  const tables = await page.$$eval("figure", (all) => all.map((each) =>
    each.querySelectorAll("details tbody tr").length));
  demand(name, tables.every((each) => each > 0), `figures have tables of ${tables} rows`);
  for (const scheme of expected.main ? ["dark", "light"] : ["light"]) {
    await look(page, name, scheme, 1200, expected.main);
    const rules = scheme === "dark" ? ["color-contrast"] : null;
    for (const fault of await faults(page, rules)) demand(name, false, `axe, ${scheme}: ${fault}`);
  }
  await look(page, name, "light", 390, expected.main);
  await page.setViewport({ width: 1200, height: 900 });
  if (expected.main) {
    await page.pdf({ path: path.join(out, `${name}.pdf`), printBackground: true });
    const left = await charts(page);
    demand(name, left.join() === shapes.join(), `after it is printed the charts have ${left} shapes`);
  }
  for (const problem of await walkByKeyboard(page)) demand(name, false, `keyboard: ${problem}`);
  await expected.more?.(page, (good, what) => demand(name, good, what));
  for (const each of said) demand(name, false, each);
  await page.close();
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const browser = await launched(modules);
try {
  for (const [name, expected] of Object.entries(makePages(program, root, out))) {
    const begun = Date.now();
    await tryPage(browser, name, path.join(out, `${name}.html`), expected);
    console.log(`${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
} finally {
  await browser.close();
}
console.log(wrong === 0 ? "all pages are good" : `${wrong} problems`);
process.exit(wrong === 0 ? 0 : 1);
