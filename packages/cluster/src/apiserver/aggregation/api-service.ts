import type { Condition, KubeObject } from "@seaworthy/kube";
import { pathParts } from "../path-parts.ts";
import type { ServicePort } from "../services/dial-service.ts";
import type { Store } from "../store/store.ts";

/** The collection of APIServices in the store. */
export const apiServices = "apiregistration.k8s.io/apiservices";

/** Says who serves a group in a version. */
export interface ApiService extends KubeObject {
  readonly spec: ApiServiceSpec;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface ApiServiceSpec {
  readonly group?: string;
  readonly version?: string;
  readonly groupPriorityMinimum: number;
  readonly versionPriority: number;
  /** Without one this API server serves the group itself. */
  readonly service?: { readonly namespace: string; readonly name: string; readonly port?: number };
  readonly insecureSkipTLSVerify?: boolean;
  readonly caBundle?: string;
}

/** An APIService whose group somebody else serves. */
export interface RemoteApiService extends ApiService {
  readonly spec: ApiServiceSpec & {
    readonly group: string;
    readonly version: string;
    readonly service: NonNullable<ApiServiceSpec["service"]>;
  };
}

/** Whether somebody else serves the group of an APIService. */
export function isRemote({ spec }: ApiService): boolean {
  return spec.service !== undefined && !ownGroups.has(spec.group ?? "");
}

/** Groups that this server never leaves to others: a metrics-server would find no kubelet here that it could ask. */
const ownGroups: ReadonlySet<string> = new Set(["", "metrics.k8s.io"]);

/** The APIService by which a path belongs to somebody else. Its name is made of version and group, which validation demands. */
export function findRemote(store: Store, path: string): RemoteApiService | undefined {
  if (!path.startsWith("/apis/")) return undefined;
  const [, group, version] = pathParts(path) ?? [];
  if (group === undefined || version === undefined) return undefined;
  const found = store.get(apiServices, `${version}.${group}`)?.object as ApiService | undefined;
  return found !== undefined && isRemote(found) ? (found as RemoteApiService) : undefined;
}

/** The port of the Service by which an APIService is reached. */
export function servicePortOf({ spec: { service } }: RemoteApiService): ServicePort {
  return { port: 443, ...service };
}

/** `/apis/{group}/{version}`. */
export function rootOf({ spec: { group, version } }: RemoteApiService): string {
  return `/apis/${group}/${version}`;
}
