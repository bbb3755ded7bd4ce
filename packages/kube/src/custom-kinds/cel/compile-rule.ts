import type { ASTNode } from "@marcbachmann/cel-js";
import {
  itemsOf,
  propertyOf,
  valuesOf,
  type JSONSchemaProps,
  type ValidationRule,
} from "../json-schema-props.ts";
import { asLibraryTakesIt } from "../../cel/as-library-takes-it.ts";
import { cel } from "../../cel/cel.ts";
import { located, summaryOf, syntaxError } from "../../cel/located.ts";
import { childrenOf } from "../../cel/syntax-tree.ts";
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
    if (!valid) return { usesOldSelf, gap: summaryOf(error) };
    return { usesOldSelf, program: (variables) => program(variables) as unknown };
  } catch (error) {
    return { usesOldSelf: false, error: syntaxError(text, error) };
  }
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
