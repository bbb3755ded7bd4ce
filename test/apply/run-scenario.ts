import { resourcePath, type ApiResponse, type ResourceType, type Transport } from "@seaworthy/client";
import type { KubeObject, ManagedFieldsEntry } from "@seaworthy/kube";
import type { Scenario, Step } from "../../packages/kube/src/managed-fields/testing/read-scenarios.ts";

/** What an API server made of a scenario. */
export interface Outcome {
  readonly steps: readonly StepOutcome[];
  /** The object after the last step, without what differs from cluster to cluster. */
  readonly object?: unknown;
}

/** What it answered to one write. */
export interface StepOutcome {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly causes?: unknown;
  readonly warnings?: readonly string[];
  /** Whether the write changed the object at all; told where no controller writes to it as well. */
  readonly changed?: boolean;
  /** Who owns what then; `timed` instead of the time. */
  readonly managers?: readonly unknown[];
}

/** The namespace of the scenarios. */
export const scenarioNamespace = "apply-scenarios";

/** The types of the scenarios' objects, by what a step calls them. */
const types: Readonly<Record<string, ResourceType>> = {
  ConfigMap: type("", "v1", "ConfigMap", "configmaps"),
  Pod: type("", "v1", "Pod", "pods"),
  Service: type("", "v1", "Service", "services"),
  Deployment: type("apps", "v1", "Deployment", "deployments"),
  HorizontalPodAutoscaler: type("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
  "HorizontalPodAutoscaler.v1": type(
    "autoscaling",
    "v1",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscalers",
  ),
  Widget: type("apply.example.com", "v1", "Widget", "widgets"),
  "Widget.v1alpha1": type("apply.example.com", "v1alpha1", "Widget", "widgets"),
};

function type(group: string, version: string, kind: string, plural: string): ResourceType {
  return { group, version, kind, plural, namespaced: true };
}

/** Runs a scenario on an API server, and takes away what it made. */
export async function runScenario(transport: Transport, { steps }: Scenario): Promise<Outcome> {
  const outcomes: StepOutcome[] = [];
  const targets = new Set(steps.map(({ to }) => to));
  try {
    for (const step of steps) outcomes.push(await runStep(transport, step));
    const last = await get(transport, steps.at(-1)?.to ?? "");
    return { steps: outcomes, ...(last === undefined ? {} : { object: comparable(last) }) };
  } finally {
    for (const target of targets) await send(transport, "DELETE", target, {});
  }
}

async function runStep(transport: Transport, step: Step): Promise<StepOutcome> {
  const before = await get(transport, step.to);
  const query = { ...(step.as === undefined ? {} : { fieldManager: step.as }), ...step.query };
  const method = ({ create: "POST", update: "PUT" } as const)[step.do as "create"] ?? "PATCH";
  const body = typeof step.body === "string" ? step.body : JSON.stringify(withVersion(step, before));
  const answer = await send(transport, method, step.to, {
    query,
    body,
    subresource: step.subresource,
    headers: {
      accept: "application/json",
      "content-type": step.contentType ?? contentTypes[step.do],
      ...(step.userAgent === undefined ? {} : { "user-agent": step.userAgent }),
    },
  });
  const warnings = warningsOf(answer);
  const common = { code: answer.status, ...(warnings.length === 0 ? {} : { warnings }) };
  if (answer.status >= 300) return { ...common, ...refusalOf(answer) };
  const after = await get(transport, step.to);
  if (after === undefined) return common;
  const isQuiet = after.kind === "ConfigMap" || after.kind === "Widget" || after.kind === "Service";
  return {
    ...common,
    ...(isQuiet ? { changed: before?.metadata.resourceVersion !== after.metadata.resourceVersion } : {}),
    managers: (after.metadata.managedFields ?? [])
      .filter(isOurs)
      .map(({ time, ...entry }) => ({ ...entry, timed: time !== undefined }))
      .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
  };
}

const contentTypes = {
  create: "application/json",
  update: "application/json",
  apply: "application/apply-patch+yaml",
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
} as const;

/** `$live` in place of a resourceVersion, a uid or managedFields stands for what the object has. */
function withVersion({ body }: Step, before: KubeObject | undefined): unknown {
  const { metadata } = body as { metadata?: Record<string, unknown> };
  if (metadata === undefined) return body;
  const entries = Object.entries(metadata).map(([field, value]) =>
    value === "$live" ? [field, before?.metadata[field as "uid"]] : [field, value],
  );
  return { ...(body as object), metadata: Object.fromEntries(entries) as object };
}

async function get(transport: Transport, target: string): Promise<KubeObject | undefined> {
  const answer = await send(transport, "GET", target, {});
  return answer.status === 200 ? (JSON.parse(answer.body as string) as KubeObject) : undefined;
}

async function send(
  transport: Transport,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  target: string,
  {
    query = {},
    subresource,
    headers = { accept: "application/json" },
    body,
  }: {
    readonly query?: Readonly<Record<string, string>>;
    readonly subresource?: string | undefined;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
): Promise<ApiResponse> {
  const [kind = "", name = ""] = target.split("/");
  const type = types[kind];
  if (type === undefined) throw new TypeError(`no type for ${target}`);
  const path = resourcePath(type, scenarioNamespace, method === "POST" ? undefined : name, subresource);
  const search = new URLSearchParams(method === "DELETE" ? { gracePeriodSeconds: "0" } : query);
  return await transport({ method, path, query: search, headers, ...(body === undefined ? {} : { body }) });
}

function refusalOf({ body }: ApiResponse): Pick<StepOutcome, "reason" | "message" | "causes"> {
  const { reason, message, details } = JSON.parse(body as string) as {
    reason?: string;
    message?: string;
    details?: { causes?: readonly Cause[] };
  };
  const causes = details?.causes;
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    // Kubernetes tells conflicts with several managers in any order.
    ...(causes === undefined ? {} : { causes: reason === "Conflict" ? causes.toSorted(byText) : causes }),
  };
}

interface Cause {
  readonly message?: string;
  readonly field?: string;
}

function byText(a: Cause, b: Cause): number {
  const [one, other] = [a, b].map(({ message, field }) => `${message} ${field}`);
  return one! < other! ? -1 : 1;
}

function warningsOf({ headers }: ApiResponse): string[] {
  return Array.from((headers["warning"] ?? "").matchAll(/299 - "((?:[^"\\]|\\.)*)"/g), ([, text = ""]) =>
    text.replaceAll(/\\(.)/g, "$1"),
  );
}

/** Kubernetes orders them by time, and a second may pass between two steps. */
function nameOf({ manager, operation, subresource, apiVersion }: ManagedFieldsEntry): string {
  return [manager, operation, subresource, apiVersion].join(" ");
}

/** The real cluster's own controllers write to Deployments too. */
function isOurs({ manager }: ManagedFieldsEntry): boolean {
  return manager === undefined || !/^kube-(?:controller-manager|scheduler)$|^kubelet$/.test(manager);
}

function comparable(object: KubeObject): unknown {
  const {
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    managedFields: _managed,
    ...metadata
  } = object.metadata;
  const { "deployment.kubernetes.io/revision": _revision, ...annotations } = metadata.annotations ?? {};
  const { annotations: _annotations, ...rest } = metadata;
  const shown = Object.keys(annotations).length === 0 ? rest : { ...rest, annotations };
  const { status, spec, ...others } = object;
  return {
    ...others,
    metadata: shown,
    ...(spec === undefined ? {} : { spec: withoutAddresses(spec) }),
    ...(object.kind === "Widget" && status !== undefined ? { status } : {}),
  };
}

/** Each cluster gives other addresses. */
function withoutAddresses(spec: unknown): unknown {
  const { clusterIP: _ip, clusterIPs: _ips, ...rest } = spec as Record<string, unknown>;
  return rest;
}
