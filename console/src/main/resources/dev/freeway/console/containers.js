import { call, elb, members, text } from "./aws.js";
import { h } from "./dom.js";
import { ago, badge, dot, empty, name, seconds, tone } from "./format.js";

const PER_CALL = 10;
const REASONS_SHOWN = 3;
const STOPPED_FOR_SECONDS = 600;

export async function load() {
  const [services, balancers] = await Promise.all([loadServices(), loadBalancers()]);
  return { services, balancers };
}

async function loadServices() {
  const { clusterArns } = await call("ecs", "ListClusters");
  return (await Promise.all(clusterArns.map(inCluster))).flat();
}

async function inCluster(cluster) {
  const [{ serviceArns }, tasks, stopped] = await Promise.all([
    call("ecs", "ListServices", { cluster, maxResults: 100 }),
    loadTasks(cluster, "RUNNING"),
    loadTasks(cluster, "STOPPED"),
  ]);
  const parts = [];
  for (let i = 0; i < serviceArns.length; i += PER_CALL) {
    parts.push(call("ecs", "DescribeServices", { cluster, services: serviceArns.slice(i, i + PER_CALL) }));
  }
  const services = (await Promise.all(parts)).flatMap((p) => p.services);
  // What a rollout stops is as it should be; what stopped by itself is worth a look.
  const recent = stopped.filter(
    (t) => t.stopCode !== "ServiceSchedulerInitiated" && Date.now() / 1000 - t.stoppedAt < STOPPED_FOR_SECONDS);
  const owned = services.map((s) => ({ ...s, tasks: of(s, tasks), stopped: of(s, recent) }));
  const alone = tasks.filter((t) => !t.group?.startsWith("service:"));
  return alone.length === 0 ? owned : [...owned, { clusterArn: cluster, tasks: alone, stopped: [] }];
}

async function loadTasks(cluster, desiredStatus) {
  const { taskArns } = await call("ecs", "ListTasks", { cluster, desiredStatus });
  if (taskArns.length === 0) return [];
  const { tasks } = await call("ecs", "DescribeTasks", { cluster, tasks: taskArns });
  return tasks.sort((a, b) => b.createdAt - a.createdAt);
}

const of = (service, tasks) => tasks.filter((t) => t.group === `service:${service.serviceName}`);

async function loadBalancers() {
  const [described, groups] = await Promise.all([elb("DescribeLoadBalancers"), elb("DescribeTargetGroups")]);
  const targets = await Promise.all(members(groups, "TargetGroups").map(withHealth));
  return Promise.all(members(described, "LoadBalancers").map((b) => balancer(b, targets)));
}

async function withHealth(group) {
  const arn = text(group, "TargetGroupArn");
  const health = await elb("DescribeTargetHealth", { TargetGroupArn: arn });
  return {
    arn,
    name: text(group, "TargetGroupName"),
    balancers: members(group, "LoadBalancerArns").map((m) => m.textContent),
    targets: members(health, "TargetHealthDescriptions").map((d) => {
      const [target, state] = ["Target", "TargetHealth"].map((n) => [...d.children].find((c) => c.localName === n));
      return {
        id: `${text(target, "Id")}:${text(target, "Port")}`,
        state: text(state, "State"),
        why: text(state, "Description") ?? text(state, "Reason"),
      };
    }),
  };
}

async function balancer(b, groups) {
  const arn = text(b, "LoadBalancerArn");
  const listeners = members(await elb("DescribeListeners", { LoadBalancerArn: arn }), "Listeners");
  const state = [...b.children].find((c) => c.localName === "State");
  const addresses = members(b, "AvailabilityZones").flatMap((z) => members(z, "LoadBalancerAddresses"));
  return {
    arn,
    name: text(b, "LoadBalancerName"),
    state: text(state, "Code"),
    why: text(state, "Reason"),
    address: addresses.map((a) => text(a, "IpAddress")).find(Boolean),
    listeners: listeners.map((l) => ({ port: Number(text(l, "Port")), protocol: text(l, "Protocol") })),
    groups: groups.filter((g) => g.balancers.includes(arn)),
  };
}

export function view({ services, balancers }) {
  if (services.length === 0 && balancers.length === 0) return empty("No services here yet.");
  return [services.map(service), balancers.map(balancerView)];
}

function service(s) {
  const cluster = name(s.clusterArn);
  return h("article", { class: "service", key: `${cluster}/${s.serviceName ?? ""}` },
    h("div", { class: "line" },
      h("strong", {}, s.serviceName ?? "tasks of no service"),
      h("span", { class: "quiet grow" }, cluster),
      s.serviceName && counts(s)),
    (s.deployments ?? []).map(deployment),
    h("ul", { class: "tasks" }, s.tasks.map(task), reasons(s.stopped).slice(0, REASONS_SHOWN).map(gone)));
}

function counts(s) {
  const whole = s.runningCount === s.desiredCount && s.pendingCount === 0;
  return h("span", { class: `count ${whole ? "good" : "busy"}`, title: "running of desired tasks" },
    `${s.runningCount}/${s.desiredCount} running`, s.pendingCount > 0 ? `, ${s.pendingCount} pending` : "");
}

function deployment(d) {
  return h("div", { class: "line sub", key: d.id },
    badge(d.rolloutState ?? d.status, d.rolloutStateReason),
    h("span", { class: "grow" }, name(d.taskDefinition), " ", h("span", { class: "quiet" }, d.status === "PRIMARY" ? "" : d.status.toLowerCase())),
    d.failedTasks > 0 && h("span", { class: "error" }, `${d.failedTasks} failed`),
    h("span", { class: "quiet" }, `${d.runningCount}/${d.desiredCount}, ${ago(d.updatedAt)}`),
    d.rolloutState === "FAILED" && h("p", { class: "error" }, d.rolloutStateReason));
}

function task(t) {
  const address = (t.attachments ?? []).flatMap((a) => a.details ?? []).find((d) => d.name === "privateIPv4Address")?.value;
  return h("li", { class: "line", key: t.taskArn },
    dot(t.lastStatus),
    h("code", { title: t.taskArn }, name(t.taskArn).slice(0, 8)),
    h("span", { class: "grow" }, name(t.taskDefinitionArn)),
    t.healthStatus && t.healthStatus !== "UNKNOWN" && badge(t.healthStatus),
    address && h("span", { class: "quiet" }, address),
    h("span", { class: "quiet" }, t.startedAt ? `up ${seconds(t.startedAt)}` : t.lastStatus.toLowerCase()));
}

// A task that cannot start is tried again and again: one line for all that stopped for the same reason, newest first.
function reasons(stopped) {
  const byReason = new Map();
  for (const t of stopped.toSorted((a, b) => b.stoppedAt - a.stoppedAt)) {
    const codes = (t.containers ?? []).filter((c) => c.exitCode !== undefined).map((c) => `${c.name} exit ${c.exitCode}`);
    const why = [name(t.taskDefinitionArn), t.stoppedReason, ...codes].filter(Boolean).join("; ");
    byReason.set(why, [...(byReason.get(why) ?? []), t]);
  }
  return [...byReason];
}

function gone([why, tasks]) {
  return h("li", { class: "line gone", key: why },
    dot("Stopped"),
    h("span", {}, tasks.length === 1 ? "1 stopped" : `${tasks.length} stopped`),
    h("span", { class: "message", title: why }, why),
    h("span", { class: "quiet" }, ago(tasks[0].stoppedAt)));
}

function balancerView(b) {
  return h("article", { class: "balancer", key: b.arn },
    h("div", { class: "line" },
      h("strong", {}, b.name),
      badge(b.state, b.why),
      h("span", { class: "grow" }),
      b.listeners.map((l) => link(b, l))),
    b.why && h("p", { class: "error" }, b.why),
    b.groups.map((g) =>
      h("div", { class: "line sub", key: g.arn },
        h("span", { class: "grow" }, g.name),
        g.targets.length === 0 && h("span", { class: "quiet" }, "no targets"),
        g.targets.map((t) => h("span", { class: `target ${tone(t.state)}`, key: t.id, title: t.why }, `${t.id} ${t.state}`)))));
}

function link(b, listener) {
  // Only what is an address becomes a link.
  if (!/^[0-9.]+$/.test(b.address ?? "") || listener.protocol !== "HTTP") {
    return h("span", { class: "quiet" }, `${listener.protocol} ${listener.port}`);
  }
  const href = `http://${b.address}${listener.port === 80 ? "" : `:${listener.port}`}/`;
  return h("a", { href, target: "_blank", rel: "noreferrer noopener", key: String(listener.port) }, href);
}
