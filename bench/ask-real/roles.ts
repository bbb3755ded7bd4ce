/**
 * Reads from a real cluster the roles and bindings that its API server begins with, and writes them down for the embedded
 * one. Rules that roles gather from others are gathered anew, so that what somebody has installed there is not among them.
 *
 * usage: node bench/ask-real/roles.ts        KUBECONFIG names the cluster
 */
import { writeFileSync } from "node:fs";
import { createClient, httpTransport, readKubeconfig } from "@seaworthy/client";
import { resourceTypes, type KubeObject } from "@seaworthy/kube";
import {
  aggregateRules,
  type ClusterRole,
} from "../../packages/cluster/src/controllers/cluster-role-aggregation/aggregate-rules.ts";

const out = "packages/cluster/src/apiserver/authorization/bootstrap-policy.generated.json";
const client = createClient(httpTransport(await readKubeconfig()));
const labelSelector = "kubernetes.io/bootstrapping=rbac-defaults";

const lines: string[] = [];
for (const plural of ["clusterroles", "roles", "clusterrolebindings", "rolebindings"] as const) {
  const { items } = await client.list<ClusterRole>(resourceTypes[plural], { labelSelector });
  for (const item of gatherRules(items).toSorted(byName)) lines.push(JSON.stringify(kept(item)));
}
writeFileSync(out, `[\n${lines.join(",\n")}\n]\n`);
process.stdout.write(`${lines.length} roles and bindings: ${out}\n`);

/** What differs between them; the rest is the same for all. */
function kept({ apiVersion: _apiVersion, kind, metadata, ...content }: KubeObject): unknown {
  const { name, namespace, labels = {} } = metadata;
  const { "kubernetes.io/bootstrapping": _bootstrapping, ...own } = labels;
  const home = namespace === undefined ? {} : { namespace };
  return { kind, name, ...home, ...(Object.keys(own).length === 0 ? {} : { labels: own }), ...content };
}

/** Gathers as often as one role may gather what another has gathered. */
function gatherRules(roles: readonly ClusterRole[]): readonly ClusterRole[] {
  let known = roles.map((role) => (role.aggregationRule === undefined ? role : { ...role, rules: [] }));
  for (const _round of roles.filter(({ aggregationRule }) => aggregationRule !== undefined))
    known = known.map((role) =>
      role.aggregationRule === undefined ? role : { ...role, rules: aggregateRules(role, known) },
    );
  return known;
}

function byName(left: KubeObject, right: KubeObject): number {
  const key = ({ metadata }: KubeObject) => `${metadata.namespace ?? ""}/${metadata.name}`;
  return key(left) < key(right) ? -1 : 1;
}
