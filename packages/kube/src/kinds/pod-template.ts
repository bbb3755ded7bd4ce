import { findBuiltInKind } from "./built-in-kinds.ts";
import type { KubeObject, PodSpec, TemplateMeta } from "../object.ts";

/** The pods that an object is or makes, as it describes them. */
export interface FoundTemplate {
  /** Where the template is in the object; a Pod is its own. */
  readonly path: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Absent in a custom kind that has a template of another sort. */
  readonly spec: PodSpec | undefined;
}

/** The pod template of a workload, of any kind that has one where Kubernetes' own have it; undefined for other objects. */
export function podTemplateOf(object: KubeObject): FoundTemplate | undefined {
  const path = findBuiltInKind(object.apiVersion, object.kind)?.podTemplate ?? ["spec", "template"];
  const template = path.reduce<unknown>((parent, key) => fieldOf(parent, key), object);
  if (typeof template !== "object" || template === null) return undefined;
  const spec = fieldOf(template, "spec") as PodSpec | undefined;
  const { labels, annotations } = (fieldOf(template, "metadata") ?? {}) as TemplateMeta;
  return {
    path,
    labels: labels ?? {},
    annotations: annotations ?? {},
    spec: Array.isArray(spec?.containers) ? spec : undefined,
  };
}

/** What a custom kind holds has not been checked. */
function fieldOf(parent: unknown, key: string): unknown {
  return typeof parent === "object" && parent !== null
    ? ((parent as Record<string, unknown>)[key] ?? undefined)
    : undefined;
}
