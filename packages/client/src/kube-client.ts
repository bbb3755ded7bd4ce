import type { KubeObject } from "@seaworthy/kube";

/** Names a resource type: where its REST path is. Core group is "". */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  /** The plural, for example `deployments`. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Which of a metric's values: for the APIs of custom metrics only. */
  readonly metricLabelSelector?: string;
}

/** Asks for a part of a list. */
export interface PageOptions extends ListOptions {
  readonly limit?: number;
  /** Where the page before it ended. */
  readonly continue?: string;
}

export interface List<T extends KubeObject> {
  readonly resourceVersion: string;
  readonly items: T[];
  /** Where the next page begins, if there is one. */
  readonly continue?: string;
}

/** What a server has, as far as it answers. */
export interface PreferredTypes {
  /** Every type that can be listed, once. */
  readonly types: readonly ResourceType[];
  /** Groups and versions that it names and does not answer for. */
  readonly silent: readonly string[];
}

export interface WatchEvent<T extends KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

export type PatchType = "json" | "merge" | "strategic";

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly uid?: string;
}

/** What a token is to be good for. */
export interface TokenRequestSpec {
  /** The API server's own when absent. */
  readonly audiences?: readonly string[];
  readonly expirationSeconds?: number;
  /** The object with which the token ends. */
  readonly boundObjectRef?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid?: string;
  };
}

/**
 * The Kubernetes API as this project uses it. Every method rejects with `ApiError` (which carries the
 * Kubernetes `Status`) when the server refuses, and with SW3002 when it cannot be reached.
 * `subresource` is `status` or `scale`.
 */
export interface KubeClient {
  /**
   * The types of a group and version that the server has now, custom ones too; none when it lacks that version. With `verbs`, those
   * that know all of them.
   */
  discover(apiVersion: string, verbs?: readonly string[]): Promise<ResourceType[]>;
  /** The versions of a group that the server has, the one that it prefers first; none when it lacks the group. */
  versions(group: string): Promise<string[]>;
  /** Every type that can be listed, in the version that its group prefers. */
  discoverAll(): Promise<PreferredTypes>;
  /** The server's version, as `1.33`. */
  version(): Promise<string>;
  get<T extends KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    subresource?: string,
  ): Promise<T>;
  list<T extends KubeObject>(type: ResourceType, options?: PageOptions): Promise<List<T>>;
  create<T extends KubeObject>(type: ResourceType, object: T): Promise<T>;
  update<T extends KubeObject>(type: ResourceType, object: T, subresource?: string): Promise<T>;
  patch<T extends KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    patchType: PatchType,
    patch: unknown,
    subresource?: string,
  ): Promise<T>;
  /** Puts a pod on a node, as a scheduler does: POST of a core/v1 Binding to `pods/{pod}/binding`. */
  bind(namespace: string, pod: string, nodeName: string): Promise<void>;
  /** Asks that a pod goes, as far as budgets allow: POST of a policy/v1 Eviction to `pods/{pod}/eviction`; 429 when one forbids it. */
  evict(namespace: string, pod: string): Promise<void>;
  /** Asks for a token of a ServiceAccount: POST of an authentication.k8s.io/v1 TokenRequest. */
  requestToken(namespace: string, serviceAccount: string, spec: TokenRequestSpec): Promise<string>;
  delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): Promise<void>;
  /** Events strictly after `resourceVersion`; ends when the signal aborts or the server closes the stream. */
  watch<T extends KubeObject>(
    type: ResourceType,
    options: ListOptions & { resourceVersion: string; signal: AbortSignal },
  ): AsyncIterable<WatchEvent<T>>;
  /** A container's log, whole or (with `follow`) as it grows. */
  logs(
    namespace: string,
    pod: string,
    options?: {
      container?: string;
      tailLines?: number;
      follow?: boolean;
      previous?: boolean;
      signal?: AbortSignal;
    },
  ): AsyncIterable<string>;
}
