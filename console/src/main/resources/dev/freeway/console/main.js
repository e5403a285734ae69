import { scope, withWords } from "./address.js";
import { call, health } from "./aws.js";
import * as builds from "./builds.js";
import * as containers from "./containers.js";
import * as dashboards from "./dashboards.js";
import { h, patch } from "./dom.js";
import * as metrics from "./metrics.js";
import * as pipelines from "./pipelines.js";
import * as repositories from "./repositories.js";

const PERIOD_MS = 1000;
const REGIONS = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1", "eu-west-1",
  "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1",
  "ap-southeast-2", "me-south-1", "af-south-1"];

const byId = (id) => document.getElementById(id);
const sections = Object.entries({ pipelines, builds, containers, repositories, metrics, dashboards }).map(([id, module]) => ({
  module,
  place: byId(id).querySelector(".content"),
  wake: () => {},
}));

// Loads and draws one section, once a second and whenever it is woken.
async function live(section) {
  for (;;) {
    if (!document.hidden) await look(section);
    await new Promise((done) => {
      const timer = setTimeout(done, PERIOD_MS);
      section.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

async function look(section) {
  const asked = JSON.stringify(scope());
  let state = section.state;
  let error = null;
  try {
    state = await section.module.load();
  } catch (e) {
    error = e;
  }
  // Another account was chosen meanwhile: this answer is not for it.
  if (asked !== JSON.stringify(scope())) return;
  section.state = state;
  patch(section.place, [
    error && h("p", { class: "error", key: "error" }, `${error.code ?? "no answer"}: ${error.message}`),
    state !== undefined && section.module.view(state, act),
  ]);
}

const wakeAll = () => sections.forEach((s) => s.wake());

// What a button does: an operation, what came of it, and a look at the new state.
async function act(done, service, operation, input) {
  try {
    await call(service, operation, input);
    notice(done, "good");
  } catch (e) {
    notice(`${operation}: ${e.message}`, "bad");
  }
  wakeAll();
}

let noticeTimer;
function notice(text, tone) {
  clearTimeout(noticeTimer);
  patch(byId("notice"), h("p", { class: tone }, text));
  noticeTimer = setTimeout(() => patch(byId("notice"), []), 6000);
}

async function watchHealth() {
  for (;;) {
    try {
      const { services, version } = await health();
      const names = Object.keys(services).sort();
      patch(byId("health"), [
        h("span", { class: "dot good" }),
        h("span", { class: "quiet" }, `${version}, ${names.length} services: `),
        h("span", { class: "names" }, names.join(" ")),
      ]);
    } catch (e) {
      patch(byId("health"), [h("span", { class: "dot bad" }), h("strong", {}, "Freeway does not answer. "), h("code", {}, "./freeway up")]);
    }
    await new Promise((done) => setTimeout(done, 2 * PERIOD_MS));
  }
}

let shown;
function showScope() {
  wakeAll();
  if (shown === JSON.stringify(scope())) return;
  shown = JSON.stringify(scope());
  const { account, region } = scope();
  byId("account").value = account;
  byId("region").value = region;
  for (const section of sections) {
    section.state = undefined;
    patch(section.place, h("p", { class: "quiet" }, "looking…"));
  }
}

function chooseScope() {
  const account = byId("account");
  const region = byId("region");
  if (account.value !== "" && region.value !== "" && account.checkValidity() && region.checkValidity()) {
    location.hash = withWords({ account: account.value, region: region.value, build: undefined });
  }
}

patch(byId("regions"), REGIONS.map((r) => h("option", { value: r })));
byId("scope").addEventListener("change", chooseScope);
byId("scope").addEventListener("submit", (e) => {
  e.preventDefault();
  chooseScope();
});
addEventListener("hashchange", showScope);
document.addEventListener("visibilitychange", wakeAll);
showScope();
watchHealth();
sections.forEach(live);
