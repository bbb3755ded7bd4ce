import { matchesNodeSelection, matchesTerm, type Pod } from "@seaworthy/kube";
import type { NodeInfo } from "../node-info.ts";
import { noProblems, normalizeByLargest, type NodeFilter } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Refuses nodes that lack what nodeSelector and the required node affinity ask for.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go
 */
export function nodeAffinity(pod: Pod): NodeFilter {
  const problems = [{ reason: "node(s) didn't match Pod's node affinity/selector", fatal: true }];
  return ({ node }) => (matchesNodeSelection(pod, node) ? noProblems : problems);
}

/** Refuses, before anything else is asked, all nodes but those which the required affinity names, as a DaemonSet's does. */
export function namedNodes(pod: Pod): NodeFilter | string | undefined {
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields
      .filter(({ key, operator }) => key === "metadata.name" && operator === "In")
      .map(({ values = [] }) => values);
    // Terms are alternatives, so that one without names leaves every node.
    if (lists.length === 0) return undefined;
    const [first = [], ...others] = lists;
    for (const name of first) if (others.every((list) => list.includes(name))) names.add(name);
  }
  if (names.size === 0) return "pod affinity terms conflict";
  const problems = [{ reason: "node(s) didn't satisfy plugin(s) [NodeAffinity]", fatal: true }];
  return ({ node }) => (names.has(node.metadata.name) ? noProblems : problems);
}

/** Rates nodes by the weights of the preferences that they meet. */
export function preferredNodeAffinity(
  pod: Pod,
  _snapshot: Snapshot,
  feasible: readonly NodeInfo[],
): number[] | undefined {
  const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  if (preferred === undefined) return undefined;
  return normalizeByLargest(
    feasible.map(({ node }) =>
      preferred.reduce(
        (sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0),
        0,
      ),
    ),
  );
}
