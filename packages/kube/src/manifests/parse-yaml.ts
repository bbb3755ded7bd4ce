import { isAlias, isScalar, LineCounter, parseAllDocuments, visit, type Document } from "yaml";
import { hasRepeatedFields } from "../validation/written-fields.ts";
import { findSelfAlias } from "./find-self-alias.ts";
import { yamlOptions } from "./yaml-options.ts";

/** A YAML document as JSON. */
export interface ParsedYaml {
  readonly value: unknown;
  /** The keys that stand twice in one map, in the words of Kubernetes' reader; the last value counts. */
  readonly repeatedKeys: readonly string[];
}

/** Reads the first document of a YAML or JSON text, which may be empty. Throws a SyntaxError. */
export function parseYaml(text: string): ParsedYaml {
  return parseJson(text) ?? parseDocument(text);
}

/** What is JSON without repeated keys needs no YAML reader, which is a hundred times slower. */
function parseJson(text: string): ParsedYaml | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return hasRepeatedFields(text, value) ? undefined : { value, repeatedKeys: [] };
  } catch {
    return undefined;
  }
}

function parseDocument(text: string): ParsedYaml {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { ...yamlOptions, lineCounter });
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (document === undefined) return { value: null, repeatedKeys: [] };
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SyntaxError(`yaml: line ${lineCounter.linePos(error.pos[0]).line}: ${error.message}`);
  }
  const endless = findSelfAlias(document);
  if (endless !== undefined) throw new SyntaxError(`yaml: anchor '${endless.source}' value contains itself`);
  try {
    return {
      value: document.toJS({ maxAliasCount: 100 }) as unknown,
      repeatedKeys: findRepeatedKeys(document, lineCounter),
    };
  } catch (cause) {
    throw new SyntaxError(`yaml: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function findRepeatedKeys(document: Document.Parsed, lineCounter: LineCounter): string[] {
  const repeated: string[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || isAlias(key) || key.value === "<<") continue;
        const name = String(key.value);
        const { line } = lineCounter.linePos(key.range?.[0] ?? 0);
        if (seen.has(name)) repeated.push(`line ${line}: key ${JSON.stringify(name)} already set in map`);
        seen.add(name);
      }
    },
  });
  return repeated;
}
