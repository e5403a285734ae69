import { h } from "./dom.js";

const BLOCKS = "▁▂▃▄▅▆▇█";
export const POINTS = 30;

// A result of GetMetricData as one line: a block a period, oldest first; a dot where nothing was measured.
export function graph(key, result, period, end, label, words) {
  return h("article", { key },
    h("div", { class: "line" },
      h("code", { class: "spark", "aria-hidden": "true" }, blocks(result, period, end)),
      h("strong", {}, label),
      h("span", { class: "grow quiet" }, words),
      h("span", { class: "quiet" }, result.Values.length > 0 ? number(result.Values[0]) : "")));
}

function blocks(result, period, end) {
  const byTime = new Map(result.Timestamps.map((t, i) => [Math.round(t), result.Values[i]]));
  const most = Math.max(...result.Values);
  return Array.from({ length: POINTS }, (_, i) => {
    const value = byTime.get(end - (POINTS - i) * period);
    if (value === undefined) return "·";
    return BLOCKS[most > 0 ? Math.max(0, Math.min(BLOCKS.length - 1, Math.floor((value / most) * (BLOCKS.length - 0.01)))) : 0];
  }).join("");
}

const number = (value) => (Number.isInteger(value) ? String(value) : value.toPrecision(3));

// The range that ends with the last whole period.
export function range(period) {
  const end = Math.floor(Date.now() / 1000 / period) * period;
  return { StartTime: end - POINTS * period, EndTime: end };
}
