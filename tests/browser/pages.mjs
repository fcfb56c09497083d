// The pages that are tried, and what each must show.
import { spawnSync } from "node:child_process";
import path from "node:path";

const kRegions = "scenarios/examples/three-regions.toml";
const kNear = ["lookups", "routing", "nodes"];
const kOne = ["over-time", ...kNear, "distributions", "expectations", "metrics", "runs", "provenance"];
const without = (...names) => kOne.filter((each) => !names.includes(each));

// Each is filled from stores that are made here. Returns, by name, what is expected of it.
export function makePages(program, root, out) {
  const run = (codes, ...words) => {
    const done = spawnSync(program, words, { cwd: root, encoding: "utf8" });
    if (!codes.includes(done.status)) {
      throw new Error(`macula-sim ${words.join(" ")} ended with ${done.status}: ${done.stderr}`);
    }
  };
  const store = (name) => path.join(out, `${name}.store`);
  const made = (name, ...words) => run([0, 1], ...words, "--out", store(name), "--quiet");
  const page = (name, ...stores) =>
    run([0], "report", ...stores.map(store), "--out", path.join(out, `${name}.html`));
  const sweep = (name, ...words) => run([0, 1], "sweep", ...words, "--out", store(name));

  made("failed", "run", kRegions, "--seeds", "1..4", "--set", "scenario.profile=macula-0.8");
  made("good", "run", kRegions, "--seeds", "1..12");
  made("other", "run", kRegions, "--seeds", "1..12", "--set", "protocol.alpha=1");
  made("many", "run", "scenarios/integration/strict", "--seeds", "1..2");
  made("hostile", "run", "tests/browser/hostile.toml");
  sweep("line", "tests/browser/swept.toml", "--grid", "group.node.count=16,64,256", "--seeds", "1..3");
  sweep("grid", "tests/browser/swept.toml", "--grid", "protocol.alpha=1,2,3", "--grid",
    "protocol.k=4,8", "--seeds", "1..2");
  for (const name of ["failed", "many", "hostile", "line", "grid"]) page(name, name);
  page("compared", "good", "other");

  return {
    failed: { word: "Failed", charts: 6, sections: kOne, more: runFromNearby, main: true,
      says: ["modified z-score", "macula-sim why scenarios/examples/three-regions.toml --label", "Of 4 runs 4 failed.", "the values are the ones that were stored",
        `macula-sim run ${kRegions} --seed 1 --set scenario.profile=macula-0.8`] },
    many: { word: "Passed", charts: 3, more: showsAnother,
      sections: ["scenarios", "scenario", ...without("lookups", "distributions")] },
    hostile: { word: "Failed", charts: 5, shapes: 3, sections: kOne, more: nothingIsMarkup,
      says: ["x</script><img src=x onerror=alert(1)>\"'`&amp;<!--",
        "find </script><img src=x onerror=alert(5)>", "<b onclick=alert(6)>"] },
    line: { word: "Passed", charts: 7, sections: ["sweep-1", "scenarios", "scenario", ...kOne],
      says: ["log₂ N"] },
    grid: { word: "Passed", main: true, charts: 7, sections: ["sweep-1", "scenarios", "scenario", ...kOne] },
    compared: { word: "Worse", main: true, charts: 7, says: ["lookup.latency_ms.p50", "; look at seed "],
      sections: ["comparison", "scenarios", "scenario", ...kOne] },
  };
}

// The one cursor goes by keys, and tells what is there.
async function cursorMoves(page, demand) {
  const place = () => page.$eval(".cursor", (each) => parseFloat(each.style.left));
  const told = () => page.$eval(".readout", (each) => each.textContent);
  await page.focus("#over-time figure");
  await page.keyboard.press("Home");
  const before = [await place(), await told()];
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("PageUp");
  const after = [await place(), await told()];
  demand(after[0] > before[0], `the cursor goes from ${before[0]} to ${after[0]}`);
  demand(after[1] !== before[1] && after[1].includes("success"), `the cursor tells ${after[1]}`);
  // During the partition it is named.
  const slider = await page.$("#over-time .slider");
  await slider.evaluate((each) => {
    each.value = 105;
    each.dispatchEvent(new Event("input"));
  });
  demand((await told()).includes("partition"), `amid the partition it tells ${await told()}`);
}

async function runFromNearby(page, demand) {
  await cursorMoves(page, demand);
  await lookupsStep(page, demand);
  await instantsAndNodesStep(page, demand);
}

// One lookup after the other by keys, each with its picture, its numbers and its cause.
async function lookupsStep(page, demand) {
  const seen = async () => {
    await framesPass(page);
    return page.$eval("#lookups", (each) => ({
      title: each.querySelector("figcaption strong").textContent,
      told: each.querySelector(".readout").textContent,
      select: each.querySelector("select").selectedIndex,
      drawn: each.querySelector("svg").innerHTML,
      requests: each.querySelectorAll("details tbody tr").length,
      label: each.querySelector(".chart").getAttribute("aria-label"),
    }));
  };
  const lookups = await page.$$eval("#lookups option", (all) => all.length);
  await page.focus("#lookups figure");
  await page.keyboard.press("Home");
  const titles = new Set();
  for (let i = 0; i < lookups; i += 1) {
    const now = await seen();
    titles.add(`${now.title} ${now.drawn}`);
    demand(now.select === i, `lookup ${i} is shown where ${now.select} is chosen`);
    demand(now.told.includes("cause ") && now.told.includes(now.title), `of lookup ${i} it tells ${now.told}`);
    demand(now.label?.includes(now.title), `the chart of lookup ${i} is described as ${now.label}`);
    demand(now.requests > 0, `lookup ${i} has no table`);
    await page.keyboard.press("ArrowRight");
  }
  demand(lookups > 8 && titles.size === lookups, `of ${lookups} lookups ${titles.size} differ`);
  await page.keyboard.press("ArrowLeft");
  demand((await seen()).select === lookups - 2, "the left arrow key goes back");
  const stays = await page.evaluate(() => document.activeElement.matches("#lookups figure"));
  demand(stays, "the focus stays at the lookups");
}

// Anything drawn anew is there with the next frame.
const framesPass = (page) => page.evaluate(() => new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(resolve));
}));

// At another instant, and of another node, the pictures and what is told are others.
async function instantsAndNodesStep(page, demand) {
  const seen = async () => {
    await framesPass(page);
    return page.$eval("#routing", (each) => ({
      titles: [...each.querySelectorAll("figcaption")].map((one) => one.textContent),
      drawn: [...each.querySelectorAll("svg")].map((one) => one.innerHTML),
      told: each.querySelector(".readout").textContent }));
  };
  const instant = (begins) => page.$eval("#routing select", (each, text) => {
    each.selectedIndex = [...each.options].findIndex((option) => option.textContent.startsWith(text));
    each.dispatchEvent(new Event("change"));
  }, begins);
  await instant("20");
  await page.focus("#routing figure:last-child");
  const before = await seen();
  await page.keyboard.press("ArrowRight");
  const next = await seen();
  demand(next.told !== before.told && next.drawn[1] !== before.drawn[1], `the next node is told as ${next.told}`);
  demand(next.drawn[0] === before.drawn[0], "the bitmap stays");
  await instant("11");
  const amid = await seen();
  demand(amid.titles[1].includes("2 sides") && amid.told.includes("across the cut"),
    `amid the partition it tells ${amid.titles[1]} ${amid.told}`);
  demand(amid.drawn[0] !== next.drawn[0], "the bitmap is that of the instant");
}

async function showsAnother(page, demand) {
  const title = () => page.$eval("#scenario h2", (each) => each.textContent);
  const before = await title();
  await page.focus("#scenarios tbody tr:nth-child(3) button");
  await page.keyboard.press("Enter");
  demand(await title() !== before, `another scenario is shown, not ${before}`);
}

// The texts stand there as they are, and have become no element.
async function nothingIsMarkup(page, demand) {
  const strange = await page.$$eval("img, svg[onload], #page script, [onerror], [onload]",
    (all) => all.map((each) => each.outerHTML));
  demand(strange.length === 0, `texts became elements: ${strange}`);
  const scripts = await page.$$eval("script", (all) => all.length);
  demand(scripts === 2, `there are ${scripts} scripts`);
  const marks = await page.$eval("body", (each) => /[\u202a-\u202e\u2066-\u2069]/.test(each.innerText));
  demand(!marks, "marks that reorder text are on the page");
}
