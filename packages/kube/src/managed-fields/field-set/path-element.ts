import { toGoJson } from "../../go/go-text.ts";
import { isJsonObject } from "../../patch/json-value.ts";
import { Memo } from "./memo.ts";

/**
 * One step of a path to a field, spelled as in a serialized field set: `f:name` for a field, `k:{"name":"web"}` for an
 * item of a keyed list, `v:"x"` for an item of a set, `i:0` for a position. Each element has one spelling, so that equal
 * elements are equal strings.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/fieldpath/serialize-pe.go
 */
export type PathElement = string;

/** From an object to a field inside it. */
export type Path = readonly PathElement[];

/** The element of a field. */
export function fieldElement(name: string): PathElement {
  return fieldElements.of(name, () => `f:${name}`);
}

/** Most objects have the same few fields, and comparing strings that are the same is no work. */
const fieldElements = new Memo<string, PathElement>();

/** The element of an item of a keyed list, by the values of its keys. */
export function keyElement(values: Readonly<Record<string, unknown>>): PathElement {
  const names = Object.keys(values);
  if (names.length > 1) names.sort(compareText);
  return `k:{${names.map((name) => `${toGoJson(name)}:${toGoJson(values[name])}`).join(",")}}`;
}

/** The element of an item of a set. */
export function valueElement(value: unknown): PathElement {
  return `v:${toGoJson(value)}`;
}

/** The name of the field that an element stands for; undefined for other elements. */
export function fieldNameOf(element: PathElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

/**
 * Reads an element as a client spelled it. Undefined for one of a type that is not known, which is to be left out; throws
 * a SyntaxError for what is none.
 */
export function parsePathElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new SyntaxError("key must be 2 characters long:");
  if (text[1] !== ":") throw new SyntaxError(`missing colon: ${text}`);
  const rest = text.slice(2);
  if (text[0] === "f") return text;
  if (text[0] === "v") return valueElement(JSON.parse(rest));
  if (text[0] === "k") {
    const values: unknown = JSON.parse(rest);
    if (!isJsonObject(values)) throw new SyntaxError(`not the keys of an item: ${text}`);
    return keyElement(values);
  }
  if (text[0] !== "i") return undefined;
  if (!/^[+-]?\d+$/.test(rest)) throw new SyntaxError(`not an index: ${text}`);
  return `i:${Number(rest)}`;
}

/** The element for people: `.name`, `[name="web"]`, `[="x"]`, `[0]`. */
export function formatPathElement(element: PathElement): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  if (element.startsWith("i:")) return `[${rest}]`;
  if (element.startsWith("v:")) return `[=${formatValue(JSON.parse(rest))}]`;
  return `[${keysOf(element)
    .map(([name, value]) => `${name}=${formatValue(value)}`)
    .join(",")}]`;
}

/** A path for people: `.spec.containers[name="web"].image`. */
export function formatPath(path: Path): string {
  return path.map(formatPathElement).join("");
}

/** The order in which elements are written: fields, keys, values, indices, each in the order of what they name. */
export function comparePathElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  const [rankOfA, rankOfB] = [ranks.indexOf(a.charAt(0)), ranks.indexOf(b.charAt(0))];
  if (rankOfA !== rankOfB) return rankOfA - rankOfB;
  if (rankOfA === 0) return a < b ? -1 : 1;
  if (rankOfA === 1) return compareKeys(a, b);
  return compareValues(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)));
}

const ranks = "fkvi";

function compareKeys(a: PathElement, b: PathElement): number {
  const [left, right] = [keysOf(a), keysOf(b)];
  for (const [index, [name, value]] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareText(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

type Keys = readonly (readonly [string, unknown])[];

/** The keys of a list item and their values, in the order of their names, which is that of the text. */
function keysOf(element: PathElement): Keys {
  return knownKeys.of(element, () => Object.entries(JSON.parse(element.slice(2)) as object));
}

const knownKeys = new Memo<PathElement, Keys>();

/** Numbers before strings before booleans before lists before maps before null. */
function compareValues(a: unknown, b: unknown): number {
  const order = typeRank(a) - typeRank(b);
  if (order !== 0) return order;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (typeof a === "object") return compareText(toGoJson(a), toGoJson(b));
  return Number(a) - Number(b);
}

function typeRank(value: unknown): number {
  if (value === null) return 5;
  if (Array.isArray(value)) return 3;
  return { number: 0, string: 1, boolean: 2, object: 4 }[typeof value as string] ?? 5;
}

/** As Go compares strings, but beyond U+FFFF, where no field has its name. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A value as Go prints it inside a path. */
function formatValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(formatValue).join(",")}]`;
  if (!isJsonObject(value)) return String(value);
  return Object.entries(value)
    .map(([name, item]) => `${name}=${formatValue(item)}`)
    .join("");
}
