import {
  findTypeSchema,
  valueAtField,
  type FieldPath,
  type FieldSchema,
  type KubeObject,
} from "@seaworthy/kube";
import { typeOf } from "../../schemas/custom-types.ts";

/**
 * Where an unknown field was probably meant to be: the nearest place, above or just beside it, where the schema has a field of
 * this name for values of this shape. Fields that are one level too deep or too high are the most frequent mistake in YAML.
 */
export function findHome(object: KubeObject, path: FieldPath): FieldPath | undefined {
  const key = path.at(-1);
  const value = valueAtField(object, path);
  const places = placesNear(object, path.slice(0, -1)).toSorted((left, right) => left.steps - right.steps);
  const home = places.find(({ type }) => {
    const field = findTypeSchema(type)?.get(String(key));
    return field !== undefined && fits(value, field);
  });
  return home === undefined ? undefined : [...home.path, key!];
}

/** An object inside the object, or one that could be there. */
interface InnerPlace {
  readonly path: FieldPath;
  readonly type: string;
  /** How far it is: up is one step, down into what is written a bit more, down into what is not there most. */
  readonly steps: number;
}

const mostSteps = 4;

function placesNear(object: KubeObject, parent: FieldPath): InnerPlace[] {
  const root = typeOf(object);
  if (root === undefined) return [];
  const onTheWay: InnerPlace[] = [{ path: [], type: root, steps: parent.length }];
  let type: string | undefined = root;
  for (const [index, step] of parent.entries()) {
    if (typeof step === "number") continue;
    const field: FieldSchema | undefined = findTypeSchema(type)?.get(step);
    if (field === undefined || (field.shape !== "single" && field.shape !== "list")) break;
    type = field.type;
    const end = field.shape === "list" ? index + 2 : index + 1;
    if (end <= parent.length) onTheWay.push({ path: parent.slice(0, end), type, steps: parent.length - end });
  }
  return onTheWay
    .filter(({ steps }) => steps <= mostSteps)
    .flatMap((place) => [place, ...placesBelow(object, place, 2)])
    .filter(({ steps, path }) => steps > 0 && steps <= mostSteps && path.length <= parent.length + 2);
}

function placesBelow(object: KubeObject, place: InnerPlace, depth: number): InnerPlace[] {
  if (depth === 0) return [];
  const schema = findTypeSchema(place.type);
  return [...(schema ?? [])].flatMap(([name, field]) => {
    if (name === "status" || name === "managedFields" || findTypeSchema(field.type) === undefined) return [];
    const path = [...place.path, name];
    const written = valueAtField(object, path);
    const steps = place.steps + (written === undefined || written === null ? 1.6 : 1.1);
    if (field.shape === "single") {
      const below = { path, type: field.type, steps };
      return [below, ...placesBelow(object, below, depth - 1)];
    }
    // Of a list the only item is meant, or nobody knows which.
    if (field.shape !== "list" || !Array.isArray(written) || written.length !== 1) return [];
    const item = { path: [...path, 0], type: field.type, steps };
    return [item, ...placesBelow(object, item, depth - 1)];
  });
}

function fits(value: unknown, { type, shape }: FieldSchema): boolean {
  if (shape === "list") return Array.isArray(value);
  if (shape !== "single") return isMap(value);
  const inner = findTypeSchema(type);
  if (inner === undefined) return !Array.isArray(value) && !isMap(value);
  return isMap(value) && Object.keys(value).every((key) => inner.has(key));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
