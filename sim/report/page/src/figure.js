// A chart with its caption and the same numbers as a table. It can be focused, follows the colours
// of the page, and is drawn anew when these or its width change.
//
//   figure({ title, about, height: 300, option: (look) => ({ series: [..] }), table: () => table(..) })
//
// One that shows now this, now that has functions for `title` and `about`, and is told to `refresh()`.
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, VisualMapComponent }
  from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { element, freshId } from "./dom.js";

echarts.use([AriaComponent, BarChart, CustomChart, GridComponent, HeatmapChart, LegendComponent,
  LineChart, MarkLineComponent, ScatterChart, SVGRenderer, VisualMapComponent]);

// The colours of the page as they are now, and what all charts share.
function lookOf(width) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = ["ink", "soft", "line", "paper", "blue", "amber", "green", "red", "violet", "wash"];
  const look = Object.fromEntries(names.map((each) => [each, colour(each)]));
  look.font = style.fontFamily;
  look.narrow = width < 620;
  look.width = width;
  look.axis = (more = {}) => ({
    axisLine: { lineStyle: { color: look.line } },
    axisTick: { lineStyle: { color: look.line } },
    splitLine: { lineStyle: { color: look.line, opacity: 0.6 } },
    nameTextStyle: { color: look.soft, fontSize: 12 },
    ...more,
    axisLabel: { color: look.soft, fontSize: 12, hideOverlap: true, ...more.axisLabel },
  });
  return look;
}

const shown = new Set();

function drawAll() {
  for (const each of shown) {
    if (each.place.isConnected) each.draw();
    else {
      each.chart?.dispose();
      each.watcher.disconnect();
      shown.delete(each);
    }
  }
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
addEventListener("beforeprint", () => {
  document.documentElement.dataset.print = "";
  drawAll();
});
addEventListener("afterprint", () => {
  delete document.documentElement.dataset.print;
  drawAll();
});

const text = (given) => typeof given === "function" ? given() : given;

export function figure({ title, about, height, option, table, controls, below, drawn, keys,
  decals = true, open = false }) {
  const place = element("div", { class: "chart" });
  place.style.height = `${height}px`;
  const id = freshId("figure");
  const self = { place, chart: null };
  self.draw = () => {
    if (place.clientWidth === 0) return;
    const look = lookOf(place.clientWidth);
    self.chart ??= echarts.init(place, null, { renderer: "svg" });
    self.chart.resize();
    self.chart.setOption({
      animation: false,
      textStyle: { fontFamily: look.font, color: look.ink },
      aria: { enabled: true, label: { description: `${text(title)}. ${text(about)}` }, decal: { show: decals } },
      ...option(look),
    }, true);
    place.setAttribute("role", "img");
    drawn?.(self.chart, place);
  };
  self.watcher = new ResizeObserver(self.draw);
  self.watcher.observe(place);
  shown.add(self);
  const head = element("strong");
  const said = element("span");
  const numbers = element("div");
  const tell = () => {
    head.textContent = text(title);
    said.textContent = text(about);
    numbers.replaceChildren(...[table()].flat().filter((each) => each !== null));
  };
  tell();
  const made = element("figure", { tabindex: 0, "aria-labelledby": id },
    element("figcaption", { id }, head, said), controls, place, below,
    element("details", { open }, element("summary", {}, "The same numbers as a table"), numbers));
  made.refresh = () => {
    tell();
    self.draw();
  };
  if (keys) made.addEventListener("keydown", (event) => event.target === made && keys(event));
  return made;
}
