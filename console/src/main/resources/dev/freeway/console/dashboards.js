import { scope } from "./address.js";
import { call } from "./aws.js";
import { h } from "./dom.js";
import { badge } from "./format.js";
import { graph, range } from "./spark.js";

const SHOWN = 5;
const WIDGETS = 20;
const FRESH_MS = 10_000;

let known = { key: "", at: 0, dashboards: [] };

export async function load() {
  const key = JSON.stringify(scope());
  if (known.key === key && Date.now() - known.at < FRESH_MS) return known.dashboards;
  const { DashboardEntries } = await call("cloudwatch", "ListDashboards");
  const dashboards = await Promise.all(DashboardEntries.slice(0, SHOWN).map(loadOne));
  known = { key, at: Date.now(), dashboards };
  return dashboards;
}

async function loadOne({ DashboardName }) {
  const { DashboardBody } = await call("cloudwatch", "GetDashboard", { DashboardName });
  const { widgets } = JSON.parse(DashboardBody);
  const ordered = widgets.toSorted((a, b) => (a.y ?? 0) - (b.y ?? 0) || (a.x ?? 0) - (b.x ?? 0)).slice(0, WIDGETS);
  return { name: DashboardName, widgets: await Promise.all(ordered.map(loadWidget)) };
}

async function loadWidget(widget) {
  const properties = widget.properties ?? {};
  try {
    if (widget.type === "metric" && Array.isArray(properties.metrics)) return { widget, ...(await loadMetrics(properties)) };
    if (widget.type === "alarm") return { widget, alarms: await loadAlarms(properties.alarms ?? []) };
  } catch (e) {
    // One widget that cannot be drawn says why; the others are drawn.
    return { widget, error: e.message };
  }
  return { widget };
}

async function loadMetrics(properties) {
  const queries = toQueries(properties);
  const period = Math.max(60, ...queries.map((q) => q.MetricStat?.Period ?? 0));
  const asked = range(period);
  const { MetricDataResults } = await call("cloudwatch", "GetMetricData", { ...asked, MetricDataQueries: queries });
  return { period, end: asked.EndTime, results: MetricDataResults };
}

async function loadAlarms(arns) {
  if (arns.length === 0) return [];
  const { MetricAlarms, CompositeAlarms } = await call("cloudwatch", "DescribeAlarms", {
    AlarmNames: arns.map((arn) => arn.replace(/^.*:alarm:/, "")),
    AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
  });
  return [...CompositeAlarms, ...MetricAlarms];
}

// `["AWS/ECS", "CPUUtilization", "ClusterName", "c", {"stat": "Sum"}]`, where "." is what stood there in the row before, and
// "..." all of it that is not said; or `[{"expression": "m1 * 2", "id": "e1"}]`.
export function toQueries({ metrics, stat, period }) {
  let before = [];
  return metrics.map((row, i) => {
    const options = typeof row.at(-1) === "object" ? row.at(-1) : {};
    const common = { Id: options.id ?? `q${i}`, ReturnData: options.visible !== false, ...(options.label && { Label: options.label }) };
    if (options.expression !== undefined) return { ...common, Expression: options.expression };
    const said = row.filter((part) => typeof part === "string");
    const rest = said[0] === "..." ? [...before.slice(0, before.length - said.length + 1), ...said.slice(1)] : said;
    const parts = rest.map((part, at) => (part === "." ? before[at] : part));
    before = parts;
    const Dimensions = [];
    for (let at = 2; at + 1 < parts.length; at += 2) Dimensions.push({ Name: parts[at], Value: parts[at + 1] });
    return {
      ...common,
      MetricStat: {
        Metric: { Namespace: parts[0], MetricName: parts[1], Dimensions },
        Period: options.period ?? period ?? 300,
        Stat: options.stat ?? stat ?? "Average",
      },
    };
  });
}

export function view(dashboards) {
  if (dashboards.length === 0) return h("p", { class: "empty" }, "No dashboards here yet: ", h("code", {}, "aws cloudwatch put-dashboard"), " makes one.");
  return dashboards.map((d) => h("article", { key: d.name }, h("strong", {}, d.name), d.widgets.map(widgetRow)));
}

function widgetRow({ widget, results, period, end, alarms, error }, i) {
  const { title, markdown, stat } = widget.properties ?? {};
  return h("div", { class: "kind", key: String(i) },
    title && h("p", {}, title),
    error && h("p", { class: "error" }, error),
    widget.type === "text" && h("p", { class: "quiet" }, markdown ?? ""),
    results?.map((r) => graph(`${r.Id} ${r.Label}`, r, period, end, r.Label, stat ?? "")),
    alarms?.map((a) => h("div", { class: "line", key: a.AlarmName }, badge(a.StateValue), h("strong", {}, a.AlarmName))),
    !error && !results && !alarms && widget.type !== "text" && h("p", { class: "quiet" }, `a widget of type ${widget.type} is not drawn here`));
}
