import { resourcePath, type Transport } from "@seaworthy/client";
import { resourceTypes, type KubeObject } from "@seaworthy/kube";
import { withSettings, type ValidationCase } from "../../packages/kube/src/kinds/testing/read-cases.ts";

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
    if (isStored && answer.status === 201) await send(transport, "DELETE", object, false);
    return answerOf(answer);
  }
  const made = await send(transport, "POST", object, false);
  if (made.status !== 201) throw new Error(`the object to be changed was refused: ${made.body}`);
  try {
    const changed = withSettings(JSON.parse(made.body) as KubeObject, {
      "metadata.resourceVersion": null,
      ...change,
    });
    return answerOf(await send(transport, "PUT", changed, true));
  } finally {
    await send(transport, "DELETE", object, false);
  }
}

interface Sent {
  readonly status: number;
  readonly body: string;
  readonly warnings: readonly string[];
}

async function send(
  transport: Transport,
  method: "POST" | "PUT" | "DELETE",
  object: KubeObject,
  dryRun: boolean,
): Promise<Sent> {
  const type = Object.values(resourceTypes).find(({ kind }) => kind === object.kind);
  if (type === undefined) throw new TypeError(`no type for ${object.kind}`);
  const namespace = type.namespaced ? askedNamespace : undefined;
  const query = new URLSearchParams(method === "DELETE" ? {} : { fieldValidation: "Strict" });
  if (dryRun) query.set("dryRun", "All");
  if (method === "DELETE") query.set("gracePeriodSeconds", "0");
  const answer = await transport({
    method,
    path:
      method === "POST" ? resourcePath(type, namespace) : resourcePath(type, namespace, object.metadata.name),
    query,
    headers: { accept: "application/json", "content-type": "application/json" },
    ...(method === "DELETE" ? {} : { body: JSON.stringify(object) }),
  });
  if (typeof answer.body !== "string") throw new TypeError("the answer is a stream");
  const warnings = Array.from(
    (answer.headers["warning"] ?? "").matchAll(/299 - "((?:[^"\\]|\\.)*)"/g),
    ([, text = ""]) => text.replaceAll(/\\(.)/g, "$1"),
  );
  return { status: answer.status, body: answer.body, warnings };
}

function answerOf({ status, body, warnings }: Sent): Answer {
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
