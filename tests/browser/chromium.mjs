// Chromium without a window, driven by the package puppeteer-core.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// `modules`: the folder whose node_modules has the package.
export async function launched(modules) {
  const require = createRequire(path.join(modules, "package.json"));
  const puppeteer = await import(pathToFileURL(require.resolve("puppeteer-core")));
  const chromium = ["chromium", "chromium-browser", "google-chrome"]
    .map((each) => spawnSync("sh", ["-c", `command -v ${each}`], { encoding: "utf8" }).stdout.trim())
    .find((each) => each !== "");
  return puppeteer.launch({ executablePath: chromium, headless: true,
    args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
}
