import { openBuild, withWords } from "./address.js";
import { call } from "./aws.js";
import { h } from "./dom.js";
import { ago, badge, empty, name, seconds, tone, words } from "./format.js";

const SHOWN = 12;
const LINES = 400;

// The log that is shown: of which build, how far it was read, and what was read.
let tail = null;

export async function load() {
  const { ids } = await call("codebuild", "ListBuilds", { sortOrder: "DESCENDING" });
  const open = openBuild();
  const wanted = [...new Set([...ids.slice(0, SHOWN), ...(open === null ? [] : [open])])];
  if (wanted.length === 0) return [];
  const { builds } = await call("codebuild", "BatchGetBuilds", { ids: wanted });
  builds.sort((a, b) => b.startTime - a.startTime);
  const shown = builds.find((b) => b.id === open);
  if (shown) await follow(shown);
  return builds;
}

async function follow(build) {
  const { groupName, streamName } = build.logs ?? {};
  if (tail?.id !== build.id) tail = { id: build.id, lines: [], token: undefined };
  if (groupName === undefined || streamName === undefined) return;
  const mine = tail;
  try {
    const read = await call("logs", "GetLogEvents", {
      logGroupName: groupName,
      logStreamName: streamName,
      limit: LINES,
      ...(mine.token === undefined ? { startFromHead: false } : { nextToken: mine.token, startFromHead: true }),
    });
    mine.token = read.nextForwardToken;
    mine.lines = [...mine.lines, ...read.events.map((e) => plain(e.message))].slice(-LINES);
  } catch (e) {
    // The stream is made with the first line.
    if (e.code !== "ResourceNotFoundException") throw e;
  }
}

// Colours of a terminal say nothing here.
const plain = (message) => message.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "").trimEnd();

export function view(builds) {
  if (builds.length === 0) return empty("No builds here yet.");
  return builds.map(row);
}

function row(b) {
  const shown = b.id === openBuild();
  const toggle = () => {
    location.hash = withWords({ build: shown ? undefined : b.id });
  };
  return h("article", { class: "build", key: b.id },
    h("button", { class: "row", "aria-expanded": String(shown), onclick: toggle },
      badge(b.buildStatus),
      h("strong", {}, b.projectName, b.buildNumber === undefined ? "" : ` #${b.buildNumber}`),
      h("span", { class: "grow quiet" }, b.buildComplete ? ago(b.endTime) : words(b.currentPhase ?? "")),
      h("span", { class: "quiet" }, seconds(b.startTime, b.buildComplete ? b.endTime : undefined))),
    h("div", { class: "phases" }, (b.phases ?? []).map(phase)),
    failures(b).slice(0, shown ? undefined : 1).map((message) => h("p", { class: "error" }, message)),
    shown && log(b));
}

function phase(p) {
  const title = `${words(p.phaseType)} ${seconds(p.startTime, p.endTime)}`;
  const status = p.phaseType === "COMPLETED" ? "SUCCEEDED" : (p.phaseStatus ?? "IN_PROGRESS");
  return h("span", { class: `phase ${tone(status)}`, key: p.phaseType, title });
}

// The first is the cause; others often follow from it.
function failures(b) {
  const failed = (b.phases ?? []).filter((p) => tone(p.phaseStatus) === "bad");
  return failed.flatMap((p) => (p.contexts ?? []).map((c) => c.message)).filter(Boolean);
}

function log(b) {
  const lines = tail?.id === b.id ? tail.lines : [];
  const phases = (b.phases ?? []).filter((p) => p.phaseType !== "COMPLETED");
  return h("div", { key: "log" },
    h("p", { class: "quiet small" }, phases.map((p) => `${words(p.phaseType)} ${seconds(p.startTime, p.endTime)}`).join(" · ")),
    h("pre", { class: "log", follow: true, tabindex: "0" }, lines.length === 0 ? "no output yet" : lines.join("\n")),
    b.initiator && h("p", { class: "quiet small" }, `started by ${name(b.initiator)}`));
}
