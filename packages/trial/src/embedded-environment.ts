import { findResourceType, type KubeObject } from "@seaworthy/kube";
import type { Dial, Target } from "@seaworthy/load";
import type { EmbeddedChoice, Environment, ResolvedTargets } from "./environment.ts";
import { deploymentsBehind, type DiscoveredTarget } from "./targets.ts";

/** Starts an embedded cluster for a trial. */
export async function startEmbedded(
  choice: EmbeddedChoice,
  namespace: string | undefined,
  onNotice: (text: string) => void,
): Promise<Environment> {
  // Loaded only when it is needed: a trial on a real cluster does without.
  const { Cluster } = await import("@seaworthy/cluster");
  const cluster = await Cluster.start({
    ...choice.options,
    hurried: true,
    onNotice,
    onProblem: (problem) => onNotice(problem.message),
  });
  return {
    kind: "embedded",
    client: cluster.client,
    namespace: namespace ?? "default",
    runs: runsEmbedded,
    profile: choice.options.profile ?? "ingress-nginx",
    description: `embedded cluster, ${choice.options.nodes ?? 3} nodes`,
    standIns: () => cluster.standIns,
    keepPace: () => cluster.keepPace(),
    resolveTargets: async (found) => resolve(found, cluster),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

/** Whether the embedded cluster runs the pods of an object: it does when it serves the kind. */
export function runsEmbedded({ apiVersion, kind }: KubeObject): boolean {
  return findResourceType(apiVersion, kind) !== undefined;
}

interface Front {
  readonly ingressPort: number;
  dialService(namespace: string, name: string, port: number | string, timeoutMs: number): ReturnType<Dial>;
}

function resolve(found: readonly DiscoveredTarget[], cluster: Front): ResolvedTargets {
  const byName = new Map(found.map((target) => [target.name, target]));
  const dial: Dial = (name, timeoutMs) => {
    const target = byName.get(name);
    if (target === undefined) throw new Error(`no target is named ${name}`);
    return cluster.dialService(target.namespace, target.service, target.port, timeoutMs);
  };
  return {
    targets: found.map((target): Target => {
      const via =
        target.kind === "ingress"
          ? { kind: "tcp" as const, host: "127.0.0.1", port: cluster.ingressPort }
          : { kind: "dialed" as const };
      return { name: target.name, via, hostHeader: target.hostHeader, path: target.path };
    }),
    dial,
    services: Object.fromEntries(
      found.map((target) => [target.name, { namespace: target.namespace, name: target.service }]),
    ),
    edges: found.filter((target) => target.kind === "ingress").map((target) => target.name),
    deployments: deploymentsBehind(found),
  };
}
