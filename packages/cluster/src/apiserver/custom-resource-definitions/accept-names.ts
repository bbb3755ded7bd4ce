import {
  deepEqual,
  isConditionTrue,
  type Condition,
  type CustomResourceDefinition,
  type CustomResourceDefinitionNames,
} from "@seaworthy/kube";
import { setCondition } from "./set-condition.ts";

/** Names that are taken in a group. */
export interface TakenNames {
  /** Plurals, singulars and short names. */
  readonly resources: ReadonlySet<string>;
  /** Kinds, and kinds of lists. */
  readonly kinds: ReadonlySet<string>;
}

/**
 * Accepts the names that a definition asks for and that nobody else has, and says so in its status. Gives whether
 * anything has changed
 * (https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/controller/status/naming_controller.go).
 */
export function acceptNames(definition: CustomResourceDefinition, taken: TakenNames, nowMs: number): boolean {
  const { names } = definition.spec;
  const before = definition.status?.acceptedNames ?? { plural: "", kind: "" };
  if (deepEqual(names, before)) return false;
  const { accepted, condition } = choose(names, before, taken);
  const old = (definition.status?.conditions ?? []).find(({ type }) => type === condition.type);
  if (deepEqual(accepted, before) && old?.status === condition.status && old.message === condition.message)
    return false;
  definition.status = { ...definition.status, acceptedNames: accepted };
  setCondition(definition, nowMs, condition);
  if (isConditionTrue(definition, "Established")) return true;
  const isAccepted = condition.status === "True";
  setCondition(definition, nowMs, {
    type: "Established",
    status: "False",
    reason: isAccepted ? "Installing" : "NotAccepted",
    message: isAccepted ? "the initial names have been accepted" : "not all names are accepted",
  });
  return true;
}

function choose(
  names: CustomResourceDefinitionNames,
  before: CustomResourceDefinitionNames,
  taken: TakenNames,
): { readonly accepted: CustomResourceDefinitionNames; readonly condition: Condition } {
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  /** The last conflict is the one that is told. */
  const take = <T>(reason: string, wanted: T, had: T, used: readonly string[]): T => {
    if (used.length === 0) return wanted;
    const messages = used.map((name) => `${JSON.stringify(name)} is already in use`);
    conflict = { reason, message: messages.length === 1 ? (messages[0] ?? "") : `[${messages.join(", ")}]` };
    return had;
  };
  const used = (wanted: string | undefined, had: string | undefined, all: ReadonlySet<string>) =>
    wanted === undefined || wanted === had || !all.has(wanted) ? [] : [wanted];
  const short = (names.shortNames ?? []).filter(
    (name) => !(before.shortNames ?? []).includes(name) && taken.resources.has(name),
  );
  const accepted = {
    plural: take(
      "PluralConflict",
      names.plural,
      before.plural,
      used(names.plural, before.plural, taken.resources),
    ),
    singular: take(
      "SingularConflict",
      names.singular,
      before.singular,
      used(names.singular, before.singular, taken.resources),
    ),
    shortNames: take("ShortNamesConflict", names.shortNames, before.shortNames, short),
    kind: take("KindConflict", names.kind, before.kind, used(names.kind, before.kind, taken.kinds)),
    listKind: take(
      "ListKindConflict",
      names.listKind,
      before.listKind,
      used(names.listKind, before.listKind, taken.kinds),
    ),
    categories: names.categories,
  };
  const condition: Condition = {
    type: "NamesAccepted",
    ...(conflict === undefined
      ? { status: "True", reason: "NoConflicts", message: "no conflicts found" }
      : { status: "False", ...(conflict as { reason: string; message: string }) }),
  };
  return { accepted: withoutAbsent(accepted), condition };
}

/** The same without what is undefined, in the order in which Kubernetes writes it. */
function withoutAbsent(names: Record<string, unknown>): CustomResourceDefinitionNames {
  const present = Object.entries(names).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    present.toSorted(([left], [right]) => (left < right ? -1 : 1)),
  ) as unknown as CustomResourceDefinitionNames;
}
