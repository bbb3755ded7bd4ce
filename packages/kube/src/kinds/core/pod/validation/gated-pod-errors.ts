import { semanticEqual } from "../../../../deep-equal.ts";
import { inGo } from "../../../../go/in-go.ts";
import type { PodSpec } from "../../../../object.ts";
import { invalidValue, type FieldErrors } from "../../../field-error.ts";
import { shownLabels } from "../../../meta/label-errors.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";

type NodeAffinity = NonNullable<PodSpec["affinity"]>["nodeAffinity"];
type Terms = NonNullable<NonNullable<NonNullable<NodeAffinity>[typeof required]>["nodeSelectorTerms"]>;

/**
 * What is wrong with a change of where a pod may run that a scheduling gate holds back: the choice of nodes may only become
 * narrower. https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go (ValidatePodUpdate)
 */
export function* gatedPodErrors(spec: PodSpec, before: PodSpec): FieldErrors {
  const { nodeSelector = {} } = spec;
  const isKept = Object.entries(before.nodeSelector ?? {}).every(
    ([key, value]) => nodeSelector[key] === value,
  );
  if (!isKept)
    yield invalidValue(
      "spec.nodeSelector",
      shownLabels(spec.nodeSelector),
      "only additions to spec.nodeSelector are allowed (no mutations or deletions)",
    );
  const [now, was] = [spec, before].map(({ affinity }) => affinity?.nodeAffinity);
  if (!semanticEqual(now, was)) yield* termErrors(termsOf(now), termsOf(was) ?? []);
}

/** The spec with the choice of nodes that a pod had before. */
export function withNodesOf(spec: PodSpec, before: PodSpec): PodSpec {
  const { nodeSelector: _selector, affinity, ...rest } = spec;
  const { nodeAffinity: _now, ...others } = affinity ?? {};
  const nodeAffinity = before.affinity?.nodeAffinity;
  const whole = { ...others, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) };
  return {
    ...rest,
    ...(before.nodeSelector === undefined ? {} : { nodeSelector: before.nodeSelector }),
    ...(Object.keys(whole).length === 0 && before.affinity === undefined ? {} : { affinity: whole }),
  };
}

function termsOf(affinity: NodeAffinity): Terms | undefined {
  return affinity?.[required]?.nodeSelectorTerms;
}

function* termErrors(terms: Terms | undefined, before: Terms): FieldErrors {
  const field = `spec.affinity.nodeAffinity.${required}.nodeSelectorTerms`;
  if (before.length > 0 && before.length !== (terms ?? []).length)
    return yield invalidValue(
      field,
      inGo("[]core.NodeSelectorTerm", terms),
      "no additions/deletions to non-empty NodeSelectorTerms list are allowed",
    );
  for (const [index, old] of before.entries())
    if (!addsOnly(terms?.[index], old))
      yield invalidValue(
        `${field}[${index}]`,
        inGo("core.NodeSelectorTerm", terms?.[index]),
        "only additions are allowed (no mutations or deletions)",
      );
}

function addsOnly(term: Terms[number] = {}, old: Terms[number]): boolean {
  const lists = ["matchExpressions", "matchFields"] as const;
  const counts = (of: Terms[number]): number => lists.reduce((sum, list) => sum + (of[list] ?? []).length, 0);
  // A term of nothing fits no node; with something in it it would fit some.
  if (counts(old) === 0 && counts(term) > 0) return false;
  return lists.every((list) => {
    const kept = (term[list] ?? []).slice(0, (old[list] ?? []).length);
    return semanticEqual(kept, old[list] ?? []);
  });
}
