// Goes through a page by the Tab key, as a person without a mouse does.

// All that can be worked, in order, without the controls that a closed details hides.
const kControls = "a[href], button, select, input, summary, figure[tabindex], [role=region][tabindex], pre[tabindex]";

// The problems found; empty: every control is reached by Tab, shows that it is, and its key does
// something.
export async function walkByKeyboard(page) {
  const problems = [];
  const wanted = await page.$$eval(kControls, (all) => all.filter((each) => each.checkVisibility())
    .map((each, i) => {
      each.dataset.control = i;
      return `${each.tagName.toLowerCase()} ${(each.getAttribute("aria-label") ?? each.textContent).slice(0, 40)}`;
    }));
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  const reached = new Set();
  for (let i = 0; i < wanted.length + 2; i += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const each = document.activeElement;
      return { number: each.dataset.control, outlined: getComputedStyle(each).outlineStyle !== "none" };
    });
    if (at.number === undefined || reached.has(at.number)) continue;
    reached.add(at.number);
    if (!at.outlined) problems.push(`${wanted[at.number]}: focus does not show`);
  }
  wanted.forEach((what, i) => {
    if (!reached.has(String(i))) problems.push(`${what}: is not reached`);
  });
  problems.push(...await workSelects(page), ...await workDetails(page), ...await workSearch(page));
  return problems.slice(0, 10);
}

// A select goes to another value by its arrow key, and what hangs on it is drawn anew.
async function workSelects(page) {
  const problems = [];
  const count = await page.$$eval("select", (all) => all.length);
  for (let i = 0; i < count; i += 1) {
    const select = (await page.$$("select"))[i];
    if (select === undefined) break;
    const before = await select.evaluate((each) => each.selectedIndex);
    await select.focus();
    await page.keyboard.press(before === 0 ? "ArrowDown" : "ArrowUp");
    const now = await select.evaluate((each) => each.selectedIndex);
    if (now === before) problems.push(`select ${i} does not move`);
    const drawn = await page.evaluate(() => new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(
        [...document.querySelectorAll("figure .chart")].every((each) =>
          each.querySelectorAll("svg path").length > 0))));
    }));
    if (!drawn) problems.push(`select ${i}: a chart is empty`);
  }
  return problems;
}

async function workDetails(page) {
  const details = await page.$$("details:not(.licences)");
  const problems = [];
  for (const each of details) {
    await (await each.$("summary")).focus();
    await page.keyboard.press("Enter");
    if (!await each.evaluate((one) => one.open)) problems.push("a summary does not open");
    await page.keyboard.press("Enter");
  }
  return problems;
}

async function workSearch(page) {
  const search = await page.$("input[type=search]");
  const rows = () => page.$$eval("#metrics tbody tr", (all) => all.length);
  const before = await rows();
  await search.focus();
  // The name of the last one.
  await page.keyboard.type(await page.$eval("#metrics tbody tr:last-child th", (each) => each.textContent));
  const after = await rows();
  return after > 0 && after < before ? [] : [`the search leaves ${after} of ${before} metrics`];
}
