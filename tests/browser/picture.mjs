// Takes the picture for README.md: the first screen of a page, and its course over time.
//
//   node picture.mjs MODULES PAGE.html OUT.webp
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launched } from "./chromium.mjs";

const [modules, file, out] = process.argv.slice(2).map((each) => path.resolve(each));
const browser = await launched(modules);
try {
  const page = await browser.newPage();
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  await page.setViewport({ width: 1120, height: 1000 });
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  await page.waitForSelector("#over-time .chart svg path");
  await page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  }));
  const end = await page.$eval("#over-time .readout", (each) => each.getBoundingClientRect().bottom + scrollY);
  await page.screenshot({ path: out, type: "webp", quality: 80,
    clip: { x: 0, y: 0, width: 1120, height: Math.ceil(end) + 16 }, captureBeyondViewport: true });
} finally {
  await browser.close();
}
