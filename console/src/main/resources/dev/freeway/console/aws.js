// The AWS APIs, asked as any client asks them.

import { scope } from "./address.js";

const JSON_TARGETS = {
  cloudwatch: "GraniteServiceVersion20100801",
  codebuild: "CodeBuild_20161006",
  codecommit: "CodeCommit_20150413",
  codepipeline: "CodePipeline_20150709",
  ecr: "AmazonEC2ContainerRegistry_V20150921",
  ecs: "AmazonEC2ContainerServiceV20141113",
  logs: "Logs_20140328",
};
const ELB_VERSION = "2015-12-01";
// A server that hangs must not stop the page for good.
const PATIENCE_MS = 10_000;

export class AwsError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

// An operation of a JSON service: its output, or an AwsError.
export async function call(service, operation, input = {}) {
  const response = await post(service, "application/x-amz-json-1.1", JSON.stringify(input), {
    "X-Amz-Target": `${JSON_TARGETS[service]}.${operation}`,
  });
  const text = await response.text();
  const output = text === "" ? {} : JSON.parse(text);
  if (!response.ok) {
    throw new AwsError((output.__type ?? String(response.status)).split("#").pop(), output.message ?? output.Message ?? text);
  }
  return output;
}

// An operation of Elastic Load Balancing: its result element.
export async function elb(operation, parameters = {}) {
  const form = new URLSearchParams({ Action: operation, Version: ELB_VERSION, ...parameters });
  const response = await post("elasticloadbalancing", "application/x-www-form-urlencoded", form.toString(), {});
  const xml = new DOMParser().parseFromString(await response.text(), "application/xml");
  if (!response.ok) {
    throw new AwsError(xml.querySelector("Code")?.textContent ?? String(response.status), xml.querySelector("Message")?.textContent ?? "");
  }
  return xml.querySelector(`${operation}Result`);
}

// The text of a child of an XML element, and the members of a list in it.
export function text(element, name) {
  return [...(element?.children ?? [])].find((c) => c.localName === name)?.textContent;
}

export function members(element, name) {
  const list = [...(element?.children ?? [])].find((c) => c.localName === name);
  return [...(list?.children ?? [])];
}

export async function health() {
  const response = await fetch("/_freeway/health", { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new AwsError(String(response.status), "the health page does not answer");
  return response.json();
}

function post(service, type, body, headers) {
  const { account, region } = scope();
  // An unknown key is taken at its word: twelve digits are the account.
  const credential = `${account}/20260101/${region}/${service}/aws4_request`;
  return fetch("/", {
    method: "POST",
    headers: {
      ...headers,
      "Content-Type": type,
      Authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=console`,
    },
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}
