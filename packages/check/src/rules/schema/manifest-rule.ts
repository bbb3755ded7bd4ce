import type { Manifest } from "@seaworthy/kube";
import type { ObjectSet } from "../../objects/object-set.ts";
import type { FoundField, Rule, RulePage } from "../../rule.ts";

/** A rule about each object, of whatever kind, as it is written. Paths are from the object. */
export function manifestRule(
  page: RulePage,
  look: (manifest: Manifest, set: ObjectSet) => Iterable<FoundField>,
): Rule {
  return {
    ...page,
    *check(set) {
      for (const manifest of set.written)
        for (const found of look(manifest, set)) yield { ...found, manifest };
    },
  };
}
