import assert from "node:assert/strict";
import { createClient, ApiError, type KubeClient, type Transport } from "@seaworthy/client";
import { resourceTypes, type ConfigMap, type Deployment, type Pod, type Service } from "@seaworthy/kube";
import type { ClusterSigner } from "../../cluster-signer.ts";
import { systemClock, type Clock } from "../../clock.ts";
import type { Kubelet } from "../../kubelet.ts";
import type { PodNetwork } from "../../pod-network.ts";
import { seededRandom } from "../../random.ts";
import { createApiServer } from "../create-api-server.ts";
import { Store, type StoreOptions } from "../store/store.ts";
import type { ListeningApi } from "../http/serve-api.ts";

/** When the API server of a test believes to live, in milliseconds since the epoch. */
export const startMs = Date.parse("2026-01-01T00:00:00Z");

/** An API server without a port, its client, and the clock that a test moves. */
export interface Fixture {
  readonly client: KubeClient;
  readonly transport: Transport;
  readonly clock: Clock & { nowMs: number };
  readonly signer: ClusterSigner;
  /** Serves it over HTTPS, to be disposed of by the test. */
  start(): Promise<ListeningApi>;
}

/** Starts one that has the namespace `default` and nothing else. */
export async function startApi({
  startMs: nowMs = startMs,
  kubelet = silentNodes,
  network,
  ...options
}: StoreOptions & {
  startMs?: number;
  kubelet?: Kubelet;
  network?: Pick<PodNetwork, "dial">;
} = {}): Promise<Fixture> {
  const clock = { nowMs, now: () => clock.nowMs, after: () => () => {} };
  const server = createApiServer({
    clock,
    processClock: systemClock,
    random: seededRandom(7),
    kubelet,
    store: new Store(options),
    ...(network === undefined ? {} : { network }),
  });
  const client = createClient(server.transport);
  await client.create(resourceTypes.namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "default" },
  });
  const { transport, signer } = server;
  return { client, transport, clock, signer, start: () => server.start({}) };
}

/** Nodes on which no pod runs, and every container has written one line. */
export const silentNodes: Kubelet = {
  async *readLog() {
    yield "a line\n";
  },
  findPod: () => undefined,
  readUsage: () => [],
};

/** A Deployment of two replicas. */
export function deployment(name = "web"): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } },
    },
  };
}

/** A pod of one container. */
export function pod(name = "p", more: Partial<Pod["spec"]> = {}): Pod {
  const spec = { containers: [{ name: "c", image: "c:1" }], ...more };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "p" } },
    spec,
  };
}

/** A Service with the port 80. */
export function service(name: string, spec: Partial<Service["spec"]> = {}): Service {
  const ports = [{ port: 80 }];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { ports, ...spec },
  };
}

/** A ConfigMap. */
export function configMap(name: string, data: Record<string, string> = {}): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

/** What the server says against a call; fails when it lets the call pass. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: number; reason: string; message: string }> {
  const error = await promise.then(
    () => assert.fail("it was not refused"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof ApiError, String(error));
  return { code: error.httpCode, reason: error.reason, message: error.message };
}
