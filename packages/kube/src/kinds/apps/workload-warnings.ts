import type { KubeObject, PodTemplateSpec } from "../../object.ts";
import { podWarnings } from "../core/pod/pod-warnings.ts";
import { dns1123Label } from "../meta/names.ts";

/** What the API server warns of in a Deployment or ReplicaSet, which it takes nevertheless. */
export function* workloadWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  if (old !== undefined && old.metadata.generation === object.metadata.generation) return;
  if (old === undefined) yield* podNameWarnings(object);
  yield* podWarnings("spec.template", templateIn(object));
}

/** The names of pods begin with the name of what makes them. */
export function* podNameWarnings({ metadata }: KubeObject): Generator<string> {
  // An object that is not applied yet may lack what the API server demands.
  if (typeof metadata.name !== "string") return;
  const reasons = dns1123Label(metadata.name);
  const why =
    "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended";
  if (reasons.length > 0) yield `metadata.name: ${why}: [${reasons.join(" ")}]`;
}

/** The template of an object that has it where most have it. */
export function templateIn(object: KubeObject): PodTemplateSpec | undefined {
  return (object as { readonly spec?: { readonly template?: PodTemplateSpec } }).spec?.template;
}
