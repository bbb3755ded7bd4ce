import type { Deployment, KubeObject } from "../../object.ts";
import { podSpecWarnings } from "../core/pod/pod-warnings.ts";
import { dns1123Label } from "../meta/names.ts";

/** What the API server warns of in a Deployment or ReplicaSet, which it takes nevertheless. */
export function* workloadWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  if (old !== undefined && old.metadata.generation === object.metadata.generation) return;
  const reasons = dns1123Label(object.metadata.name);
  const why =
    "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended";
  if (reasons.length > 0 && old === undefined) yield `metadata.name: ${why}: [${reasons.join(" ")}]`;
  yield* podSpecWarnings("spec.template.spec", (object as Deployment).spec.template.spec);
}
