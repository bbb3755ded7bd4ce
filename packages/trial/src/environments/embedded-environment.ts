import { actsUpon } from "@seaworthy/kube";
import type { Route } from "@seaworthy/app";
import { dialTcp, type Way } from "@seaworthy/targets";
import type { Dial } from "@seaworthy/load";
import type { EmbeddedChoice, Environment } from "./environment.ts";

/** Starts an embedded cluster for a trial. */
export async function startEmbedded(
  choice: EmbeddedChoice,
  namespace: string | undefined,
  onNotice: (text: string) => void,
): Promise<Environment> {
  // Loaded only when it is needed: a trial on a real cluster does without.
  const { Cluster, profiles } = await import("@seaworthy/cluster");
  const cluster = await Cluster.start({
    ...choice.options,
    hurried: true,
    onNotice,
    onProblem: (problem) => onNotice(problem.message),
  });
  return {
    kind: "embedded",
    client: cluster.client,
    kubeconfigPath: cluster.kubeconfigPath,
    namespace: namespace ?? "default",
    runs: actsUpon,
    profile: choice.options.profile ?? "ingress-nginx",
    description: `embedded cluster, ${choice.options.nodes ?? 3} nodes`,
    standIns: () => cluster.standIns,
    journals: () => cluster.journals(),
    edgeIdleMs: profiles[choice.options.profile ?? "ingress-nginx"].proxy.pool.idleMs,
    keepPace: () => cluster.keepPace(),
    dialPod: (ip, port, timeoutMs) => cluster.dialPod(ip, port, timeoutMs),
    waysTo: async (routes) => routes.map((route) => wayAlong(route, cluster)),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

interface Front {
  readonly ingressPort: number;
  dialService(namespace: string, name: string, port: number | string, timeoutMs: number): ReturnType<Dial>;
}

function wayAlong(route: Route, cluster: Front): Way {
  const port = cluster.ingressPort;
  const isEdge = route.kind === "ingress";
  return {
    route,
    via: isEdge ? { kind: "tcp", host: "127.0.0.1", port } : { kind: "dialed" },
    isEdge,
    isOpaque: false,
    dial: isEdge
      ? (timeoutMs) => dialTcp("127.0.0.1", port, timeoutMs)
      : (timeoutMs) => cluster.dialService(route.namespace, route.service, route.dialPort, timeoutMs),
  };
}
