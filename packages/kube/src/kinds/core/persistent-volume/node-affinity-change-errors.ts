import type { V1NodeSelectorTerm, V1VolumeNodeAffinity } from "@kubernetes/client-node";
import { semanticEqual } from "../../../deep-equal.ts";
import { inGo } from "../../../go/in-go.ts";
import type { Unchecked } from "../../../object.ts";
import { invalidValue, type FieldErrors } from "../../field-error.ts";

type Affinity = Unchecked<V1VolumeNodeAffinity>;

/**
 * Where a volume can be reached from stays, once it is said; only labels may take the names that they have now.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go (validatePvNodeAffinity)
 */
export function* nodeAffinityChangeErrors(
  affinity: Affinity | undefined,
  before: Affinity | undefined,
): FieldErrors {
  if (before === undefined || semanticEqual(affinity, before)) return;
  if (semanticEqual(affinity, renamedLike(before, affinity))) return;
  yield invalidValue(
    "nodeAffinity",
    inGo("*core.VolumeNodeAffinity", affinity),
    "field is immutable, except for updating from beta label to GA",
  );
}

/** An affinity with the new names of labels where another one has them at the same place. */
function renamedLike(before: Affinity, affinity: Affinity | undefined): Affinity {
  const terms = before.required?.nodeSelectorTerms?.map((term, index): Unchecked<V1NodeSelectorTerm> => {
    const other = affinity?.required?.nodeSelectorTerms?.[index];
    const expressions = term.matchExpressions?.map((expression, position) => {
      const key = newNames[expression.key ?? ""];
      const isRenamed = key !== undefined && other?.matchExpressions?.[position]?.key === key;
      return isRenamed ? { ...expression, key } : expression;
    });
    return { ...term, ...(expressions === undefined ? {} : { matchExpressions: expressions }) };
  });
  return { required: { ...before.required, ...(terms === undefined ? {} : { nodeSelectorTerms: terms }) } };
}

const newNames: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/os": "kubernetes.io/os",
  "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
};
