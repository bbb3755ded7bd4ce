import type { ASTNode } from "@marcbachmann/cel-js";
import type { JSONSchemaProps, ValidationRule } from "../json-schema-props.ts";
import { asLibraryTakesIt } from "../../cel/as-library-takes-it.ts";
import { cel } from "../../cel/cel.ts";
import { located, summaryOf, syntaxError } from "../../cel/located.ts";
import { childrenOf } from "../../cel/syntax-tree.ts";
import { findUndefinedField } from "./undefined-field.ts";

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
