import type { ASTNode } from "@marcbachmann/cel-js";
import { childrenOf } from "../../cel/syntax-tree.ts";
import { itemsOf, propertyOf, valuesOf, type JSONSchemaProps } from "../json-schema-props.ts";
import { escapeName } from "./cel-values.ts";

/** What is known of a variable: the schema of its values, and whether it is a custom object, of whose metadata rules see little. */
export interface Typed {
  readonly schema: JSONSchemaProps;
  readonly isRoot: boolean;
}

/** The first field that an expression asks for and that the schemas of its variables do not have. */
export function findUndefinedField(
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
