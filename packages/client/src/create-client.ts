import { SeaworthyError } from "@seaworthy/errors";
import type { KubeObject } from "@seaworthy/kube";
import { ApiError, type Status } from "./api-error.ts";
import { discoverPreferred, discoverTypes, discoverVersions, serverVersion } from "./discover-types.ts";
import type { DeleteOptions, KubeClient, List, ListOptions, PatchType, WatchEvent } from "./kube-client.ts";
import { resourcePath } from "./resource-path.ts";
import type { ApiRequest, ApiResponse, Transport } from "./transport.ts";

/** What a client says of itself. */
export interface ClientOptions {
  /** Its User-Agent, by which `managedFields` calls it. */
  readonly userAgent?: string;
  /** Whether it does without `metadata.managedFields`, and without changing objects that a watch tells of. */
  readonly forCache?: boolean;
}

/** Makes a client that sends its requests through `transport`. */
export function createClient(transport: Transport, options: ClientOptions = {}): KubeClient {
  return createClientOf((request) => transport(introduce(request, options)));
}

function introduce(request: ApiRequest, { userAgent, forCache }: ClientOptions): ApiRequest {
  const headers = userAgent === undefined ? request.headers : { ...request.headers, "user-agent": userAgent };
  return { ...request, headers, ...(forCache === true ? { forCache } : {}) };
}

function createClientOf(transport: Transport): KubeClient {
  const send = (request: Outgoing) => sendRequest(transport, request);
  const ask = async <T>(path: string) => readObject<T>(await send({ path }));
  return {
    discover: (apiVersion, verbs) => discoverTypes(ask, apiVersion, verbs),
    versions: (group) => discoverVersions(ask, group),
    discoverAll: () => discoverPreferred(ask),
    version: () => serverVersion(ask),
    get: async (type, namespace, name, subresource) =>
      readObject(await send({ path: resourcePath(type, namespace, name, subresource) })),
    async list<T extends KubeObject>(...[type, options = {}]: Parameters<KubeClient["list"]>) {
      const query = selectorQuery(options);
      if (options.limit !== undefined) query.set("limit", String(options.limit));
      if (options.continue !== undefined) query.set("continue", options.continue);
      return readList<T>(await send({ path: resourcePath(type, options.namespace), query }));
    },
    async create(type, object) {
      const path = resourcePath(type, object.metadata.namespace);
      return readObject(await send({ method: "POST", path, json: object }));
    },
    async update(type, object, subresource) {
      const { namespace, name } = object.metadata;
      return readObject(
        await send({ method: "PUT", path: resourcePath(type, namespace, name, subresource), json: object }),
      );
    },
    async patch(type, namespace, name, patchType, patch, subresource) {
      const path = resourcePath(type, namespace, name, subresource);
      return readObject(
        await send({ method: "PATCH", path, json: patch, contentType: patchContentTypes[patchType] }),
      );
    },
    async bind(namespace, pod, nodeName) {
      const metadata = { name: pod, namespace };
      const target = { apiVersion: "v1", kind: "Node", name: nodeName };
      const path = resourcePath(pods, namespace, pod, "binding");
      await send({ method: "POST", path, json: { apiVersion: "v1", kind: "Binding", metadata, target } });
    },
    async evict(namespace, pod) {
      const path = resourcePath(pods, namespace, pod, "eviction");
      const json = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace } };
      await send({ method: "POST", path, json });
    },
    async requestToken(namespace, serviceAccount, spec) {
      const path = resourcePath(
        { group: "", version: "v1", plural: "serviceaccounts", namespaced: true },
        namespace,
        serviceAccount,
        "token",
      );
      const json = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
      const answer = await readObject<{ readonly status: { readonly token: string } }>(
        await send({ method: "POST", path, json }),
      );
      return answer.status.token;
    },
    async delete(type, namespace, name, options) {
      const path = resourcePath(type, namespace, name);
      await send({
        method: "DELETE",
        path,
        ...(options === undefined ? {} : { json: deleteOptions(options) }),
      });
    },
    async *watch<T extends KubeObject>(...[type, options]: Parameters<KubeClient["watch"]>) {
      const query = selectorQuery(options);
      query.set("watch", "true");
      query.set("allowWatchBookmarks", "true");
      query.set("resourceVersion", options.resourceVersion);
      yield* readWatch<T>(transport, {
        path: resourcePath(type, options.namespace),
        query,
        signal: options.signal,
      });
    },
    async *logs(namespace, pod, options = {}) {
      const query = new URLSearchParams();
      if (options.container !== undefined) query.set("container", options.container);
      if (options.tailLines !== undefined) query.set("tailLines", String(options.tailLines));
      if (options.follow === true) query.set("follow", "true");
      if (options.previous === true) query.set("previous", "true");
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
      yield* readStream(transport, {
        path,
        query,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    },
  };
}

const pods = { group: "", version: "v1", plural: "pods", namespaced: true } as const;

interface Outgoing {
  readonly method?: ApiRequest["method"];
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly json?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

const patchContentTypes: Readonly<Record<PatchType, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

async function sendRequest(transport: Transport, outgoing: Outgoing): Promise<ApiResponse> {
  const { method = "GET", path, query = new URLSearchParams(), json, signal } = outgoing;
  const headers: Record<string, string> = { accept: "application/json" };
  if (json !== undefined) headers["content-type"] = outgoing.contentType ?? "application/json";
  const response = await transport({
    method,
    path,
    query,
    headers,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status >= 400) {
    throw new ApiError(
      readStatus(await textOf(response.body), response.status),
      response.status,
      `${method} ${path}`,
    );
  }
  return response;
}

async function readObject<T>(response: ApiResponse): Promise<T> {
  return JSON.parse(await textOf(response.body)) as T;
}

/** List items come without `apiVersion` and `kind`; they are put back, so that an item is an object like any other. */
async function readList<T extends KubeObject>(response: ApiResponse): Promise<List<T>> {
  const list = await readObject<{
    apiVersion: string;
    kind: string;
    metadata: { resourceVersion: string; continue?: string };
    items: T[] | null;
  }>(response);
  const kind = list.kind.replace(/List$/, "");
  const items = (list.items ?? []).map((item) => ({ ...item, apiVersion: list.apiVersion, kind }));
  const { resourceVersion, continue: next = "" } = list.metadata;
  return { resourceVersion, items, ...(next === "" ? {} : { continue: next }) };
}

async function* readWatch<T extends KubeObject>(
  transport: Transport,
  outgoing: Outgoing & { readonly signal: AbortSignal },
): AsyncIterable<WatchEvent<T>> {
  const { signal } = outgoing;
  const response = await openStream(transport, outgoing);
  if (response?.events !== undefined)
    return yield* untilAborted(response.events as AsyncIterable<WatchEvent<T>>, signal);
  let rest = "";
  for await (const chunk of response === undefined ? [] : readChunks(response, signal)) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (signal.aborted) return;
      if (line !== "") yield JSON.parse(line) as WatchEvent<T>;
    }
  }
}

/** The chunks of a stream; an abort ends it quietly. */
async function* readStream(transport: Transport, outgoing: Outgoing): AsyncIterable<string> {
  const response = await openStream(transport, outgoing);
  if (response !== undefined) yield* readChunks(response, outgoing.signal);
}

/** Undefined when it was aborted meanwhile. */
async function openStream(transport: Transport, outgoing: Outgoing): Promise<ApiResponse | undefined> {
  try {
    return await sendRequest(transport, outgoing);
  } catch (error) {
    if (outgoing.signal?.aborted === true) return undefined;
    throw brokenStream(error);
  }
}

async function* readChunks({ body }: ApiResponse, signal: AbortSignal | undefined): AsyncIterable<string> {
  try {
    if (typeof body === "string") yield body;
    else yield* body;
  } catch (error) {
    if (signal?.aborted !== true) throw brokenStream(error);
  }
}

async function* untilAborted<T>(events: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  for await (const event of events) {
    if (signal.aborted) return;
    yield event;
  }
}

function brokenStream(error: unknown): SeaworthyError {
  if (error instanceof SeaworthyError) return error;
  return new SeaworthyError("SW3002", `the stream from the Kubernetes API broke: ${String(error)}`, {
    cause: error,
  });
}

async function textOf(body: ApiResponse["body"]): Promise<string> {
  if (typeof body === "string") return body;
  let text = "";
  for await (const chunk of body) text += chunk;
  return text;
}

/** Proxies in front of an API server answer plain text: then the text is the message. */
function readStatus(body: string, code: number): Status {
  try {
    const status = JSON.parse(body) as Status;
    if (status.kind === "Status") return status;
  } catch {
    // Not JSON: told as text below.
  }
  return { status: "Failure", message: body.trim().slice(0, 500) || `the API server answered ${code}`, code };
}

function selectorQuery(options: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (options.labelSelector !== undefined) query.set("labelSelector", options.labelSelector);
  if (options.fieldSelector !== undefined) query.set("fieldSelector", options.fieldSelector);
  if (options.metricLabelSelector !== undefined)
    query.set("metricLabelSelector", options.metricLabelSelector);
  return query;
}

function deleteOptions({ uid, ...options }: DeleteOptions): unknown {
  const preconditions = uid === undefined ? {} : { preconditions: { uid } };
  return { kind: "DeleteOptions", apiVersion: "v1", ...options, ...preconditions };
}
