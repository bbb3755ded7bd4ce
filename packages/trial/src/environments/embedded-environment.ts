import { actsUpon, resourceTypes, type KubeObject } from "@seaworthy/kube";
import type { Route } from "@seaworthy/app";
import { serverNameOf, wayBy, type Way } from "@seaworthy/targets";
import type { Dial } from "@seaworthy/load";
import type { EmbeddedChoice, Environment } from "./environment.ts";

/** Starts an embedded cluster for a trial. */
export async function startEmbedded(
  choice: EmbeddedChoice,
  namespace: string | undefined,
  onNotice: (text: string) => void,
): Promise<Environment> {
  // Loaded only when it is needed: a trial on a real cluster does without.
  const { Cluster, answersBadlyImage, profiles } = await import("@seaworthy/cluster");
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
    findGaps: (objects) => cluster.findGaps(objects),
    journals: () => cluster.journals(),
    usage: () => cluster.readUsage(),
    edgeIdleMs: profiles[choice.options.profile ?? "ingress-nginx"].proxy.pool.idleMs,
    badApp: { image: answersBadlyImage, standsIn: true },
    nodePower: {
      noticedSooner: choice.options.nodesMissedSooner ?? 1,
      set: async (node, isOn) => {
        const annotations = { "seaworthy.dev/power": isOn ? null : "off" };
        await cluster.client.patch<KubeObject>(resourceTypes.nodes, undefined, node, "merge", {
          metadata: { annotations },
        });
      },
    },
    keepPace: () => cluster.keepPace(),
    dialPod: (ip, port, timeoutMs) => cluster.dialPod(ip, port, timeoutMs),
    waysTo: async (routes) => routes.map((route) => wayAlong(route, cluster)),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

interface Front {
  readonly ingressPort: number;
  readonly ingressTlsPort: number;
  dialService(namespace: string, name: string, port: number | string, timeoutMs: number): ReturnType<Dial>;
}

/** Where the host has TLS the load goes there, as its users do, whom the edge may redirect. */
function wayAlong(route: Route, cluster: Front): Way {
  const host = "127.0.0.1";
  const kind = { isEdge: route.kind === "ingress", isOpaque: false };
  if (kind.isEdge && route.hasTls === true) {
    // Secrets of manifests hold self-made certificates, if any, and cert-manager's are not there at all.
    const tls = { ...serverNameOf(route), insecure: true };
    return wayBy({ host, port: cluster.ingressTlsPort, tls }, route, kind);
  }
  if (kind.isEdge) return wayBy({ host, port: cluster.ingressPort }, route, kind);
  const { namespace, service, dialPort } = route;
  return {
    route,
    via: { kind: "dialed" },
    ...kind,
    dial: (timeoutMs) => cluster.dialService(namespace, service, dialPort, timeoutMs),
  };
}
