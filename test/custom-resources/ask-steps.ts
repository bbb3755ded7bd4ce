import type { Transport } from "@seaworthy/client";
import type { JsonObject } from "@seaworthy/kube";

/** One request of a case. */
export interface Step {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the collection: a name, `name/status`; nothing for the collection itself. A path of its own begins with a slash. */
  readonly at?: string;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  /** The media type of a patch, without `application/`. */
  readonly type?: string;
  readonly accept?: string;
}

/** Requests that are asked one after the other; what the last one is answered counts. */
export interface Case {
  readonly name: string;
  /** The version and plural that it is about. */
  readonly of: string;
  readonly steps: readonly Step[];
}

/** What was answered: a refusal as it is, an object without what no two clusters have alike. */
export interface Answer {
  readonly code: number;
  readonly warnings?: readonly string[];
  readonly reason?: string;
  readonly message?: string;
  readonly causes?: readonly JsonObject[];
  readonly object?: unknown;
}

/** The namespace of the objects that have one. */
export const casesNamespace = "custom-cases";

/** Where the collections of the cases are, by what a case says that it is about. */
export const collections: Readonly<Record<string, string>> = {
  crd: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  boats: `/apis/cases.example.com/v1/namespaces/${casesNamespace}/boats`,
  rules: `/apis/cases.example.com/v1/namespaces/${casesNamespace}/rules`,
  rafts: "/apis/cases.example.com/v1/rafts",
  "rafts v1beta1": "/apis/cases.example.com/v1beta1/rafts",
  "rafts v1alpha1": "/apis/cases.example.com/v1alpha1/rafts",
  "rafts v0": "/apis/cases.example.com/v0/rafts",
};

/** Asks the steps of a case; what they have made is to be deleted by the caller. */
export async function askSteps(transport: Transport, { of, steps }: Case): Promise<Answer> {
  let answer: Answer | undefined;
  for (const step of steps) answer = await askStep(transport, collections[of] ?? of, step);
  if (answer === undefined) throw new TypeError("a case without steps");
  return answer;
}

/** Sends one request. */
export async function askStep(transport: Transport, collection: string, step: Step): Promise<Answer> {
  const { method, at, body, query = {}, type = "json", accept = "application/json" } = step;
  const response = await transport({
    method,
    path: at === undefined ? collection : at.startsWith("/") ? at : `${collection}/${at}`,
    query: new URLSearchParams(query),
    headers: { accept, "content-type": `application/${type}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (typeof response.body !== "string") throw new TypeError("the answer is a stream");
  const warnings = Array.from(
    (response.headers["warning"] ?? "").matchAll(/299 - "((?:[^"\\]|\\.)*)"/g),
    ([, text = ""]) => text.replaceAll(/\\(.)/g, "$1"),
  );
  const head = { code: response.status, ...(warnings.length === 0 ? {} : { warnings }) };
  // A path that nobody serves is answered in plain text by a real API server.
  if (!response.body.startsWith("{")) return head;
  const object = JSON.parse(response.body) as JsonObject;
  if (response.status < 300) return { ...head, object: withoutChance(object) };
  const { reason, message, details } = object as {
    readonly reason?: string;
    readonly message?: string;
    readonly details?: { readonly causes?: readonly JsonObject[] };
  };
  // Kubernetes goes through maps in an order of chance.
  const causes = details?.causes?.toSorted((left, right) => (text(left) < text(right) ? -1 : 1));
  return {
    ...head,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined || (causes?.length ?? 0) > 1 ? {} : { message }),
    ...(causes === undefined ? {} : { causes }),
  };
}

function text(cause: JsonObject): string {
  return `${String(cause["field"])} ${String(cause["message"])}`;
}

const byChance: ReadonlySet<string> = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "managedFields",
  "lastTransitionTime",
]);

function withoutChance(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutChance);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !byChance.has(key))
      .map(([key, inner]) => [key, withoutChance(inner)]),
  );
}
