import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { nearestName } from "./nearest-name.ts";
import type { SettingsTable } from "./setting.ts";
import type { SettingsProblem } from "./settings-problem.ts";

/** A configuration file that was read. */
export interface SettingsFile {
  /** The path, as messages name it. */
  readonly path: string;
  /** The content as YAML; JSON is YAML, too. */
  readonly text: string;
}

/** A value of the file, and the place for messages about it. */
export interface FileValue {
  readonly value: unknown;
  /** `file:line` and the key. */
  readonly source: string;
}

/**
 * Reads a configuration file: name of the setting → its value. A key without a value is not set. Problems never quote
 * the file: a line of it may hold a secret.
 */
export function readSettingsFile(
  table: SettingsTable,
  file: SettingsFile,
  problems: SettingsProblem[],
): Map<string, FileValue> {
  // Imported only here: most services start without a file, and the parser takes longer to load than all other code.
  const { LineCounter, isMap, isScalar, parseDocument } = createRequire(import.meta.url)(
    "yaml",
  ) as typeof Yaml;
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): string => `${file.path}:${lines.linePos(offset).line}`;
  const values = new Map<string, FileValue>();
  const root = document.contents;
  for (const error of document.errors) problems.push(broken(placeOf(error.pos[0]), error.code));
  if (root !== null && !isMap(root)) problems.push(broken(`${file.path}:1`, "NOT_A_MAP"));
  if (document.errors.length > 0 || !isMap<Yaml.Node | null, Yaml.Node | null>(root)) return values;
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const place = placeOf(key?.range?.[0] ?? 0);
    const source = `${place} ${name}`;
    if (!Object.hasOwn(table, name)) {
      problems.push(unknownKey(place, name, Object.keys(table)));
      continue;
    }
    try {
      const read: unknown = value?.toJS(document);
      if (read !== null && read !== undefined) values.set(name, { value: read, source });
    } catch {
      problems.push(broken(source, "BAD_ALIAS"));
    }
  }
  return values;
}

function broken(place: string, why: string): SettingsProblem {
  const what = why.toLowerCase().replaceAll("_", " ");
  return {
    code: "SW8003",
    source: place,
    message: `${place} is not good YAML or JSON: ${what}`,
    next: "mend the line, or the one before it; the file is a map from names to values",
  };
}

function unknownKey(place: string, key: string, names: readonly string[]): SettingsProblem {
  const near = nearestName(key, names);
  return {
    code: "SW8002",
    source: `${place} ${key}`,
    message: `unknown setting ${key} at ${place}`,
    next: near === undefined ? `remove it; known are ${names.join(", ")}` : `did you mean ${near}?`,
  };
}
