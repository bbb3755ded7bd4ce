import assert from "node:assert/strict";
import type { ApiRequest, Transport } from "@seaworthy/client";
import { openWatch, type WatchReader } from "./open-watch.ts";
import type { Program } from "./programs.ts";

/** An answer of the API server, its body read as JSON where it is JSON. */
export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: Json;
}

/** Whatever an API server answers; an item looks at the fields that it knows of. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

/** What a request has beside its method and path. */
export interface Ask {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
}

/** Asks one API server, in a namespace that nobody else uses. */
export interface Asker {
  readonly namespace: string;
  /** An image that runs there; what it does does not matter. */
  readonly image: string;
  /** The image of a container that has a shell. */
  readonly shellImage: string;
  readonly kubectl: Program | undefined;
  readonly helm: Program | undefined;
  /** Sends a request, whatever the answer. */
  ask(method: ApiRequest["method"], path: string, more?: Ask): Promise<Answer>;
  /** Sends a request that must succeed, and gives the object of the answer. */
  get(path: string, query?: Ask["query"]): Promise<Json>;
  create(path: string, object: unknown, query?: Ask["query"]): Promise<Json>;
  replace(path: string, object: unknown, query?: Ask["query"]): Promise<Json>;
  patch(path: string, type: PatchType, patch: unknown, query?: Ask["query"]): Promise<Json>;
  remove(path: string, options?: unknown): Promise<Json>;
  watch(path: string, query: Readonly<Record<string, string>>): Promise<WatchReader>;
  /** Reads an object again and again, at most two minutes long, until it is as wanted; it is undefined where there is none. */
  until(path: string, isDone: (object: Json) => boolean): Promise<Json>;
}

/** The words in which a patch is written. */
export type PatchType =
  | "json-patch+json"
  | "merge-patch+json"
  | "strategic-merge-patch+json"
  | "apply-patch+yaml";

/** Makes an asker of a way to send requests. */
export function createAsker(
  transport: Transport,
  {
    namespace,
    image,
    shellImage,
    kubectl,
    helm,
  }: Pick<Asker, "namespace" | "image" | "shellImage" | "kubectl" | "helm">,
): Asker {
  async function ask(method: ApiRequest["method"], path: string, more: Ask = {}): Promise<Answer> {
    const { status, headers, body } = await transport({
      method,
      path,
      query: new URLSearchParams(more.query),
      headers: {
        accept: more.accept ?? "application/json",
        ...(more.body === undefined ? {} : { "content-type": more.contentType ?? "application/json" }),
      },
      ...(more.body === undefined
        ? {}
        : { body: typeof more.body === "string" ? more.body : JSON.stringify(more.body) }),
    });
    const text = await textOf(body);
    return { code: status, headers, text, json: readJson(text) };
  }

  async function must(method: ApiRequest["method"], path: string, more: Ask = {}): Promise<Json> {
    const answer = await ask(method, path, more);
    assert.ok(answer.code < 300, `${method} ${path}: ${answer.code} ${answer.text}`);
    return answer.json;
  }

  const withQuery = (query: Ask["query"]) => (query === undefined ? {} : { query });
  return {
    namespace,
    image,
    shellImage,
    kubectl,
    helm,
    ask,
    get: (path, query) => must("GET", path, withQuery(query)),
    create: (path, body, query) => must("POST", path, { body, ...withQuery(query) }),
    replace: (path, body, query) => must("PUT", path, { body, ...withQuery(query) }),
    patch: (path, type, body, query) =>
      must("PATCH", path, { body, contentType: `application/${type}`, ...withQuery(query) }),
    remove: (path, body) => must("DELETE", path, body === undefined ? {} : { body }),
    watch: (path, query) => openWatch(transport, path, query),
    async until(path, isDone) {
      const end = Date.now() + patienceMs;
      for (;;) {
        const { code, json, text } = await ask("GET", path);
        const object: Json = code === 404 ? undefined : json;
        if (isDone(object)) return object;
        assert.ok(Date.now() < end, `${path} did not become as wanted within two minutes: ${text}`);
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      }
    },
  };
}

const patienceMs = 120_000;
const lookAgainMs = 20;

async function textOf(body: string | AsyncIterable<string>): Promise<string> {
  return typeof body === "string" ? body : (await Array.fromAsync(body)).join("");
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
