import type { Origin } from "@seaworthy/app";
import type { Place } from "@seaworthy/errors";
import {
  deepEqual,
  groupOf,
  isJsonObject,
  valueAtField,
  type FieldPath,
  type KubeObject,
} from "@seaworthy/kube";
import { placeOf } from "../place-of.ts";
import type { Finding } from "../rule.ts";

/**
 * Where a field of what kustomize made comes from: the last file that gives it its value, or, when the field is absent,
 * the one that the object is written in. Undefined where no file says it, or several objects may be meant.
 */
export function placeInOrigin(finding: Finding, origins: readonly Origin[]): Place | undefined {
  const { manifest, path } = finding;
  const own = originsOf(manifest.object, origins);
  const depth = depthOf(manifest.object, path);
  const value = valueAtField(manifest.object, path.slice(0, depth));
  const found = own.flatMap(({ manifest: origin, isPatch }) => {
    const there = pathIn(origin.object, manifest.object, path.slice(0, depth));
    return there === undefined ? [] : [{ origin, isPatch, path: [...there, ...path.slice(depth)], there }];
  });
  const isBlock = typeof value === "object" && value !== null;
  const chosen = isBlock
    ? (found.find(({ isPatch }) => !isPatch) ?? found[0])
    : found.findLast(({ origin, there }) => deepEqual(valueAtField(origin.object, there), value));
  return chosen && placeOf({ ...finding, manifest: chosen.origin, path: chosen.path });
}

/** The origins of an object: of its kind and name, or of the one name that kustomize put something before or behind. */
function originsOf(object: KubeObject, origins: readonly Origin[]): readonly Origin[] {
  const { kind, metadata } = object;
  const alike = origins.filter(
    ({ manifest: { object: each } }) =>
      each.kind === kind && groupOf(each.apiVersion) === groupOf(object.apiVersion),
  );
  const exact = alike.filter((each) => each.manifest.object.metadata.name === metadata.name);
  const named =
    exact.length > 0
      ? exact
      : alike.filter((each) => metadata.name.includes(each.manifest.object.metadata.name));
  const names = new Set(named.map((each) => each.manifest.object.metadata.name));
  const written = named.filter(({ isPatch }) => !isPatch);
  return names.size === 1 && written.length <= 1 ? named : [];
}

/** How much of a path there is in an object. */
function depthOf(object: KubeObject, path: FieldPath): number {
  let depth = path.length;
  while (depth > 0 && valueAtField(object, path.slice(0, depth)) === undefined) depth -= 1;
  return depth;
}

/** A path in another object that was merged into this one: items of lists are known again by their name, or are the same. */
function pathIn(origin: unknown, made: unknown, path: FieldPath): (string | number)[] | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return [];
  const child = valueAtField(made, [step]);
  const there = typeof step === "number" ? indexIn(origin, child) : step;
  if (there === undefined || valueAtField(origin, [there]) === undefined) return undefined;
  const further = pathIn(valueAtField(origin, [there]), child, rest);
  return further && [there, ...further];
}

function indexIn(list: unknown, item: unknown): number | undefined {
  if (!Array.isArray(list)) return undefined;
  const name = isJsonObject(item) ? item["name"] : undefined;
  const index = list.findIndex((each) =>
    name === undefined ? deepEqual(each, item) : isJsonObject(each) && each["name"] === name,
  );
  return index < 0 ? undefined : index;
}
