import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { JsonObject } from "../../patch/json-value.ts";

/** The documents of a YAML file of which each is an object. */
export function readYaml(path: string): JsonObject[] {
  return parseAllDocuments(readFileSync(path, "utf8")).map((document) => document.toJS() as JsonObject);
}
