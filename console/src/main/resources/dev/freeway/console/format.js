import { h } from "./dom.js";

// AWS's many words for how something is, in the five colours of the page.
const TONES = {
  good: ["succeeded", "completed", "active", "running", "healthy", "approved", "ok"],
  bad: ["failed", "fault", "timed_out", "unhealthy", "rejected", "active_impaired", "alarm"],
  busy: ["inprogress", "in_progress", "provisioning", "pending", "initial", "activating", "deactivating", "stopping", "draining", "primary"],
  wait: ["waiting", "superseded", "abandoned", "cancelled", "unavailable", "insufficient_data"],
};

export function tone(status) {
  const word = (status ?? "").toLowerCase();
  return Object.keys(TONES).find((t) => TONES[t].includes(word)) ?? "none";
}

export function badge(status, title) {
  return h("span", { class: `badge ${tone(status)}`, title }, words(status ?? "Not run"));
}

export function dot(status) {
  return h("span", { class: `dot ${tone(status)}`, title: words(status ?? "Not run") });
}

// IN_PROGRESS and InProgress: "In progress".
export function words(status) {
  const spaced = status.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

// Times are epoch seconds, as the JSON protocol has them.
export function seconds(from, to) {
  if (from === undefined) return "";
  const s = Math.max(0, (to ?? Date.now() / 1000) - from);
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 120) return `${Math.round(s)} s`;
  return s < 7200 ? `${Math.floor(s / 60)} min ${Math.round(s % 60)} s` : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

export function ago(at) {
  if (at === undefined) return "";
  const s = Math.max(0, Date.now() / 1000 - at);
  if (s < 5) return "just now";
  if (s < 90) return `${Math.floor(s)} s ago`;
  if (s < 5400) return `${Math.round(s / 60)} min ago`;
  return s < 129600 ? `${Math.round(s / 3600)} h ago` : `${Math.round(s / 86400)} days ago`;
}

export const name = (arn) => (arn ?? "").split("/").pop();
export const firstLine = (message) => (message ?? "").split("\n", 1)[0];

// What an empty section says: what it would show, and what to do to see it.
export function empty(what) {
  return h("p", { class: "empty" }, what, " ", h("code", {}, "./freeway demo"), " makes one of everything in account 000000000000, us-east-1.");
}
