import { isJsonObject } from "../patch/json-value.ts";

/** One step of a path: from a value to those that it leads to. */
type Step = (value: unknown) => readonly unknown[];

/** Finds the values that a path leads to. */
export type FindByPath = (value: unknown) => readonly unknown[];

/**
 * Reads a path as columns of custom kinds have it: `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`
 * (https://kubernetes.io/docs/reference/kubectl/jsonpath/). Undefined for a path that cannot be read.
 */
export function jsonPath(path: string): FindByPath | undefined {
  const steps = readSteps(path);
  if (steps === undefined) return undefined;
  return (value) =>
    steps.reduce<readonly unknown[]>((values, step) => values.flatMap((each) => [...step(each)]), [value]);
}

const tokens =
  /\.\.?(?<name>(?:\\.|[^.[\]\\])+|\*)?|\['(?<quoted>(?:\\.|[^'\\])*)'\]|\["(?<double>(?:\\.|[^"\\])*)"\]|\[\?\((?<filter>.*?)\)\]|\[(?<index>-?\d+)\]|\[(?<slice>-?\d*:-?\d*)\]|\[\*\]/gy;

function readSteps(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let end = 0;
  for (const match of path.matchAll(tokens)) {
    end = match.index + match[0].length;
    const { name, quoted, double, filter, index, slice } = match.groups ?? {};
    const key = name ?? quoted ?? double;
    if (match[0].startsWith("..")) steps.push(everythingBelow);
    if (match[0] === "[*]" || name === "*") steps.push(children);
    else if (key !== undefined) steps.push(field(key.replaceAll(/\\(.)/g, "$1")));
    else if (index !== undefined) steps.push(item(Number(index)));
    else if (slice !== undefined) steps.push(range(slice));
    else if (filter !== undefined) {
      const step = where(filter);
      if (step === undefined) return undefined;
      steps.push(step);
    }
  }
  return end === path.length ? steps : undefined;
}

function field(name: string): Step {
  return (value) => (isJsonObject(value) && Object.hasOwn(value, name) ? [value[name]] : []);
}

function item(index: number): Step {
  return (value) => {
    const found: unknown = Array.isArray(value) ? value.at(index) : undefined;
    return found === undefined ? [] : [found];
  };
}

function range(slice: string): Step {
  const [from = "", to = ""] = slice.split(":");
  return (value) =>
    Array.isArray(value)
      ? value.slice(from === "" ? 0 : Number(from), to === "" ? undefined : Number(to))
      : [];
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

function everythingBelow(value: unknown): readonly unknown[] {
  return [value, ...children(value).flatMap((child) => [...everythingBelow(child)])];
}

/** `@.type=="Ready"`: the items for which it is true. */
function where(filter: string): Step | undefined {
  const [, left = "", operator, right = ""] =
    /^\s*(@.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.*?)\s*)?$/.exec(filter) ?? [];
  const find = jsonPath(left.replace(/^@/, ""));
  if (left === "" || find === undefined) return undefined;
  const operand = operator === undefined ? undefined : readOperand(right);
  const holds = (item: unknown) => {
    const [found] = find(item);
    if (operator === undefined) return found !== undefined;
    return found !== undefined && operand !== undefined && compares(found, operator, operand(item));
  };
  return (value) => children(value).filter(holds);
}

function readOperand(text: string): ((item: unknown) => unknown) | undefined {
  const quoted = /^(?:'(.*)'|"(.*)")$/s.exec(text);
  if (quoted !== null) return () => quoted[1] ?? quoted[2] ?? "";
  if (text.startsWith("@")) {
    const find = jsonPath(text.slice(1));
    return find === undefined ? undefined : (item) => find(item)[0];
  }
  if (text === "true" || text === "false") return () => text === "true";
  return text === "" || Number.isNaN(Number(text)) ? undefined : () => Number(text);
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  if (typeof left !== typeof right || (typeof left !== "number" && typeof left !== "string")) return false;
  const [a, b] = [left, right as typeof left];
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
}
