import type { Container, FieldPath, PodSpec } from "@seaworthy/kube";
import type { ContainerSource, PodSource } from "../pod-source.ts";

type PodContext = NonNullable<PodSpec["securityContext"]>;
type ContainerContext = NonNullable<Container["securityContext"]>;

/** A `securityContext`, with what it is of. */
export interface SecurityContextSource {
  readonly context: Partial<PodContext & ContainerContext>;
  /** Where it is, from the pod template. */
  readonly path: FieldPath;
  /** `the pod` or `container shop`. */
  readonly holder: string;
}

/** The security contexts that are written in a pod: its own, and those of all its containers. */
export function* securityContextsOf(pod: PodSource): Generator<SecurityContextSource> {
  const own = pod.spec.securityContext;
  if (own) yield { context: own, path: ["spec", "securityContext"], holder: "the pod" };
  for (const source of everyContainer(pod)) {
    const { securityContext: context, name } = source.container;
    if (!context) continue;
    yield { context, path: [...pathInPod(source, pod), "securityContext"], holder: `container ${name}` };
  }
}

/** All containers, and those that somebody has put in to look for a fault. */
export function everyContainer(pod: PodSource): readonly ContainerSource[] {
  return pod.debugContainers.length === 0 ? pod.containers : [...pod.containers, ...pod.debugContainers];
}

/** What a container's own context says, or else the pod's. */
export function contextInForce<K extends keyof PodContext & keyof ContainerContext>(
  pod: PodSource,
  { container }: ContainerSource,
  field: K,
): ContainerContext[K] | PodContext[K] | undefined {
  return container.securityContext?.[field] ?? pod.spec.securityContext?.[field] ?? undefined;
}

/** Where a container is, from the pod template. */
export function pathInPod({ path }: ContainerSource, pod: PodSource): FieldPath {
  return path.slice(pod.path.length);
}

/** Whether a pod says that it runs on Windows, where the API server refuses the fields that are about Linux. */
export function runsOnWindows({ spec }: PodSource): boolean {
  return spec.os?.name === "windows";
}
