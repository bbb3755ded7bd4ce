import {
  applyDefaults,
  findBuiltInKind,
  rulesOf,
  validateCreate,
  withoutNulls,
  type FieldError,
  type Kind,
  type KubeObject,
  type Manifest,
} from "@seaworthy/kube";
import { definedKindOf, typeOf } from "../../schemas/custom-types.ts";
import { fieldProblems } from "./field-problems.ts";

/** What an API server would say to a new object. */
export interface ServerAnswer {
  readonly errors: readonly FieldError[];
  readonly warnings: readonly string[];
}

const nothing: ServerAnswer = { errors: [], warnings: [] };
const known = new WeakMap<KubeObject, ServerAnswer>();

/** Asked once for each object. Of one that an API server has made already it has refused nothing. */
export function serverAnswer(manifest: Manifest): ServerAnswer {
  const { object } = manifest;
  let answer = known.get(object);
  if (answer === undefined) {
    // Of a version that is gone nobody knows whether its fields have the right types.
    const isReadable =
      typeOf(object) !== undefined &&
      fieldProblems(manifest).every((problem) => problem.kind === "unknown-field");
    const kind = findBuiltInKind(object.apiVersion, object.kind) ?? definedKindOf(object);
    answer = kind === undefined || !isReadable ? nothing : ask(object, kind);
    known.set(object, answer);
  }
  return answer;
}

function ask(object: KubeObject, kind: Kind): ServerAnswer {
  const stored = asStored(object, kind);
  const errors =
    object.metadata.uid === undefined
      ? validateCreate(stored, kind).filter(({ field, message }) => !isAllocated.test(`${field} ${message}`))
      : [];
  // What is refused is not warned of.
  const warnings = errors.length === 0 ? [...(rulesOf(kind).warnings?.(stored, undefined) ?? [])] : [];
  return { errors, warnings };
}

/** What the API server fills in itself before it looks: the status, selectors of Jobs. */
const isAllocated = /^status\.|^spec\.selector Required value/;

/** A copy of an object as an API server looks at it: without nulls, pruned, named, with its defaults. */
function asStored(object: KubeObject, kind: Kind): KubeObject {
  const draft = copyOf(withoutNulls(object)) as KubeObject;
  const { name = "", generateName = "" } = draft.metadata;
  if (name === "" && generateName !== "") draft.metadata.name = `${generateName}x7k2p`;
  kind.prune?.(draft);
  return applyDefaults(draft, kind);
}

/** structuredClone takes ten times as long for JSON. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value))
    // The one name by which an assignment would set something else.
    if (key !== "__proto__") copy[key] = copyOf((value as Record<string, unknown>)[key]);
  return copy;
}
