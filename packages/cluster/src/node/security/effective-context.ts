import type { Container, Pod } from "@seaworthy/kube";

/** What a container's `securityContext` says. */
export type SecurityContext = NonNullable<Container["securityContext"]>;

/**
 * A container's own `securityContext` over that of its pod.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/securitycontext/util.go (DetermineEffectiveSecurityContext)
 */
export function effectiveContext({ spec }: Pod, { securityContext = {} }: Container): SecurityContext {
  const { runAsUser, runAsGroup, runAsNonRoot } = spec.securityContext ?? {};
  const ofPod = Object.entries({ runAsUser, runAsGroup, runAsNonRoot });
  const said = ofPod.filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(said), ...securityContext };
}
