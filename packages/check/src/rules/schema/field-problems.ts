import {
  isCustomKind,
  findBuiltInKind,
  validateObject,
  type FieldProblem,
  type Manifest,
} from "@seaworthy/kube";

const known = new WeakMap<object, readonly FieldProblem[]>();

/** What is wrong with the fields of an object by its schema. Nothing is known of a kind that Kubernetes does not have. */
export function fieldProblems({ object }: Manifest): readonly FieldProblem[] {
  let problems = known.get(object);
  if (problems === undefined) known.set(object, (problems = validateObject(object)));
  return problems;
}

/** Whether Kubernetes has a kind in this version, or somebody may have defined it. */
export function isKnownKind({ object: { apiVersion, kind } }: Manifest): boolean {
  return isCustomKind(apiVersion, kind) || findBuiltInKind(apiVersion, kind) !== undefined;
}
