import type { Notice } from "@seaworthy/errors";
import { formatFieldPath, resolveIntOrPercent, type Deployment, type Manifest } from "@seaworthy/kube";
import { readinessDelay } from "@seaworthy/release";

/** A round that takes longer than this by its own manifest is announced. */
const longRoundMs = 20_000;

/**
 * Says before a round how long the manifest itself makes it: pods are replaced a few at a time, and each few wait for their
 * probes. Undefined when no Deployment takes long.
 */
export function roundForecast(deployments: readonly Manifest[]): Notice | undefined {
  const slow = deployments
    .map((manifest) => ({ manifest, ...rolloutTime(manifest.object as Deployment) }))
    .filter(({ takesMs, field }) => takesMs > longRoundMs && field !== undefined)
    .toSorted((left, right) => right.takesMs - left.takesMs);
  const [slowest] = slow;
  if (slowest === undefined) return undefined;
  const { manifest, takesMs, field = [], seconds, waves } = slowest;
  const { file, line } = manifest.locate(field);
  const times = waves === 1 ? "" : `, ${waves} times one after the other`;
  return {
    text: `a round takes about ${Math.round(takesMs / 1000)} s, because of ${formatFieldPath(field.slice(-2))}: ${seconds} at ${file}:${line}${times}`,
  };
}

function rolloutTime({ spec }: Deployment) {
  const replicas = spec.replicas ?? 1;
  const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy?.rollingUpdate ?? {};
  const surge = resolveIntOrPercent(maxSurge, replicas, "up");
  const unavailable = resolveIntOrPercent(maxUnavailable, replicas, "down");
  const atOnce = spec.strategy?.type === "Recreate" ? replicas : Math.max(1, surge + unavailable);
  const waves = Math.ceil(replicas / atOnce);
  const { leastMs, field, fieldSeconds: seconds } = readinessDelay(spec);
  return { takesMs: waves * leastMs, field, seconds, waves };
}
