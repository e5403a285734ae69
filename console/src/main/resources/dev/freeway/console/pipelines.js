import { withWords } from "./address.js";
import { call } from "./aws.js";
import { h } from "./dom.js";
import { ago, badge, dot, empty, firstLine, seconds, tone, words } from "./format.js";

const SHOWN = 20;
const HISTORY = 12;

export async function load() {
  const { pipelines } = await call("codepipeline", "ListPipelines");
  return Promise.all(pipelines.slice(0, SHOWN).map((p) => one(p.name)));
}

async function one(name) {
  const [state, listed] = await Promise.all([
    call("codepipeline", "GetPipelineState", { name }),
    call("codepipeline", "ListPipelineExecutions", { pipelineName: name, maxResults: HISTORY }),
  ]);
  const executions = listed.pipelineExecutionSummaries;
  // The state has no start times of actions: these come with the executions that are in its stages.
  const ids = new Set(state.stageStates.map((s) => s.latestExecution?.pipelineExecutionId).filter(Boolean));
  const runs = await Promise.all(
    [...ids].map((id) =>
      call("codepipeline", "ListActionExecutions", { pipelineName: name, filter: { pipelineExecutionId: id } })),
  );
  const actions = new Map(runs.flatMap((r) => r.actionExecutionDetails).map((d) => [d.actionExecutionId, d]));
  return { name, stages: state.stageStates, executions, actions };
}

export function view(pipelines, act) {
  if (pipelines.length === 0) return empty("No pipelines here yet.");
  return pipelines.map((p) => row(p, act));
}

function row(p, act) {
  const newest = p.executions[0];
  return h("article", { class: "pipeline", key: p.name },
    h("div", { class: "line" },
      h("h3", {}, p.name),
      newest ? badge(newest.status) : badge(undefined),
      newest && h("span", { class: "message", title: revision(newest)?.revisionSummary }, commit(newest)),
      newest && h("span", { class: "quiet" }, took(newest)),
      h("span", { class: "history" }, [...p.executions].reverse().map(past)),
      h("button", { onclick: () => act(`${p.name} was started`, "codepipeline", "StartPipelineExecution", { name: p.name }) }, "Start")),
    h("ol", { class: "stages" }, p.stages.map((s) => stage(p, s, act))));
}

const revision = (execution) => execution?.sourceRevisions?.[0];

function commit(execution) {
  const source = revision(execution);
  if (!source) return "no source yet";
  return [h("code", {}, (source.revisionId ?? "").slice(0, 7)), " ", firstLine(source.revisionSummary)];
}

function took(execution) {
  return execution.status === "InProgress"
    ? `running for ${seconds(execution.startTime)}`
    : `${seconds(execution.startTime, execution.lastUpdateTime)}, ${ago(execution.lastUpdateTime)}`;
}

function past(execution) {
  const title = `${words(execution.status)}: ${firstLine(revision(execution)?.revisionSummary)} (${took(execution)})`;
  return h("span", { class: `past ${tone(execution.status)}`, key: execution.pipelineExecutionId, title });
}

function stage(p, s, act) {
  const latest = s.latestExecution;
  const execution = p.executions.find((e) => e.pipelineExecutionId === latest?.pipelineExecutionId);
  const closed = s.inboundTransitionState?.enabled === false;
  const retry = () =>
    act(`${s.stageName} of ${p.name} is tried again`, "codepipeline", "RetryStageExecution", {
      pipelineName: p.name,
      stageName: s.stageName,
      pipelineExecutionId: latest.pipelineExecutionId,
      retryMode: "FAILED_ACTIONS",
    });
  return h("li", { class: `stage ${tone(latest?.status)}`, key: s.stageName },
    h("div", { class: "line" },
      h("strong", { class: "grow" }, s.stageName),
      latest ? badge(latest.status) : badge(undefined),
      latest?.status === "Failed" && h("button", { onclick: retry }, "Retry")),
    closed && h("p", { class: "note" }, `Closed: ${s.inboundTransitionState.disabledReason ?? "no reason given"}`),
    (s.inboundExecutions ?? []).length > 0 && h("p", { class: "note" }, `${s.inboundExecutions.length} waiting to come in`),
    s.actionStates.map((a) => action(p, s, a, act)),
    h("p", { class: "revision", title: revision(execution)?.revisionSummary }, execution ? commit(execution) : "nothing yet"));
}

// A build's action leads to its log.
function actionName(a, detail) {
  const build = detail?.input?.actionTypeId?.provider === "CodeBuild" && a.latestExecution?.externalExecutionId;
  return build ? h("a", { href: withWords({ build }) }, a.actionName) : a.actionName;
}

function action(p, s, a, act) {
  const run = a.latestExecution;
  const detail = p.actions.get(run?.actionExecutionId);
  const over = run !== undefined && run.status !== "InProgress";
  const waits = run?.status === "InProgress" && run.token !== undefined && detail?.input?.actionTypeId?.category === "Approval";
  const answer = (status) => () =>
    act(`${a.actionName} of ${p.name}: ${status.toLowerCase()}`, "codepipeline", "PutApprovalResult", {
      pipelineName: p.name,
      stageName: s.stageName,
      actionName: a.actionName,
      token: run.token,
      result: { status, summary: `${status} in the console` },
    });
  return h("div", { class: "action", key: a.actionName },
    h("div", { class: "line" },
      dot(waits ? "Waiting" : run?.status),
      h("span", { class: "grow" }, actionName(a, detail)),
      detail && h("span", { class: "quiet" }, seconds(detail.startTime, over ? detail.lastUpdateTime : undefined))),
    waits && h("div", { class: "line" },
      h("button", { class: "good", onclick: answer("Approved") }, "Approve"),
      h("button", { class: "bad", onclick: answer("Rejected") }, "Reject")),
    run?.errorDetails && h("p", { class: "error" }, run.errorDetails.message ?? run.errorDetails.code));
}
