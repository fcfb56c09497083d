// Bundles the page into one file, in which no more than the data are missing.
//
//   node build.mjs MODULES OUT.html     MODULES: the folder whose node_modules has the packages
//
// The policy of the page lets this script and this style run, by their hashes, and nothing else.
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const [modules, out] = process.argv.slice(2).map((each) => path.resolve(each));
const here = path.dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(path.join(modules, "package.json"))("esbuild");

const bundled = await build({
  absWorkingDir: here,
  entryPoints: { page: "src/main.js" },
  nodePaths: [path.join(modules, "node_modules")],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15"],
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  write: false,
  outdir: "out",
});
// Inside of an element of its own: nothing in it may end that element.
const script = bundled.outputFiles[0].text.replaceAll("</script", "<\\/script");
const style = readFileSync(path.join(here, "style.css"), "utf8");

const text = (value) =>
  value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const hash = (value) => `'sha256-${createHash("sha256").update(value).digest("base64")}'`;
const licence = (file) => readFileSync(path.join(modules, "node_modules", file), "utf8").trim();

const licences = ["echarts/NOTICE", "echarts/LICENSE", "zrender/LICENSE", "tslib/LICENSE.txt"]
  .map((file) => `${file}\n\n${licence(file)}`)
  .join("\n\n\n");
const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; ` +
  "img-src data:; base-uri 'none'; form-action 'none'";

const parts = { POLICY: policy, STYLE: style, SCRIPT: script, LICENCES: text(licences) };
const page = readFileSync(path.join(here, "page.html"), "utf8")
  .replace(/MACULA-(POLICY|STYLE|SCRIPT|LICENCES)/g, (_, name) => parts[name]);
// Whole or not there: several builds may run at a time.
writeFileSync(`${out}.${process.pid}`, page);
renameSync(`${out}.${process.pid}`, out);
