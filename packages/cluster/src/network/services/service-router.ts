import type { Socket } from "node:net";
import type { Informer } from "@seaworthy/client";
import type { Service } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import { clusterDomain } from "../../cluster-dns-address.ts";
import { connectError } from "../pods/create-pod-network.ts";
import { peerOf, routable, type EndpointState } from "../endpoints/endpoint-state.ts";
import type { EndpointView } from "../endpoints/endpoint-view.ts";
import type { PodNetwork } from "../../pod-network.ts";
import { serviceKey } from "../endpoints/service-key.ts";
import { createConnectionTracking } from "./connection-tracking.ts";

/** A connection to the pod that a Service chose. The socket has not been read from. */
export interface ServiceConnection {
  readonly socket: Socket;
  /** `ip:port` of the pod. */
  readonly peer: string;
}

/** The pod's port to which one new connection to a Service goes. */
export interface ChosenEndpoint {
  /** The pod's address. */
  readonly host: string;
  readonly port: number;
  /** `ip:port`. */
  readonly peer: string;
  /** Is to be called when the pod does not answer: a kernel remembers where it sent the packets from this client's port. */
  unanswered(): void;
}

/** Connects to Services as kube-proxy's rules do. */
export interface ServiceRouter {
  /**
   * Chooses the pod for a new connection, by the Service's name or its clusterIP. Throws an errno error: `ENOTFOUND` (no such
   * Service), `ECONNREFUSED` (no endpoint). `clientIp` matters to Services with session affinity, and to what is remembered of
   * its ports.
   */
  chooseEndpoint(
    namespace: string,
    nameOrClusterIp: string,
    port: number | string,
    clientIp?: string,
  ): ChosenEndpoint;
  /**
   * Opens a new connection to the pod that is chosen. Rejects with an errno error whose `peer` says which pod that was:
   * `ECONNREFUSED` (the pod refused), `EHOSTUNREACH`, `ETIMEDOUT`; or without one, as `chooseEndpoint` throws it.
   */
  dialService(
    namespace: string,
    nameOrClusterIp: string,
    port: number | string,
    timeoutMs: number,
    clientIp?: string,
  ): Promise<ServiceConnection>;
  /**
   * Says where a new connection leads that another process of this machine is to open, where it would meet the pod; else opens
   * it, and rejects, as `dialService` does.
   */
  leadToService(
    namespace: string,
    nameOrClusterIp: string,
    port: number | string,
    timeoutMs: number,
  ): Promise<ChosenEndpoint | ServiceConnection>;
}

/** What a router needs. */
export interface ServiceRouterOptions {
  readonly services: Informer<Service>;
  readonly view: EndpointView;
  readonly podNetwork: PodNetwork;
  readonly clock: Clock;
  readonly random: Random;
}

/** Makes a router over a (late) view of endpoints. */
export function createServiceRouter(options: ServiceRouterOptions): ServiceRouter {
  const { services, view, podNetwork, clock, random } = options;
  const affinity = createAffinity(clock);
  const tracking = createConnectionTracking(clock, random);

  const router: ServiceRouter = {
    chooseEndpoint(namespace, nameOrClusterIp, port, clientIp = "127.0.0.1") {
      const service = findService(services, namespace, nameOrClusterIp);
      if (service === undefined) throw notFound(namespace, nameOrClusterIp);
      const key = serviceKey(service);
      const candidates = candidatesFor(tcpOf(view.get(key)), portsFor(service, port), service, port);
      const isHeadless = service.spec.clusterIP === "None";
      const tracked = isHeadless ? undefined : tracking.open(`${clientIp} ${key}:${port}`);
      const endpoint =
        tracked?.endpoint ??
        affinity.find(service, port, clientIp, candidates) ??
        candidates[Math.floor(random() * candidates.length)];
      // kube-proxy rejects connections to a Service port without endpoints, which a TCP client sees as refused.
      if (endpoint === undefined) throw connectError("ECONNREFUSED", nameOrClusterIp, Number(port) || 0);
      affinity.keep(service, port, clientIp, endpoint);
      return {
        host: endpoint.ip,
        port: endpoint.port,
        peer: peerOf(endpoint),
        unanswered: () => tracked?.unanswered(endpoint, clock.now()),
      };
    },
    async dialService(namespace, nameOrClusterIp, port, timeoutMs, clientIp) {
      return connect(
        podNetwork,
        router.chooseEndpoint(namespace, nameOrClusterIp, port, clientIp),
        timeoutMs,
      );
    },
    async leadToService(namespace, nameOrClusterIp, port, timeoutMs) {
      const chosen = router.chooseEndpoint(namespace, nameOrClusterIp, port);
      return podNetwork.isOnMachine(chosen.host) ? chosen : connect(podNetwork, chosen, timeoutMs);
    },
  };
  return router;
}

async function connect(
  podNetwork: PodNetwork,
  { host, port, peer, unanswered }: ChosenEndpoint,
  timeoutMs: number,
): Promise<ServiceConnection> {
  try {
    return { socket: await podNetwork.dial(host, port, timeoutMs), peer };
  } catch (error) {
    const failure = Object.assign(error as NodeJS.ErrnoException, { peer });
    if (noAnswer.has(failure.code ?? "")) unanswered();
    throw failure;
  }
}

/** What a connection fails with to which no pod has said a word. */
const noAnswer = new Set(["ETIMEDOUT", "EHOSTUNREACH"]);

function findService(services: Informer<Service>, namespace: string, nameOrIp: string): Service | undefined {
  return (
    services.get(namespace, nameOrIp) ??
    services
      .list()
      .find((service) => (service.spec.clusterIPs ?? [service.spec.clusterIP]).includes(nameOrIp))
  );
}

/** The names of the Service's TCP ports that a client means. More than one only for a headless Service. */
function portsFor(service: Service, port: number | string): readonly string[] {
  return (service.spec.ports ?? [])
    .filter(({ protocol = "TCP" }) => protocol === "TCP")
    .filter((candidate) => candidate.port === Number(port) || candidate.name === port)
    .map((candidate) => candidate.name ?? "");
}

function tcpOf(endpoints: readonly EndpointState[]): readonly EndpointState[] {
  return endpoints.filter(({ protocol }) => protocol === "TCP");
}

function candidatesFor(
  all: readonly EndpointState[],
  portNames: readonly string[],
  service: Service,
  port: number | string,
): readonly EndpointState[] {
  if (service.spec.clusterIP === "None") return headless(all, portNames, port);
  return routable(all.filter((endpoint) => endpoint.portName === portNames[0]));
}

/** A headless name resolves to the ready pods themselves, and a port number is then a port of the pod. */
function headless(
  all: readonly EndpointState[],
  portNames: readonly string[],
  port: number | string,
): readonly EndpointState[] {
  const ready = all.filter((endpoint) => endpoint.ready);
  if (typeof port === "string" && !/^\d+$/.test(port))
    return ready.filter((endpoint) => portNames.includes(endpoint.portName));
  const byIp = new Map(ready.map((endpoint) => [endpoint.ip, { ...endpoint, port: Number(port) }]));
  return [...byIp.values()];
}

/** ClientIP affinity: one endpoint per client for `timeoutSeconds` after its last connection. */
function createAffinity(clock: Clock) {
  const limit = 10_000;
  const kept = new Map<string, { peer: string; at: number }>();
  const keyOf = (service: Service, port: number | string, clientIp: string) =>
    `${service.metadata.uid ?? serviceKey(service)} ${port} ${clientIp}`;
  return {
    find(service: Service, port: number | string, clientIp: string, candidates: readonly EndpointState[]) {
      if (service.spec.sessionAffinity !== "ClientIP") return undefined;
      const entry = kept.get(keyOf(service, port, clientIp));
      const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
      if (entry === undefined || clock.now() - entry.at > seconds * 1000) return undefined;
      return candidates.find((endpoint) => peerOf(endpoint) === entry.peer);
    },
    keep(service: Service, port: number | string, clientIp: string, endpoint: EndpointState): void {
      if (service.spec.sessionAffinity !== "ClientIP") return;
      const key = keyOf(service, port, clientIp);
      kept.delete(key);
      kept.set(key, { peer: peerOf(endpoint), at: clock.now() });
      const oldest = kept.keys().next();
      if (kept.size > limit && oldest.done !== true) kept.delete(oldest.value);
    },
  };
}

function notFound(namespace: string, name: string): NodeJS.ErrnoException {
  const host = `${name}.${namespace}.svc.${clusterDomain}`;
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
    code: "ENOTFOUND",
    syscall: "getaddrinfo",
    hostname: host,
  });
}
