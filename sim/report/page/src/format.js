// Numbers as people write them, by the unit of a metric: "ms", "rate", "bytes/s", else a count.

const digits = (value, most = 3) => {
  if (value === 0) return "0";
  const text = Number(value.toPrecision(most));
  return Math.abs(text) >= 1e15 || Math.abs(text) < 1e-6 ? text.toExponential(2) : grouped(text);
};

export function grouped(value) {
  const [whole, rest] = String(value).split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return rest === undefined ? spaced : `${spaced}.${rest}`;
}

export const count = (number, noun) => `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;

function inSteps(value, steps) {
  const size = Math.abs(value);
  const [from, unit] = steps.find(([least]) => size >= least) ?? steps.at(-1);
  return `${digits(value / from)}\u00a0${unit}`;
}

const kTimes = [[3_600_000, "h"], [60_000, "min"], [1000, "s"], [1, "ms"], [0.001, "µs"]];
const kBytes = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "B"]];

export function quantity(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (unit === "rate") return `${digits(value * 100)}\u00a0%`;
  if (unit === "ms") return value === 0 ? "0\u00a0ms" : inSteps(value, kTimes);
  if (unit === "bytes") return inSteps(value, kBytes);
  if (unit === "bytes/s") return `${inSteps(value, kBytes)}/s`;
  return Math.abs(value) >= 1000 ? grouped(Math.round(value)) : digits(value);
}

// The label of a time on an axis, in seconds.
export const moment = (seconds) => {
  if (seconds < 60) return `${digits(seconds)}\u00a0s`;
  const whole = Math.round(seconds);
  const parts = [[Math.floor(whole / 3600), "h"], [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"]];
  return parts.filter(([value]) => value !== 0).map(([value, unit]) => `${value}\u00a0${unit}`)
    .join("\u00a0");
};

// [mean, low, high]: the mean, and the interval where there is one.
export const spread = (triple, unit) => triple === null || triple === undefined ? "–"
  : triple[1] === null || triple[1] === triple[2] ? quantity(triple[0], unit)
    : `${quantity(triple[0], unit)} (${quantity(triple[1], unit)} to ${quantity(triple[2], unit)})`;
