import type { KubeObject } from "@seaworthy/kube";
import type { WatchEvent } from "./kube-client.ts";
import type { UserInfo } from "./user-info.ts";

/** One request to a Kubernetes API server, independent of how it travels. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path without the query, for example `/apis/apps/v1/namespaces/default/deployments`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Who asks. Absent for programs in this process, which may do everything. */
  readonly user?: UserInfo;
  /**
   * Asks as the caches of Kubernetes' own controllers do: `metadata.managedFields` is left out, and the events of a watch may come
   * as objects that others hold as well, and nobody may change. An API server in this process then does not have to write
   * them; other API servers take no notice.
   */
  readonly forCache?: boolean;
  /** Takes a long list in pieces, as it takes a watch, so that nobody has to hold all of it. */
  readonly inPieces?: boolean;
  /** Aborting ends the request and, for a watch or a followed log, its stream. */
  readonly signal?: AbortSignal;
}

/** The answer. A stream (watch, followed log, long list in pieces) comes as an async iterable of text chunks. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
  /** The events of a watch in place of the body, if they were asked for by `forCache`. One of the two is read. */
  readonly events?: AsyncIterable<WatchEvent<KubeObject>>;
}

/** Carries requests to an API server: over HTTP, or straight into an embedded one. */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>;
