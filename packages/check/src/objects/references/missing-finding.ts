import { formatObjectName } from "@seaworthy/kube";
import type { Finding } from "../../rule.ts";
import type { ObjectSet } from "../object-set.ts";
import type { MissingReference } from "./missing-references.ts";

/** The finding about an object that is missing although others of its kind are there. */
export function missingFinding(
  { manifest, reference, others, near, again }: MissingReference,
  set: ObjectSet,
): Finding {
  const { kind, name, path, canBeOptional } = reference;
  const listed = others.slice(0, 6).join(", ");
  return {
    manifest,
    path,
    message: `${formatObjectName(manifest.object)} asks for ${kind} ${name}, which is not in ${set.home}`,
    label: near === undefined ? `there is no such ${kind}` : `did you mean ${near}?`,
    seen: [`${kind}s that are there: ${listed}${others.length > 6 ? ", …" : ""}`, ...again],
    next: [
      near === undefined ? `add ${kind} ${name}` : `write ${near}, or add ${kind} ${name}`,
      ...(canBeOptional ? ["or write optional: true beside it, if the app runs without it"] : []),
    ],
    ...(near === undefined
      ? {}
      : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: near }] } }),
  };
}
