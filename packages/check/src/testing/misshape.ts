import type { FieldPath } from "@seaworthy/kube";

/** What a field becomes; undefined takes it away. */
export const shapes: readonly unknown[] = [undefined, null, "text", 7, [], {}];

/** Every place in some objects, but for what says which kind they are. */
export function placesIn(objects: readonly unknown[]): FieldPath[] {
  const places: FieldPath[] = [];
  const walk = (value: unknown, path: FieldPath): void => {
    if (path.length > 1 && path[1] !== "kind" && path[1] !== "apiVersion") places.push(path);
    if (typeof value !== "object" || value === null) return;
    for (const [key, each] of Object.entries(value))
      walk(each, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  walk(objects, []);
  return places;
}

/** The objects with another shape in one place. */
export function misshapeOnce<T>(objects: readonly T[], path: FieldPath, shape: unknown): T[] {
  const copy = structuredClone(objects) as T[];
  let parent = copy as unknown as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as typeof parent;
  const last = path.at(-1)!;
  if (shape !== undefined) parent[last] = structuredClone(shape);
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}
