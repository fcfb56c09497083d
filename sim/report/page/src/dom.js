// Elements, made without any markup: a text stays a text, whatever it says.
//
//   element("p", { class: "why" }, "seed 3: ", element("bdi", {}, name))

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) made.append(child);
  }
  return made;
}

// A text that others have written: it keeps to its own place, whatever way it is read.
export const name = (text) => element("bdi", {}, text);

let ids = 0;
export const freshId = (prefix) => `${prefix}-${++ids}`;

// A labelled choice. `options`: texts; `chosen(index)` is told.
export function choice(label, options, chosen, index = 0) {
  const id = freshId("choice");
  const select = element("select", { id, onchange: () => chosen(select.selectedIndex) },
    options.map((text, i) => element("option", { selected: i === index }, text)));
  return element("span", { class: "choice" }, element("label", { for: id }, label), select);
}

// Rows of cells, each a text, an element, or {value, ...attributes}.
export function table(caption, head, rows, attributes = {}) {
  const cell = (tag, content, extra) => {
    const plain = content === null || typeof content !== "object" || content instanceof Node;
    const { value, ...rest } = plain ? { value: content } : content;
    return element(tag, { ...extra, ...rest }, value ?? "–");
  };
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    element("table", attributes,
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, head.map((each) => cell("th", each, { scope: "col" })))),
      element("tbody", {}, rows.map((row) => element("tr", {},
        row.map((each, i) => cell(i === 0 ? "th" : "td", each, i === 0 ? { scope: "row" } : {})))))));
}
