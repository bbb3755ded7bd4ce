import type { Transport } from "@seaworthy/client";
import { createKinds, type Kinds } from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import { followDefinitions } from "./custom-resource-definitions/follow-definitions.ts";
import { createDiscovery } from "./discovery/create-discovery.ts";
import { createResources } from "./create-resources.ts";
import { handleRequest } from "./handle-request.ts";
import { createCredentials, type Credentials } from "./http/credentials.ts";
import { serveApi, type ListeningApi } from "./http/serve-api.ts";
import type { LogSource } from "../log-source.ts";
import { Store } from "./store/store.ts";

/** What an API server is made of. */
export interface ApiServerOptions {
  /** What it serves; Kubernetes' own kinds when absent. */
  readonly kinds?: Kinds;
  readonly clock: Clock;
  readonly random: Random;
  readonly logs: LogSource;
  /** Where objects are kept; a new one in memory when absent. */
  readonly store?: Store;
  /** How the server and its administrator know each other over HTTPS; new ones when absent. */
  readonly credentials?: Credentials;
}

/** The Kubernetes API over a store. */
export interface ApiServer {
  /** Straight into the request handler: for clients in this process. */
  readonly transport: Transport;
  /** Serves the same handler over HTTPS on 127.0.0.1. */
  start(options: { readonly port?: number }): Promise<ListeningApi>;
}

/** Makes an API server. It holds no resources until it is started. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { kinds = createKinds(), clock, random, logs, store = new Store() } = options;
  const resources = createResources(kinds);
  const discovery = createDiscovery(kinds, resources);
  const context = { resources, store, clock, random, logs, discovery };
  followDefinitions(context, kinds);
  const transport: Transport = (request) => handleRequest(context, request);
  return {
    transport,
    start: ({ port }) =>
      serveApi(transport, port ?? 0, options.credentials ?? createCredentials(clock.now())),
  };
}
