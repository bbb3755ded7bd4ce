import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { toGoJson } from "../go/go-text.ts";
import type { FieldSet } from "./field-set/field-set.ts";
import { compareText } from "./field-set/path-element.ts";
import { compareValues } from "./typed/compare.ts";
import { findTypeErrors } from "./typed/find-type-errors.ts";
import type { MergeType } from "./typed/merge-type.ts";
import { toFieldSet } from "./typed/to-field-set.ts";

/** Where client-side apply keeps what it applied. */
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** How long the names and values of all annotations of an object may be together, in bytes. */
const mostAnnotationBytes = 256 * 1024;

/**
 * The fields that client-side apply had set and that still are as it set them; undefined when it left no word.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/internal/lastappliedmanager.go
 */
export function allowedByLastApplied(
  live: JsonObject,
  apiVersion: string,
  type: MergeType,
): FieldSet | undefined {
  const text = annotationsOf(live)[annotation];
  const applied = typeof text === "string" ? parse(text) : undefined;
  if (applied?.["apiVersion"] !== apiVersion || findTypeErrors(applied, type).length > 0) return undefined;
  const { added, modified, removed } = compareValues(applied, live, type);
  return toFieldSet(applied, type).difference(modified).difference(added).difference(removed);
}

/**
 * Keeps the word of client-side apply up to date, where it has left one, so that one can go back to it.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/internal/lastappliedupdater.go
 */
export function withLastApplied(object: JsonObject, config: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  const before = annotations[annotation];
  if (typeof before !== "string" || before === "") return object;
  const updated = { ...annotations, [annotation]: `${sortedJson(withoutAnnotation(config))}\n` };
  if (bytesOf(updated) > mostAnnotationBytes) delete (updated as JsonObject)[annotation];
  return { ...object, metadata: { ...(object["metadata"] as JsonObject), annotations: updated } };
}

function withoutAnnotation(config: JsonObject): JsonObject {
  const { [annotation]: _before, ...annotations } = annotationsOf(config);
  const metadata = isJsonObject(config["metadata"]) ? config["metadata"] : {};
  if (metadata["annotations"] === undefined) return config;
  return { ...config, metadata: { ...metadata, annotations } };
}

function annotationsOf({ metadata }: JsonObject): JsonObject {
  const annotations = isJsonObject(metadata) ? metadata["annotations"] : undefined;
  return isJsonObject(annotations) ? annotations : {};
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** JSON with the keys of each object in order, as Go writes maps. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (!isJsonObject(value)) return toGoJson(value);
  const fields = Object.keys(value).sort(compareText);
  return `{${fields.map((field) => `${toGoJson(field)}:${sortedJson(value[field])}`).join(",")}}`;
}

function bytesOf(annotations: JsonObject): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(annotations))
    bytes += Buffer.byteLength(name) + Buffer.byteLength(String(value));
  return bytes;
}
