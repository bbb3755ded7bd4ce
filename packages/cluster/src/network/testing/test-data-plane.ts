import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Change, Informer } from "@seaworthy/client";
import type { EndpointSlice, Ingress, KubeObject, Service } from "@seaworthy/kube";
import type { PodAddress } from "../../pod-network.ts";
import type { EdgeRequest } from "../edge/requests/edge-request.ts";
import { connectError } from "../pods/create-pod-network.ts";
import { resetSocket } from "../pods/reset-socket.ts";

/** An informer for tests, filled by hand. */
export interface FakeInformer<T extends KubeObject> extends Informer<T> {
  put(object: T): void;
  remove(object: T): void;
}

/** Makes an informer that holds nothing yet. */
export function fakeInformer<T extends KubeObject>(...objects: T[]): FakeInformer<T> {
  const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ""}/${name}`;
  const keyOfObject = (object: T) => keyOf(object.metadata.namespace, object.metadata.name);
  const cache = new Map(objects.map((object) => [keyOfObject(object), object]));
  const listeners = new Set<(change: Change<T>) => void>();
  const tell = (change: Change<T>) => {
    for (const listener of listeners) listener(change);
  };
  return {
    synced: Promise.resolve(),
    get: (namespace, name) => cache.get(keyOf(namespace, name)),
    list: () => [...cache.values()],
    onChange(listener) {
      listeners.add(listener);
      for (const object of cache.values()) listener({ type: "added", object });
      return () => listeners.delete(listener);
    },
    put(object) {
      const old = cache.get(keyOfObject(object));
      cache.set(keyOfObject(object), object);
      tell(old === undefined ? { type: "added", object } : { type: "updated", object, old });
    },
    remove(object) {
      cache.delete(keyOfObject(object));
      tell({ type: "deleted", object });
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** A Service `default/web` with port `http` 80 → 8080. */
export function webService(spec: Partial<Service["spec"]> = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default", uid: "web-uid" },
    spec: { clusterIP: "10.96.0.10", ports: [{ name: "http", port: 80, targetPort: 8080 }], ...spec },
  };
}

/** An EndpointSlice of `default/web`. An address alone is ready. */
export function webSlice(
  ...endpoints: (string | { ip: string; ready: boolean; serving?: boolean; terminating?: boolean })[]
): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints: endpoints.map((endpoint) => {
      if (typeof endpoint === "string") return { addresses: [endpoint], conditions: { ready: true } };
      const { ip, ...conditions } = endpoint;
      return { addresses: [ip], conditions };
    }),
  };
}

/** An Ingress `default/<name>` with rules as `[host, path, pathType, service]`. */
export function ingressOf(
  name: string,
  rules: readonly (readonly [host: string, path: string, pathType: string, service: string])[],
  more: { annotations?: Record<string, string>; defaultService?: string; createdAt?: string } = {},
): Ingress {
  const backend = (service: string) => ({ service: { name: service, port: { number: 80 } } });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace: "default",
      uid: name,
      annotations: more.annotations ?? {},
      creationTimestamp: more.createdAt ?? "2026-01-01T00:00:00Z",
    },
    spec: {
      ...(more.defaultService === undefined ? {} : { defaultBackend: backend(more.defaultService) }),
      rules: rules.map(([host, path, pathType, service]) => ({
        ...(host === "" ? {} : { host }),
        http: { paths: [{ path, pathType, backend: backend(service) }] },
      })),
    },
  };
}

/** A request at the edge: GET / of shop.example, without TLS, unless it is said otherwise. */
export function edgeRequest({
  connection,
  headers = {},
  ...more
}: Partial<Omit<EdgeRequest, "connection">> & {
  readonly connection?: Partial<EdgeRequest["connection"]>;
} = {}): EdgeRequest {
  return {
    method: "GET",
    host: "shop.example",
    target: "/",
    headers,
    rawHeaders: Object.entries(headers).flatMap(([name, value]) => [name, String(value)]),
    body: undefined,
    ...more,
    connection: {
      isTls: false,
      clientIp: "127.0.0.1",
      port: 80,
      barePort: 80,
      tlsPort: 443,
      worker: 0,
      ...connection,
    },
  };
}

/** A pod for tests: an HTTP server of this process behind a pod IP. */
export interface FakePod extends PodAddress, AsyncDisposable {
  /** How many connections were accepted, and requests begun. */
  readonly seen: { connections: number; requests: number };
  /** The container is gone, its network still stands: new connections are refused, open ones are reset. */
  die(): Promise<void>;
  /** The process resets its open connections and goes on. */
  resetConnections(): void;
  onUpgrade(handler: (request: IncomingMessage, socket: Duplex) => void): void;
}

/** Starts a pod that answers with `handler`. */
export async function startFakePod(ip: string, handler: RequestListener): Promise<FakePod> {
  const seen = { connections: 0, requests: 0 };
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    seen.requests += 1;
    handler(request, response);
  });
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => {
    seen.connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const die = async () => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    for (const socket of sockets) resetSocket(socket);
    await closed;
  };
  return {
    ip,
    dial: (podPort) =>
      podPort === 8080 ? dialLocal(port) : Promise.reject(connectError("ECONNREFUSED", ip, podPort)),
    seen,
    die,
    resetConnections() {
      for (const socket of sockets) resetSocket(socket);
    },
    onUpgrade: (upgraded) => server.on("upgrade", upgraded),
    [Symbol.asyncDispose]: die,
  };
}

function dialLocal(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}
