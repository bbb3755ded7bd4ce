import type { Container } from "@seaworthy/kube";
import { probeTarget } from "./probe-target.ts";
import { probeTiming, type ProbeTiming } from "./probe-timing.ts";

/** What liveness and readiness of a container both ask, and how patient each is; undefined where they ask different things. */
export function equalProbes(
  container: Container,
): { readonly target: string; readonly live: ProbeTiming; readonly ready: ProbeTiming } | undefined {
  const { livenessProbe, readinessProbe } = container;
  if (!livenessProbe || !readinessProbe) return undefined;
  const target = probeTarget(livenessProbe, container);
  if (target !== probeTarget(readinessProbe, container)) return undefined;
  return { target, live: probeTiming(livenessProbe), ready: probeTiming(readinessProbe) };
}
