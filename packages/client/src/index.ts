export { ApiError, isAlreadyExists, isConflict, isNotFound, type Status } from "./api-error.ts";
export { createClient } from "./create-client.ts";
export { createInformer } from "./create-informer.ts";
export { httpTransport, type HttpConnection } from "./http-transport.ts";
export { listAll } from "./list-all.ts";
export type { Change, Informer } from "./informer.ts";
export type {
  DeleteOptions,
  KubeClient,
  List,
  ListOptions,
  PatchType,
  PreferredTypes,
  ResourceType,
  TokenRequestSpec,
  WatchEvent,
} from "./kube-client.ts";
export { readKubeconfig, type KubeconfigConnection, type KubeconfigSource } from "./read-kubeconfig.ts";
export { resourcePath } from "./resource-path.ts";
export type { ApiRequest, ApiResponse, Transport } from "./transport.ts";
export type { UserInfo } from "./user-info.ts";
