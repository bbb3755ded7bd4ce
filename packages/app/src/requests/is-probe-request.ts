import type { LoggedRequest } from "./access-log/logged-request.ts";

/** The kubelet, and those who ask for load balancers and Envoy. */
const probers = /^(?:kube-probe|GoogleHC|ELB-HealthChecker|Envoy\/HC)\b/;
/** What Kubernetes calls such paths itself: https://kubernetes.io/docs/reference/using-api/health-checks/ */
const usualPaths = /\/(?:healthz|livez|readyz|startupz)$/;

/**
 * Whether a request asks how the app is, and not for what users want: it may rightly be answered with 503 while the app drains.
 * `/` is no such path, whoever probes it: users ask for it, too.
 */
export function isProbeRequest(
  { path, agent }: Pick<LoggedRequest, "path"> & Partial<Pick<LoggedRequest, "agent">>,
  probePaths: ReadonlySet<string>,
): boolean {
  const bare = path.replace(/\?.*$/s, "");
  return probers.test(agent ?? "") || usualPaths.test(bare) || (bare !== "/" && probePaths.has(bare));
}
