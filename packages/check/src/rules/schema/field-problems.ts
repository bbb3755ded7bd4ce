import {
  isCustomKind,
  findBuiltInKind,
  validateObject,
  type FieldProblem,
  type KubeObject,
  type Manifest,
} from "@seaworthy/kube";
import { definedKindOf, typeOf } from "../../schemas/custom-types.ts";
import { withSpec } from "../../schemas/with-spec.ts";

const known = new WeakMap<object, readonly FieldProblem[]>();

/** What is wrong with the fields of an object by its schema. Nothing is known of a kind that Kubernetes does not have. */
export function fieldProblems({ object }: Manifest): readonly FieldProblem[] {
  let problems = known.get(object);
  if (problems === undefined) known.set(object, (problems = findProblems(object)));
  return problems;
}

/** Whether Kubernetes has a kind in this version, or somebody may have defined it. */
export function isKnownKind({ object: { apiVersion, kind } }: Manifest): boolean {
  return isCustomKind(apiVersion, kind) || findBuiltInKind(apiVersion, kind) !== undefined;
}

function findProblems(object: KubeObject): readonly FieldProblem[] {
  const problems = validateObject(withSpec(object), typeOf(object));
  // Operators take parts of Kubernetes' own types, and leave out what they require.
  const isLoose = isCustomKind(object.apiVersion, object.kind) && definedKindOf(object) === undefined;
  return isLoose
    ? problems.filter(({ kind, path }) => kind !== "missing-field" || path[0] === "metadata")
    : problems;
}
