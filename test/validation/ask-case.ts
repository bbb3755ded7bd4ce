import { resourcePath, type Transport } from "@seaworthy/client";
import { findBuiltInKind, servedTypes, type KubeObject, type ServedType } from "@seaworthy/kube";
import {
  withSettings,
  type Settings,
  type ValidationCase,
} from "../../packages/kube/src/kinds/testing/read-cases.ts";

/** What an API server said of a case. An accepted one has no reason. */
export interface Answer {
  readonly code: number;
  /** What kubectl prints as `Warning: …`. */
  readonly warnings?: readonly string[];
  readonly reason?: string;
  readonly message?: string;
  readonly causes?: readonly {
    readonly reason?: string;
    readonly message?: string;
    readonly field?: string;
  }[];
}

/** The namespace in which the cases are asked. */
export const askedNamespace = "validation";

/**
 * Asks an API server whether it would take an object, or a change of one, with a dry run. For a change the object is made
 * first and taken away afterwards.
 */
export async function askCase(transport: Transport, asked: ValidationCase): Promise<Answer> {
  const { object, change, isStored } = asked;
  if (change === undefined) {
    const answer = await send(transport, "POST", object, !isStored);
    if (isStored && answer.status === 201) await takeAway(transport, object);
    return answerOf(answer);
  }
  const made = await send(transport, "POST", object, false);
  if (made.status !== 201)
    throw new Error(`${asked.name}: the object to be changed was refused: ${made.body}`);
  try {
    return answerOf(await askChange(transport, object, change));
  } finally {
    await takeAway(transport, object);
  }
}

/** A controller may write between reading and asking: then the change is asked again. */
async function askChange(transport: Transport, object: KubeObject, change: Settings): Promise<Sent> {
  for (let attempt = 1; ; attempt += 1) {
    const read = await send(transport, "GET", object, false);
    const changed = withSettings(JSON.parse(read.body) as KubeObject, change);
    const answer = await send(transport, "PUT", changed, true);
    if (answer.status !== 409 || attempt === mostAttempts) return answer;
  }
}

const mostAttempts = 10;

/** Removes an object at once, whatever holds it. */
async function takeAway(transport: Transport, object: KubeObject): Promise<void> {
  await send(transport, "DELETE", object, false);
  await send(transport, "PATCH", object, false);
}

interface Sent {
  readonly status: number;
  readonly body: string;
  readonly warnings: readonly string[];
}

async function send(
  transport: Transport,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  object: KubeObject,
  dryRun: boolean,
): Promise<Sent> {
  const type = typeOf(object);
  const namespace = type.namespaced ? askedNamespace : undefined;
  const isWrite = method === "POST" || method === "PUT";
  const query = new URLSearchParams(isWrite ? { fieldValidation: "Strict" } : {});
  if (dryRun) query.set("dryRun", "All");
  if (method === "DELETE") {
    query.set("gracePeriodSeconds", "0");
    query.set("propagationPolicy", "Background");
  }
  const body = isWrite ? object : { metadata: { finalizers: null } };
  const answer = await transport({
    method,
    path:
      method === "POST" ? resourcePath(type, namespace) : resourcePath(type, namespace, object.metadata.name),
    query,
    headers: {
      accept: "application/json",
      "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
    },
    ...(method === "GET" || method === "DELETE" ? {} : { body: JSON.stringify(body) }),
  });
  if (typeof answer.body !== "string") throw new TypeError("the answer is a stream");
  const warnings = Array.from(
    (answer.headers["warning"] ?? "").matchAll(/299 - "((?:[^"\\]|\\.)*)"/g),
    ([, text = ""]) => text.replaceAll(/\\(.)/g, "$1"),
  );
  return { status: answer.status, body: answer.body, warnings };
}

function typeOf({ apiVersion, kind }: KubeObject): ServedType {
  const found = findBuiltInKind(apiVersion, kind);
  const type = (found === undefined ? [] : servedTypes(found)).find(
    (served) => served.apiVersion === apiVersion,
  );
  if (type === undefined) throw new TypeError(`no type for ${apiVersion} ${kind}`);
  return type;
}

/** Without the UIDs in it, which are others each time. */
function answerOf({ status, body: text, warnings }: Sent): Answer {
  const body = text.replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "uid");
  const begin = { code: status, ...(warnings.length === 0 ? {} : { warnings }) };
  if (status < 300) return begin;
  const { reason, message, details } = JSON.parse(body) as {
    readonly reason?: string;
    readonly message?: string;
    readonly details?: { readonly causes?: Answer["causes"] };
  };
  return {
    ...begin,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(details?.causes === undefined ? {} : { causes: details.causes }),
  };
}
