import type { KubeObject, PodTemplateSpec } from "../../../object.ts";
import { podWarnings } from "../pod/pod-warnings.ts";

/** What the API server warns of in a PodTemplate, which it takes nevertheless. */
export function* podTemplateWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  const { template } = object as { readonly template?: PodTemplateSpec };
  if (old === undefined || old.metadata.generation !== object.metadata.generation)
    yield* podWarnings("template", template);
}
