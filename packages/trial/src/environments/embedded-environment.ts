import { actsUpon, resourceTypes, type KubeObject } from "@seaworthy/kube";
import type { Route } from "@seaworthy/app";
import { serverNameOf, wayBy, type Way } from "@seaworthy/targets";
import type { Cluster, EdgeRestart, SeenEndpoint } from "@seaworthy/cluster";
import type { EmbeddedChoice, Environment } from "./environment.ts";
import { RoutedPods } from "./routed-pods.ts";

/** An hour of trials has fewer changes of endpoints; what comes later is left out. */
const mostSeen = 100_000;

/** Starts an embedded cluster for a trial. */
export async function startEmbedded(
  choice: EmbeddedChoice,
  namespace: string | undefined,
  onNotice: (text: string) => void,
): Promise<Environment> {
  // Loaded only when it is needed: a trial on a real cluster does without.
  const { Cluster, answersBadlyImage, profiles } = await import("@seaworthy/cluster");
  const seen: SeenEndpoint[] = [];
  const routed = new RoutedPods();
  const cluster = await Cluster.start({
    ...choice.options,
    onEndpointSeen: (each) => {
      if (seen.length < mostSeen) seen.push(each);
      routed.heard(each);
    },
    hurried: true,
    onNotice,
    onProblem: (problem) => onNotice(problem.message),
  });
  const enter = await cluster.enterNetwork();
  const { proxy } = profiles[choice.options.profile ?? "ingress-nginx"];
  return {
    kind: "embedded",
    enter: enter ?? [],
    client: cluster.client,
    kubeconfigPath: cluster.kubeconfigPath,
    namespace: namespace ?? "default",
    runs: actsUpon,
    profile: choice.options.profile ?? "ingress-nginx",
    description: `embedded cluster, ${choice.options.nodes ?? 3} nodes`,
    standIns: () => cluster.standIns,
    findGaps: (objects) => cluster.findGaps(objects),
    journals: () => cluster.journals(),
    seenEndpoints: () => [...seen],
    untilRouted: (...args) => routed.untilAll(...args),
    untilUnrouted: (...args) => routed.untilNone(...args),
    usage: () => cluster.readUsage(),
    podProcessors: cluster.podProcessors,
    edgeIdleMs: proxy.pool.idleMs,
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
    restartEdge: cluster.restartEdge && (async () => describe(await cluster.restartEdge!(oldEdgeMs))),
    keepPace: () => cluster.keepPace(),
    dialPod: (ip, port, timeoutMs) => cluster.dialPod(ip, port, timeoutMs),
    waysTo: async (routes) =>
      routes.map((route) =>
        wayAlong(route, cluster, { isEntered: enter !== undefined, takesH2c: proxy.takesH2c === true }),
      ),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

const inWords = new Intl.ListFormat("en");

/** Traefik waits for 10 s for what is under way; others wait longer, and there is no more to see. */
const oldEdgeMs = 12_000;

function describe({ open, closed, refused, cut, left }: EdgeRestart): string {
  const parts = [
    ...(closed === 0 ? [] : [`closed ${closed} that carried no request`]),
    ...(refused === 0 ? [] : [`did not take ${refused} new ones that were still sent to it`]),
    ...(cut === 0 ? [] : [`cut ${cut} that still waited for an answer`]),
    ...(left === 0 ? [] : [`still had ${left} after ${oldEdgeMs / 1000} s`]),
  ];
  const did = parts.length === 0 ? "answered on until it had none" : inWords.format(parts);
  return `the edge was restarted; the old process had ${open} connections of clients: it ${did}`;
}

type Front = Pick<
  Cluster,
  "ingressPort" | "ingressTlsPort" | "dialService" | "leadToService" | "chooseEndpoint"
>;

/**
 * Where the host has TLS the load goes there, as its users do, whom the edge may redirect; and with gRPC where the edge takes
 * HTTP/2 only there.
 */
function wayAlong(
  route: Route,
  cluster: Front,
  { isEntered, takesH2c }: { readonly isEntered: boolean; readonly takesH2c: boolean },
): Way {
  const host = "127.0.0.1";
  const kind = { isEdge: route.kind === "ingress", isOpaque: false };
  if (kind.isEdge && (route.hasTls === true || (route.isGrpc === true && !takesH2c))) {
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
    // A load opens its connections itself wherever it can: sockets that are handed over wait for each other on a busy machine.
    lead: async (timeoutMs) =>
      isEntered
        ? cluster.chooseEndpoint(namespace, service, dialPort)
        : cluster.leadToService(namespace, service, dialPort, timeoutMs),
  };
}
