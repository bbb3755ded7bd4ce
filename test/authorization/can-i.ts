import { readFileSync } from "node:fs";
import type { ApiRequest, Transport } from "@seaworthy/client";
import { resourcePath } from "@seaworthy/client";
import { resourceTypes, type KubeObject } from "@seaworthy/kube";

/** What an API server says to a question; the reason is absent where it gives none. */
export interface Answer {
  readonly allowed: boolean;
  readonly reason?: string;
}

const here = import.meta.dirname;
const group = "rbac.authorization.k8s.io";
const namespaces = ["can-one", "can-two"];

/** The questions, one a line. */
export function readQuestions(): string[] {
  const lines = readFileSync(`${here}/questions.txt`, "utf8").trim().split("\n");
  return lines.filter((line) => !line.startsWith("#"));
}

/** Makes the namespaces, roles and bindings that the questions are about. */
export async function makePolicy(transport: Transport): Promise<void> {
  for (const object of policy()) {
    const answer = await send(transport, "POST", pathOf(object), object);
    if (answer.status !== 201) throw new Error(`${object.kind} ${object.metadata.name}: ${answer.body}`);
  }
}

/** Takes them away again. */
export async function removePolicy(transport: Transport): Promise<void> {
  for (const object of policy().toReversed())
    await send(transport, "DELETE", `${pathOf(object)}/${object.metadata.name}`);
}

/** Asks one by a SubjectAccessReview. */
export async function ask(transport: Transport, question: string): Promise<Answer> {
  const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: readSpec(question),
  };
  const { status, body } = await send(transport, "POST", path, review);
  if (status !== 201) throw new Error(`${question}: ${body}`);
  return (JSON.parse(body) as { readonly status: Answer }).status;
}

function readSpec(question: string): unknown {
  const [who = "", verb = "", what = "", ...rest] = question.split(" ");
  const [user = "", ...groups] = who.split("+");
  if (what.startsWith("/")) return { user, groups, nonResourceAttributes: { verb, path: what } };
  const [, resource = "", of = "", subresource = ""] = /^([^./]+)(?:\.([^/]+))?(?:\/(.+))?$/.exec(what) ?? [];
  const namespace = rest[0] === "-n" ? (rest[1] ?? "") : "";
  const [name = ""] = rest[0] === "-n" ? rest.slice(2) : rest;
  return {
    user,
    groups,
    resourceAttributes: { verb, group: of, resource, subresource, namespace, name },
  };
}

function policy(): KubeObject[] {
  const written = JSON.parse(readFileSync(`${here}/policy.json`, "utf8")) as readonly (KubeObject & {
    readonly role?: string;
    readonly subjects?: readonly string[];
  })[];
  return [
    ...namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    ...written.map(({ role, subjects, ...object }) => ({
      ...object,
      apiVersion: `${group}/v1`,
      ...(role === undefined ? {} : { roleRef: reference(role) }),
      ...(subjects === undefined ? {} : { subjects: subjects.map(readSubject) }),
    })),
  ];
}

function reference(role: string): unknown {
  const [kind, name] = role.split("/");
  return { apiGroup: group, kind, name };
}

function readSubject(text: string): unknown {
  const [kind, ...names] = text.split("/");
  if (kind === "ServiceAccount") return { kind, namespace: names[0], name: names[1] };
  return { apiGroup: group, kind, name: names[0] };
}

function pathOf({ kind, metadata }: KubeObject): string {
  const type = Object.values(resourceTypes).find((each) => each.kind === kind)!;
  return resourcePath(type, metadata.namespace);
}

async function send(
  transport: Transport,
  method: ApiRequest["method"],
  path: string,
  json?: unknown,
): Promise<{ readonly status: number; readonly body: string }> {
  const headers = { accept: "application/json", "content-type": "application/json" };
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const answer = await transport({ method, path, query: new URLSearchParams(), headers, ...body });
  return { status: answer.status, body: answer.body as string };
}
