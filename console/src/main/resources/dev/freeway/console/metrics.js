import { scope } from "./address.js";
import { call } from "./aws.js";
import { h } from "./dom.js";
import { ago, badge } from "./format.js";
import { graph, range } from "./spark.js";

// Metrics change once a minute: they are not asked for every second.
const FRESH_MS = 10_000;

const search = (id, words, metric, stat) => ({ id, words, query: { Id: id, Expression: `SEARCH('${metric}', '${stat}', 60)` } });
const GRAPHS = [
  search("requests", "requests a minute", '{AWS/ApplicationELB,LoadBalancer} MetricName="RequestCount"', "Sum"),
  search("errors", "errors a minute", '{AWS/ApplicationELB,LoadBalancer} MetricName="HTTPCode_ELB_5XX_Count" OR MetricName="HTTPCode_Target_5XX_Count"', "Sum"),
  search("latency", "s to answer, p99", '{AWS/ApplicationELB,LoadBalancer} MetricName="TargetResponseTime"', "p99"),
  search("cpu", "% of CPU", '{AWS/ECS,ClusterName,ServiceName} MetricName="CPUUtilization"', "Average"),
  search("memory", "% of memory", '{AWS/ECS,ClusterName,ServiceName} MetricName="MemoryUtilization"', "Average"),
  search("functions", "invocations a minute", '{AWS/Lambda,FunctionName} MetricName="Invocations"', "Sum"),
];

let graphs = { key: "", at: 0, results: [] };

export async function load() {
  const [alarms, results] = await Promise.all([loadAlarms(), loadGraphs()]);
  return { alarms, results };
}

async function loadAlarms() {
  const { MetricAlarms, CompositeAlarms } = await call("cloudwatch", "DescribeAlarms", {
    AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    MaxRecords: 100,
  });
  // What rings stands first.
  return [...CompositeAlarms, ...MetricAlarms].sort((a, b) => rank(a) - rank(b) || b.StateUpdatedTimestamp - a.StateUpdatedTimestamp);
}

const rank = (alarm) => ["ALARM", "INSUFFICIENT_DATA", "OK"].indexOf(alarm.StateValue);

async function loadGraphs() {
  const key = JSON.stringify(scope());
  if (graphs.key === key && Date.now() - graphs.at < FRESH_MS) return graphs.results;
  const asked = range(60);
  const { MetricDataResults } = await call("cloudwatch", "GetMetricData", { ...asked, MetricDataQueries: GRAPHS.map((g) => g.query) });
  const results = MetricDataResults.filter((r) => r.Values.length > 0).map((r) => ({ ...r, end: asked.EndTime }));
  graphs = { key, at: Date.now(), results };
  return graphs.results;
}

export function view({ alarms, results }) {
  if (alarms.length === 0 && results.length === 0) {
    return h("p", { class: "empty" }, "No alarms, and nothing measured in the last half hour.");
  }
  return [
    alarms.map(alarmRow),
    results.length > 0 && h("div", { key: "graphs", class: alarms.length > 0 ? "kind" : undefined }, results.map(graphRow)),
  ];
}

function alarmRow(a) {
  return h("article", { key: `alarm ${a.AlarmName}` },
    h("div", { class: "line" },
      badge(a.StateValue),
      h("strong", {}, a.AlarmName),
      h("span", { class: "message", title: a.StateReason }, a.StateReason),
      h("span", { class: "quiet" }, ago(a.StateUpdatedTimestamp))));
}

function graphRow(r) {
  const { words } = GRAPHS.find((g) => g.id === r.Id);
  const label = r.Label.replace(/ \S+$/, "").replace(/^(app|net)\/(.*)\/[0-9a-f]+$/, "$2");
  return graph(`${r.Id} ${r.Label}`, r, 60, r.end, label, words);
}
