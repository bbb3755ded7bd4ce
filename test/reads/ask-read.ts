import type { ApiResponse, KubeClient, Status, Transport } from "@seaworthy/client";
import { ApiError, isAlreadyExists, isNotFound } from "@seaworthy/client";
import { resourceTypes, type KubeObject, type Namespace } from "@seaworthy/kube";

/** The namespace that reads are asked of. */
export const readNamespace = "reads";

/** What a server says to a read, without what differs from server to server. */
export interface ReadAnswer {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: unknown;
  /** Of a list: which objects, at which revision, and what it says of the rest. */
  readonly items?: readonly string[];
  readonly at?: string;
  readonly continues?: boolean;
  readonly remaining?: number;
  /** Of a watch: `TYPE name@revision` for each event. */
  readonly events?: readonly string[];
}

/** The revisions and tokens that cases name. */
export type ReadState = ReadonlyMap<string, string>;

/** Makes the state that the cases ask for: secrets that come, change and go, and what their revisions are. */
export async function makeState(client: KubeClient, transport: Transport): Promise<ReadState> {
  const state = new Map<string, string>();
  await makeNamespace(client);
  const { secrets } = resourceTypes;
  const list = () => client.list(secrets, { namespace: readNamespace });
  for (const { metadata } of (await list()).items) await client.delete(secrets, readNamespace, metadata.name);
  const secret = (name: string, color: string): KubeObject => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: readNamespace, labels: { color } },
  });
  state.set("start", (await list()).resourceVersion);
  let created: KubeObject | undefined;
  for (const name of ["a", "b", "c", "d", "gone"])
    created = await client.create(secrets, secret(name, name === "b" ? "blue" : "red"));
  state.set("created", created?.metadata.resourceVersion ?? "");
  const token = await firstToken(transport);
  state.set("token", token);
  const paint = (name: string, color: string) =>
    client.patch(secrets, readNamespace, name, "merge", { metadata: { labels: { color } } });
  await paint("b", "red");
  const relabeled = await paint("c", "blue");
  state.set("relabeled", relabeled.metadata.resourceVersion ?? "");
  await client.delete(secrets, readNamespace, "gone");
  const last = await paint("d", "green");
  state.set("last", last.metadata.resourceVersion ?? "");
  state.set("future", String(Number(last.metadata.resourceVersion) + 50_000_000));
  const fields = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as Record<string, unknown>;
  const tokenOf = (changed: unknown) => Buffer.from(JSON.stringify(changed)).toString("base64url");
  state.set("token of another time", tokenOf({ ...fields, rv: 1 }));
  state.set("token without a time", tokenOf({ ...fields, rv: -1 }));
  state.set("token of no time", tokenOf({ ...fields, rv: 0 }));
  state.set("token from nowhere", tokenOf({ ...fields, start: "" }));
  state.set("token of another version", tokenOf({ ...fields, v: "v0" }));
  state.set("token from outside", tokenOf({ ...fields, start: "../../x" }));
  return state;
}

async function makeNamespace(client: KubeClient): Promise<void> {
  const metadata = { name: readNamespace };
  const namespace: Namespace = { apiVersion: "v1", kind: "Namespace", metadata };
  await client.create(resourceTypes.namespaces, namespace).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}

async function firstToken(transport: Transport): Promise<string> {
  const { body } = await get(transport, "secrets", "limit=2");
  return (JSON.parse(String(body)) as { metadata: { continue: string } }).metadata.continue;
}

function get(transport: Transport, path: string, query: string): Promise<ApiResponse> {
  return transport({
    method: "GET",
    path: `/api/v1/namespaces/${readNamespace}/${path}`,
    query: new URLSearchParams(query),
    headers: { accept: "application/json" },
  });
}

/** Asks one read of `readCases`. */
export async function askRead(transport: Transport, asked: string, state: ReadState): Promise<ReadAnswer> {
  const filled = asked.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = state.get(name);
    if (value === undefined) throw new Error(`${asked}: nothing is named ${name}`);
    return value;
  });
  const [path = "", query = ""] = filled.split("?");
  const isWatch = /watch(?!=false|=0)/.test(query);
  const response = await get(transport, path, isWatch ? `${query}&timeoutSeconds=1` : query);
  const { status: code, body } = response;
  if (code >= 300) return { code, ...refusalOf(JSON.parse(await textOf(body)) as Status, state) };
  const text = await textOf(body);
  if (text === "" || text.startsWith('{"type":')) return { code, events: eventsOf(text, state) };
  const answer = JSON.parse(text) as KubeObject & {
    readonly items?: readonly KubeObject[];
    readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number };
  };
  const { metadata, items } = answer;
  if (items === undefined) return { code, items: [metadata.name] };
  return {
    code,
    items: items.map((item) => `${item.metadata.name}@${revisionName(item.metadata.resourceVersion, state)}`),
    at: revisionName(metadata.resourceVersion, state),
    continues: metadata.continue !== undefined,
    ...(metadata.remainingItemCount === undefined ? {} : { remaining: metadata.remainingItemCount }),
  };
}

async function textOf(body: ApiResponse["body"]): Promise<string> {
  if (typeof body === "string") return body;
  let text = "";
  for await (const chunk of body) text += chunk;
  return text;
}

function eventsOf(text: string, state: ReadState): string[] {
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { readonly type: string; readonly object: KubeObject });
  const shown: string[] = [];
  for (const { type, object } of events) {
    const { name, resourceVersion, annotations } = object.metadata;
    if (type === "ERROR") shown.push(`ERROR ${JSON.stringify(refusalOf(object as Status, state))}`);
    else if (type !== "BOOKMARK") shown.push(`${type} ${name}@${revisionName(resourceVersion, state)}`);
    else if (annotations !== undefined) shown.push(`BOOKMARK ${JSON.stringify(annotations)}`);
  }
  return shown;
}

function refusalOf(
  status: Status & { metadata?: { continue?: string } },
  state: ReadState,
): Omit<ReadAnswer, "code"> {
  const { reason = "", message = "", details, metadata } = status;
  return {
    reason,
    message: message.replaceAll(/\b\d{2,}\b/g, (number) =>
      number.length < 19 ? revisionName(number, state) : number,
    ),
    ...(details === undefined ? {} : { details }),
    ...(metadata?.continue === undefined ? {} : { continues: true }),
  };
}

/** `start`, `created`, …; `newest` is the state after the last write of ours, or a later one. */
function revisionName(revision: string | undefined, state: ReadState): string {
  for (const name of ["start", "created", "relabeled", "future"])
    if (state.get(name) === revision) return name;
  const number = Number(revision);
  if (number >= Number(state.get("last"))) return "newest";
  return number < Number(state.get("start")) ? "older" : "between";
}

/** Takes the state away again. */
export async function removeState(client: KubeClient): Promise<void> {
  await client.delete(resourceTypes.namespaces, undefined, readNamespace).catch((error: unknown) => {
    if (!(error instanceof ApiError) || !isNotFound(error)) throw error;
  });
}
