import { drainSeconds, type FieldPath } from "@seaworthy/kube";
import type { DeploymentFacts } from "./deployment-facts.ts";

/** What no field does for an app. */
export const drainCode =
  "on SIGTERM serve on for a few seconds with `Connection: close` (in HTTP/2 GOAWAY) on each answer, then close (no field does this for the app)";

interface Change {
  readonly path: FieldPath;
  readonly value: unknown;
}

/**
 * The grace period that a hook of this length and a drain need together, when the manifest gives less. The hook's time is
 * part of the grace, and the API server refuses a sleep that is not shorter than the grace.
 */
export function graceFor(
  preStopSeconds: number,
  { graceSeconds }: Pick<DeploymentFacts, "graceSeconds">,
): { readonly change: Change; readonly sum: string } | undefined {
  const needed = Math.ceil(preStopSeconds) + drainSeconds;
  if (graceSeconds >= needed) return undefined;
  return {
    change: { path: ["spec", "template", "spec", "terminationGracePeriodSeconds"], value: needed },
    sum: `${preStopSeconds} s of preStop + ${drainSeconds} s to drain = ${needed} s, and there are ${graceSeconds} s`,
  };
}

/** A preStop hook that only waits, in place of any other, with the grace that it needs. */
export function preStopChange(
  facts: DeploymentFacts,
  seconds: number,
  container: number = facts.container,
): Change[] {
  const path = ["spec", "template", "spec", "containers", container, "lifecycle", "preStop"];
  const longest = Math.max(seconds, ...facts.containers.map(({ preStop }) => preStop?.seconds ?? 0));
  const grace = graceFor(longest, facts);
  return [{ path, value: { sleep: { seconds } } }, ...(grace === undefined ? [] : [grace.change])];
}
