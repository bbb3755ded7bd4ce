import { SeaworthyError } from "@seaworthy/errors";
import { LineCounter, type Document } from "yaml";
import type { KubeObject } from "../object.ts";
import { isJsonObject } from "../patch/json-value.ts";
import type { FieldPath } from "../validation/field-path.ts";
import { brokenYaml } from "./broken-yaml.ts";
import { findKeyProblem } from "./find-key-problem.ts";
import { findSelfAlias } from "./find-self-alias.ts";
import { composeDocuments, hasOtherMarks, slicesOf } from "./compose-documents.ts";
import { composedSpot } from "./composed-spot.ts";
import type { Manifest } from "./manifest.ts";
import { readPlainYaml } from "./read-plain-yaml.ts";
import { SourceMap, type Source, type Spot } from "./source-map.ts";
import { SpotNotes } from "./spot-notes.ts";

/**
 * Every Kubernetes object in a YAML or JSON text. Empty documents are skipped, and the items of a List
 * stand for themselves. Throws SW1101 (broken YAML), SW1102 (duplicate key) or SW1106 (not an object).
 */
export function parseManifests(file: string, text: string): Manifest[] {
  const { manifests, problems } = parseDocuments(file, text);
  if (problems[0] !== undefined) throw problems[0];
  return manifests;
}

/** The objects of the documents that can be read, and what is wrong with the others. */
export interface ParsedManifests {
  readonly manifests: Manifest[];
  readonly problems: SeaworthyError[];
}

/**
 * Like {@link parseManifests}, where a broken document hides none of the others. What is plain is read fast, and where its
 * fields stand is found out only when somebody asks.
 */
export function parseDocuments(file: string, text: string): ParsedManifests {
  const parsed: ParsedManifests = { manifests: [], problems: [] };
  const whole: Source = { file, text, offset: 0, lineCounter: countLines(text) };
  const isWhole = hasOtherMarks(text);
  for (const [at, { start, end }] of slicesOf(text).entries()) {
    const slice = text.slice(start, end);
    const source = { ...whole, offset: start };
    const plain = readPlainYaml(slice);
    const read = <T>(from: () => readonly T[]) => readOrTell(from, parsed.problems, source);
    const documents = plain === undefined ? read(() => composeDocuments(slice)) : [undefined];
    for (const [index, document] of documents.entries()) {
      const origin = { document: isWhole ? index : at, path: [] };
      parsed.manifests.push(
        ...read(() => {
          if (document !== undefined) return manifestsOf(source, document, origin);
          const map = new SourceMap(source, () => plainSpot(slice));
          return plain?.value === null ? [] : flatten(plain?.value, origin, source, map);
        }),
      );
    }
  }
  return parsed;
}

/** What a part of a file holds, or nothing and the problem that it has. */
function readOrTell<T>(read: () => readonly T[], problems: SeaworthyError[], source: Source): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError)
      problems.push(brokenYaml(source, "it is nested too deeply to be read", [0]));
    else if (error instanceof SeaworthyError) problems.push(error);
    else throw error;
    return [];
  }
}

/** The spot of a document that is known to be plain. */
function plainSpot(slice: string): Spot {
  const notes = new SpotNotes(slice);
  readPlainYaml(slice, notes);
  return notes.root;
}

function countLines(text: string): LineCounter {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) counter.addNewLine(at + 1);
  return counter;
}

function manifestsOf(source: Source, document: Document.Parsed, origin: Manifest["origin"]): Manifest[] {
  const [error] = document.errors;
  if (error !== undefined) throw brokenYaml(source, error.message, error.pos);
  const keyProblem = findKeyProblem(source, document);
  if (keyProblem !== undefined) throw keyProblem;
  const value = toValue(source, document);
  if (value === null || value === undefined) return [];
  return flatten(value, origin, source, new SourceMap(source, () => composedSpot(document)));
}

/** Aliases are resolved here, and a document where they have no end or multiply beyond measure is refused. */
function toValue(source: Source, document: Document.Parsed): unknown {
  const endless = findSelfAlias(document);
  if (endless !== undefined)
    throw brokenYaml(source, `anchor '${endless.source}' value contains itself`, endless.range ?? []);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw brokenYaml(source, message, document.range.slice(0, 1));
  }
}

function flatten(value: unknown, origin: Manifest["origin"], source: Source, map: SourceMap): Manifest[] {
  const { document, path } = origin;
  const problem = findObjectProblem(value);
  if (isJsonObject(value) && problem?.isList === true) {
    const items = value["items"] as unknown[];
    return items.flatMap((item, index) =>
      flatten(item, { document, path: [...path, "items", index] }, source, map),
    );
  }
  if (problem !== undefined) throw notAnObject(problem.message, problem.field, path, map);
  return [
    {
      object: value as KubeObject,
      file: source.file,
      get line() {
        return map.locate(path).line;
      },
      origin,
      locate: (field) => map.locate([...path, ...field]),
      locateKey: (field) => map.locateKey([...path, ...field]),
    },
  ];
}

interface ObjectProblem {
  readonly message: string;
  readonly field: string;
  readonly isList?: boolean;
}

function findObjectProblem(value: unknown): ObjectProblem | undefined {
  if (!isJsonObject(value)) return { message: "the document is not a map of fields", field: "" };
  for (const field of ["apiVersion", "kind"]) {
    if (value[field] === undefined || value[field] === null || value[field] === "") {
      return { message: `the document has no ${field}`, field };
    }
    if (typeof value[field] !== "string") return { message: `${field} is not a string`, field };
  }
  const isList = String(value["kind"]).endsWith("List") && Array.isArray(value["items"]);
  if (isList) return { message: "a list of objects", field: "items", isList };
  if (!isJsonObject(value["metadata"])) return { message: "the object has no metadata", field: "metadata" };
  return undefined;
}

function notAnObject(message: string, field: string, path: FieldPath, map: SourceMap): SeaworthyError {
  return new SeaworthyError("SW1106", `not a Kubernetes object: ${message}`, {
    place: { ...map.locate(field === "" ? path : [...path, field]), label: message },
    ...(field === "" ? {} : { field }),
    why: "Every Kubernetes object has an apiVersion, a kind and metadata with a name.",
    next: [
      field === "" || field === "metadata"
        ? "write the object whole"
        : `add ${field}, for example ${examples[field]}`,
      "or leave this file out, if it is not meant for Kubernetes",
    ],
  });
}

const examples: Readonly<Record<string, string>> = {
  apiVersion: "apiVersion: apps/v1",
  kind: "kind: Deployment",
};
