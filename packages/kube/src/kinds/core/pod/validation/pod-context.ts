import type { PodSpec, Volume } from "../../../../object.ts";

/** What the rules for a container need to know of its pod. */
export interface PodContext {
  /** Whether it is a pod, and not the template of one: a few rules wait until the pod is made. */
  readonly isPod: boolean;
  /** Those of the volumes that have no fault of their own, by name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly claimNames: ReadonlySet<string>;
  readonly gracePeriodSeconds: number | undefined;
  readonly restartPolicy: string | undefined;
  /** Whether the pod shares the users of its node. */
  readonly hostUsers: boolean;
}

/** The context of a pod's containers. */
export function podContextOf(
  spec: PodSpec,
  isPod: boolean,
  volumes: ReadonlyMap<string, Volume>,
): PodContext {
  return {
    isPod,
    volumes,
    claimNames: new Set((spec.resourceClaims ?? []).map(({ name }) => name)),
    gracePeriodSeconds: spec.terminationGracePeriodSeconds,
    restartPolicy: spec.restartPolicy,
    hostUsers: spec.hostUsers !== false,
  };
}
