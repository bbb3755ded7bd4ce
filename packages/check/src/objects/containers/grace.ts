import type { FieldPath, PodSpec } from "@seaworthy/kube";
import type { Edit } from "../../rule.ts";
import type { PodSource } from "../pod-source.ts";

/** How long the pods of a template may take to end. */
export function graceSeconds({ terminationGracePeriodSeconds }: PodSpec): number {
  return terminationGracePeriodSeconds ?? 30;
}

/** Where that is written, from the template. */
export const gracePath: FieldPath = ["spec", "terminationGracePeriodSeconds"];

/** The number, and where it is written, for people. */
export function seenGrace({ manifest, spec, path }: PodSource): string {
  if (typeof spec.terminationGracePeriodSeconds !== "number")
    return "terminationGracePeriodSeconds is not set: 30, the default";
  const { file, line } = manifest.locate([...path, ...gracePath]);
  return `${file}:${line} gives the pod ${graceSeconds(spec)} s`;
}

/** The change that gives a pod so long to end. */
export function graceEdit({ manifest, path }: PodSource, value: number): Edit {
  return { manifest, path: [...path, ...gracePath], op: "set", value };
}
