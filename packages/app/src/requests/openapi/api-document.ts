import { SeaworthyError } from "@seaworthy/errors";
import { LineCounter, parseDocument } from "yaml";
import { placeAt } from "../../settings/settings-nodes.ts";

/** A map in a document, of which nothing is known yet. */
export type Part = Readonly<Record<string, unknown>>;

/** A description of an API: OpenAPI 3, or 2, which was called Swagger. */
export interface ApiDocument {
  readonly file: string;
  readonly version: 2 | 3;
  readonly root: Part;
}

/** Reads a description in YAML or JSON. Throws SW1101 where it is neither, and SW1402 where it is no OpenAPI. */
export function parseApiDocument(text: string, file: string): ApiDocument {
  const root = asPart(dataOf(text, file));
  const version = versionOf(root);
  if (root !== undefined && version !== undefined && asPart(root["paths"]) !== undefined)
    return { file, version, root };
  throw new SeaworthyError("SW1402", `${file} is no OpenAPI document`, {
    why:
      version === undefined ? 'it has neither `openapi: 3.…` nor `swagger: "2.0"`' : "it has no map `paths`",
    next: ["give a description of the API in OpenAPI 3 or Swagger 2, as YAML or JSON"],
  });
}

/** A value as a map; undefined when it is none. */
export function asPart(value: unknown): Part | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Part) : undefined;
}

/** A value as a list; an empty one when it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

const mostSteps = 20;

/**
 * What a value stands for: itself, or what its `$ref` leads to in this document (RFC 6901). Undefined where that is no map, not
 * there, or in another file.
 */
export function resolved(value: unknown, { root }: ApiDocument): Part | undefined {
  let part = asPart(value);
  for (let steps = 0; typeof part?.["$ref"] === "string"; steps += 1) {
    const reference = part["$ref"];
    if (!reference.startsWith("#/") || steps === mostSteps) return undefined;
    let at: unknown = root;
    for (const step of reference.slice(2).split("/")) {
      const key = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
      at = typeof at === "object" && at !== null && Object.hasOwn(at, key) ? (at as Part)[key] : undefined;
    }
    part = asPart(at);
  }
  return part;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function versionOf(root: Part | undefined): 2 | 3 | undefined {
  if (/^3(?:\.|$)/.test(String(root?.["openapi"]))) return 3;
  return /^2(?:\.|$)/.test(String(root?.["swagger"])) ? 2 : undefined;
}

function dataOf(text: string, file: string): unknown {
  // JSON is YAML, too, which takes many times as long to read.
  if (text.trimStart().startsWith("{")) {
    try {
      return JSON.parse(text);
    } catch {
      // YAML says where, or takes it.
    }
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  try {
    if (broken === undefined) return document.toJS();
  } catch (cause) {
    // Aliases that multiply without end.
    throw new SeaworthyError("SW1101", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const place = placeAt({ text, file, lines }, broken.pos[0], broken.pos[1], broken.message.split("\n")[0]);
  throw new SeaworthyError("SW1101", `${file} is neither good YAML nor JSON`, {
    place,
    next: ["mend the line"],
  });
}
