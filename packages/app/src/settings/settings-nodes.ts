import { SeaworthyError, type Place } from "@seaworthy/errors";
import { isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type YAMLMap } from "yaml";

/** The text of a settings file, and where its lines begin. */
export interface Source {
  readonly text: string;
  readonly file: string;
  readonly lines: LineCounter;
}

/** A node as a map; undefined when it is absent or empty. Throws SW1105. */
export function asMap(node: unknown, source: Source, field: string): YAMLMap | undefined {
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return undefined;
  if (isMap(node)) return node;
  throw new SeaworthyError("SW1105", `${field === "" ? source.file : field} must be a map`, {
    place: placeOfNode(node as Node, source),
    field,
  });
}

/** The keys of a map. */
export function keysOf(map: YAMLMap | undefined): string[] {
  return (map?.items ?? []).map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key));
}

/** Throws SW1103 for a key that is not known. */
export function rejectUnknown(
  map: YAMLMap | undefined,
  known: readonly string[],
  source: Source,
  prefix: string,
): void {
  for (const pair of map?.items ?? []) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (known.includes(key)) continue;
    throw new SeaworthyError("SW1103", `unknown setting ${prefix}${key}`, {
      place: placeOfNode(pair.key as Node, source, `known here: ${known.join(", ")}`),
      field: prefix + key,
      next: [`remove it, or use one of ${known.join(", ")}`],
    });
  }
}

/** The value of a key, if it is there. Throws SW1105 when it is not of the type. */
export function scalar(
  map: YAMLMap | undefined,
  key: string,
  type: "number" | "string",
  source: Source,
): unknown {
  const node = map?.get(key, true) as Document["contents"] | undefined;
  if (node === undefined || node === null) return undefined;
  if (isScalar(node) && typeof node.value === type && node.value !== "") return node.value;
  throw new SeaworthyError("SW1105", `${key} must be a ${type}`, {
    place: placeOfNode(node, source, `not a ${type}`),
    field: key,
    next: [`write a ${type}`],
  });
}

/** Where a node is written. */
export function placeOfNode(node: Node, source: Source, label?: string): Place | undefined {
  return node.range === undefined || node.range === null
    ? undefined
    : placeAt(source, node.range[0], node.range[1], label);
}

/** The place of a stretch of text. */
export function placeAt({ text, file, lines }: Source, from: number, to: number, label?: string): Place {
  const { line, col } = lines.linePos(from);
  const sourceLine = text.split(/\r?\n/)[line - 1] ?? "";
  const length = Math.max(1, Math.min(to - from, sourceLine.length - col + 1));
  return { file, line, column: col, length, sourceLine, ...(label === undefined ? {} : { label }) };
}

/** The texts of a list, if it is there. Throws SW1105 at what is none. */
export function texts(map: YAMLMap | undefined, key: string, source: Source): string[] | undefined {
  const node = map?.get(key, true) as Document["contents"] | undefined;
  if (node === undefined || node === null) return undefined;
  const items = isSeq(node) ? node.items : [node];
  return items.map((item) => {
    if (isScalar(item) && typeof item.value === "string" && item.value !== "") return item.value;
    throw new SeaworthyError("SW1105", `${key} must be a list of texts`, {
      place: placeOfNode(item as Node, source, "not a text"),
      field: key,
      next: ["write a list of names"],
    });
  });
}

/** The items of a list of 1 to `most`; undefined when it is absent or empty. Throws SW1105. */
export function itemsOf(
  map: YAMLMap | undefined,
  key: string,
  source: Source,
  { most, what, example }: { readonly most: number; readonly what: string; readonly example: string },
): readonly Node[] | undefined {
  const node = map?.get(key, true) as Node | undefined;
  if (node === undefined || (isScalar(node) && node.value === null)) return undefined;
  const items = isSeq(node) ? node.items : [];
  if (items.length === 0 || items.length > most)
    throw wrong(node, source, key, `must be a list of 1 to ${most} ${what}`, [`write \`${example}\``]);
  return items as Node[];
}

/** An error at a key of a map. */
export function at(
  map: YAMLMap,
  key: string,
  source: Source,
  field: string,
  why: string,
  next: readonly string[],
): SeaworthyError {
  return wrong(map.get(key, true) ?? map, source, `${field}.${key}`, why, next);
}

/** An error at a node. */
export function wrong(
  node: Node,
  source: Source,
  field: string,
  why: string,
  next: readonly string[],
): SeaworthyError {
  return new SeaworthyError("SW1105", `${field} ${why}`, {
    place: placeOfNode(node, source, why),
    field,
    next,
  });
}
