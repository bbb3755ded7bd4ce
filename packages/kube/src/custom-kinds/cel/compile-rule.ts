import type { ASTNode } from "@marcbachmann/cel-js";
import {
  itemsOf,
  propertyOf,
  valuesOf,
  type JSONSchemaProps,
  type ValidationRule,
} from "../json-schema-props.ts";
import { cel } from "./cel-environment.ts";
import { escapeName } from "./cel-values.ts";

/** An expression that can be asked. */
export type Program = (variables: { readonly self: unknown; readonly oldSelf?: unknown }) => unknown;

/** A rule that was read. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Absent where the rule cannot be evaluated here. */
  readonly program?: Program;
  readonly messageProgram?: Program;
  readonly usesOldSelf: boolean;
  /** What Kubernetes would refuse the rule for, in its words as far as we know them. */
  readonly error?: string;
  readonly messageError?: string;
  /** Why a rule that Kubernetes may well take is not evaluated here. */
  readonly gap?: string;
}

/** Reads a rule of a schema. */
export function compileRule(rule: ValidationRule, schema: JSONSchemaProps, isRoot: boolean): CompiledRule {
  const main = compile(rule.rule, rule, schema, isRoot);
  const message =
    (rule.messageExpression ?? "").trim() === ""
      ? undefined
      : compile(rule.messageExpression ?? "", rule, schema, isRoot);
  const gap = main.gap ?? message?.gap;
  return {
    rule,
    usesOldSelf: main.usesOldSelf,
    ...(main.program === undefined ? {} : { program: main.program }),
    ...(message?.program === undefined ? {} : { messageProgram: message.program }),
    ...(main.error === undefined ? {} : { error: `compilation failed: ${main.error}` }),
    ...(message?.error === undefined
      ? {}
      : { messageError: `messageExpression compilation failed: ${message.error}` }),
    ...(gap === undefined ? {} : { gap }),
  };
}

interface Compiled {
  readonly program?: Program;
  readonly usesOldSelf: boolean;
  readonly error?: string;
  readonly gap?: string;
}

function compile(text: string, rule: ValidationRule, schema: JSONSchemaProps, isRoot: boolean): Compiled {
  const environment = rule.optionalOldSelf === true ? cel().optionalEnvironment : cel().environment;
  try {
    const parsed = environment.parse(text);
    const usesOldSelf = names(parsed.ast, "oldSelf");
    const wrong = findUndefinedField(
      parsed.ast,
      new Map([
        ["self", { schema, isRoot }],
        ["oldSelf", { schema, isRoot }],
      ]),
    );
    if (wrong !== undefined)
      return { usesOldSelf, error: located(text, wrong.position, `undefined field '${wrong.field}'`) };
    const readable = asLibraryTakesIt(text, parsed.ast);
    const program = readable === text ? parsed : environment.parse(readable);
    const { valid, error } = program.check();
    if (!valid) return { usesOldSelf, gap: firstLine(error) };
    return { usesOldSelf, program: (variables) => program(variables) as unknown };
  } catch (error) {
    const { summary = String(error), range } = error as { summary?: string; range?: { start: number } };
    return { usesOldSelf: false, error: located(text, range?.start ?? 0, `Syntax error: ${summary}`) };
  }
}

/**
 * The library takes plain paths in `has`, so that `has(a[0].b)` is written as `("b" in a[0])`; and it reads patterns as
 * JavaScript does, so that `matches` becomes a function of our own.
 */
function asLibraryTakesIt(text: string, ast: ASTNode): string {
  return [...replacements(ast)]
    .toSorted((left, right) => right.start - left.start)
    .reduce((rest, { start, end, instead }) => rest.slice(0, start) + instead(rest) + rest.slice(end), text);
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  instead(text: string): string;
}

function* replacements(node: ASTNode): Generator<Replacement> {
  if (node.op === "call" && node.args[0] === "has") {
    const [argument] = node.args[1];
    if (argument?.op === "." && !isPlainPath(argument)) {
      const [target, field] = argument.args;
      const instead = (text: string) => `("${field}" in ${text.slice(target.start, target.end)})`;
      yield { start: node.start, end: node.end, instead };
      return;
    }
  }
  if (node.op === "rcall" && node.args[0] === "matches") {
    const [, target, [pattern]] = node.args;
    if (pattern !== undefined)
      yield {
        start: target.end,
        end: pattern.start,
        instead: (whole) => goMatches(whole, target.end, pattern.start),
      };
  }
  for (const child of childrenOf(node.args)) yield* replacements(child);
}

function goMatches(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\bmatches\b/, "goMatches");
}

function isPlainPath(node: ASTNode): boolean {
  return node.op === "id" || (node.op === "." && isPlainPath(node.args[0]));
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

/** As cel-go shows where something is wrong. */
function located(text: string, position: number, message: string): string {
  const before = text.slice(0, position).split("\n");
  const line = text.split("\n")[before.length - 1] ?? "";
  const column = (before.at(-1) ?? "").length;
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${".".repeat(column)}^`;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

function* childrenOf(args: unknown): Generator<ASTNode> {
  if (isNode(args)) yield args;
  else if (Array.isArray(args)) for (const each of args) yield* childrenOf(each);
}

function names(node: ASTNode, variable: string): boolean {
  if (node.op === "id" && node.args === variable) return true;
  return [...childrenOf(node.args)].some((child) => names(child, variable));
}

interface Typed {
  readonly schema: JSONSchemaProps;
  readonly isRoot: boolean;
}

/** The first field that a rule asks for and that the schema does not have. */
function findUndefinedField(
  node: ASTNode,
  variables: ReadonlyMap<string, Typed>,
): { readonly field: string; readonly position: number } | undefined {
  if (node.op === "." || node.op === ".?") {
    const [target, field] = node.args;
    const typed = typeOf(target, variables);
    if (typed !== undefined && isClosed(typed) && fieldOf(typed, field) === undefined)
      return { field, position: node.pos - 1 };
  }
  if (node.op === "rcall") {
    const [, target, args] = node.args;
    const [variable] = args;
    const items = typeOf(target, variables);
    // A macro binds its first argument to the items of a list, or the keys of a map.
    if (variable?.op === "id" && args.length > 1) {
      const inner = new Map(variables);
      inner.delete(variable.args);
      const item = items === undefined ? undefined : itemsOf(items.schema);
      if (item !== undefined && args.length === 2) inner.set(variable.args, { schema: item, isRoot: false });
      return (
        findUndefinedField(target, variables) ??
        firstOf(args.slice(1), (child) => findUndefinedField(child, inner))
      );
    }
  }
  return firstOf([...childrenOf(node.args)], (child) => findUndefinedField(child, variables));
}

function firstOf<T, R>(list: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function typeOf(node: ASTNode, variables: ReadonlyMap<string, Typed>): Typed | undefined {
  if (node.op === "id") return variables.get(node.args);
  if (node.op === ".") {
    const [target, field] = node.args;
    const typed = typeOf(target, variables);
    return typed === undefined ? undefined : fieldOf(typed, field);
  }
  if (node.op === "[]") {
    const typed = typeOf(node.args[0], variables);
    const inner = typed === undefined ? undefined : (itemsOf(typed.schema) ?? valuesOf(typed.schema));
    return inner === undefined ? undefined : { schema: inner, isRoot: false };
  }
  return undefined;
}

/** Whether it is known which fields a type has. */
function isClosed({ schema, isRoot }: Typed): boolean {
  if (schema["x-kubernetes-embedded-resource"] === true || schema["x-kubernetes-int-or-string"] === true)
    return false;
  return isRoot || (schema.properties !== undefined && Object.keys(schema.properties).length > 0);
}

function fieldOf({ schema, isRoot }: Typed, name: string): Typed | undefined {
  const key = Object.keys(schema.properties ?? {}).find((each) => escapeName(each) === name);
  const isMeta = key === "metadata" || name === "metadata";
  if (isRoot && isMeta) return { schema: metadata, isRoot: false };
  const found = key === undefined ? valuesOf(schema) : propertyOf(schema, key);
  if (found !== undefined) return { schema: found, isRoot: false };
  return isRoot && (name === "apiVersion" || name === "kind")
    ? { schema: { type: "string" }, isRoot: false }
    : undefined;
}

const metadata: JSONSchemaProps = {
  type: "object",
  properties: { name: { type: "string" }, generateName: { type: "string" } },
};
