import { validateObject, type Manifest } from "@seaworthy/kube";
import { createObjectSet } from "../../objects/object-set.ts";
import type { Finding, Rule } from "../../rule.ts";
import { isOfUnknownVersion, wellKnownTypeOf } from "../../schemas/custom-types.ts";
import { fieldProblems, isKnownKind } from "./field-problems.ts";
import { schemaRules } from "./schema-rules.ts";

/** Objects that rules can rely on, and those that they cannot. */
export interface SplitManifests {
  readonly readable: readonly Manifest[];
  /** Of an unknown kind or version, or with fields that are missing or of a wrong type. */
  readonly unreadable: readonly Manifest[];
  /** What is wrong with the unreadable ones. Rules find the rest in the readable ones. */
  readonly findings: readonly { readonly rule: Rule; readonly finding: Finding }[];
}

/**
 * Takes out what rules could stumble over: they rely on it that fields have the types that they should have. What is known of the
 * kinds has been read by `loadKinds`.
 */
export function splitReadable(
  manifests: readonly Manifest[],
  { kubernetes }: { readonly kubernetes?: string | undefined } = {},
): SplitManifests {
  const { readable = [], unreadable = [] } = Object.groupBy(manifests, (manifest) =>
    isReadable(manifest) ? "readable" : "unreadable",
  );
  const set = createObjectSet(unreadable, { kubernetes });
  const findings = schemaRules
    .filter(({ id }) => !needsReadable.has(id))
    .flatMap((rule) => Array.from(rule.check(set), (finding) => ({ rule, finding })));
  return { readable, unreadable, findings };
}

const needsReadable: ReadonlySet<string> = new Set(["refused", "warned-of"]);

function isReadable(manifest: Manifest): boolean {
  if (!isKnownKind(manifest) || isOfUnknownVersion(manifest.object)) return false;
  if (fieldProblems(manifest).some(({ kind }) => kind !== "unknown-field")) return false;
  // A definition among the files may allow other types than those that rules know.
  const wellKnown = wellKnownTypeOf(manifest.object);
  const problems = wellKnown === undefined ? [] : validateObject(manifest.object, wellKnown);
  return problems.every(({ kind }) => kind !== "wrong-type");
}
