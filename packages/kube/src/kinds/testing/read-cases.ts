import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubeObject } from "../../object.ts";

/** An object to be created, or to be changed after it was. */
export interface ValidationCase {
  readonly name: string;
  readonly object: KubeObject;
  /** What is set on the object that the server has made; absent for a creation. */
  readonly change?: Settings;
  /** It is made and taken away again instead of tried by a dry run. */
  readonly isStored: boolean;
}

/** From the path of a field to its value; null takes the field away. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * Reads the cases of a folder and of those in it. A file has `bases`, sound objects by name, and `groups` of cases, both
 * optional. A group names its base, of whatever file, and, with `at`, where the paths of its cases begin; a group with
 * `update: true` changes objects that are there.
 */
export function readCases(folder: string): ValidationCase[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .toSorted()
    .map((file) => parse(readFileSync(join(folder, file), "utf8")) as CaseFile);
  const bases = Object.assign({}, ...files.map((file) => file.bases ?? {})) as Bases;
  return files.flatMap(({ groups = [] }) => groups.flatMap((group) => casesOf(group, bases)));
}

type Bases = Readonly<Record<string, KubeObject>>;

interface CaseFile {
  readonly bases?: Bases;
  readonly groups?: readonly Group[];
}

interface Group {
  readonly base: string;
  readonly at?: string;
  readonly update?: boolean;
  readonly stored?: boolean;
  readonly cases: Readonly<Record<string, Settings & { old?: Settings; set?: Settings }>>;
}

function casesOf(group: Group, bases: Bases): ValidationCase[] {
  const base = bases[group.base];
  if (base === undefined) throw new TypeError(`no base ${group.base}`);
  const at = group.at === undefined ? "" : `${group.at}.`;
  return Object.entries(group.cases).map(([title, settings]) => {
    const name = [group.base, group.at, group.update === true ? "update" : undefined, title]
      .filter((part) => part !== undefined)
      .join(", ");
    const how = { isStored: group.stored === true };
    if (group.update !== true) return { name, object: withSettings(base, settings, at), ...how };
    const { old = {}, set = {} } = settings;
    return { name, object: withSettings(base, old, at), change: set, ...how };
  });
}

/** A copy of an object with some fields set. */
export function withSettings(object: KubeObject, settings: Settings, at = ""): KubeObject {
  const copy = structuredClone(object);
  for (const [path, value] of Object.entries(settings)) setField(copy, `${at}${path}`, readValue(value));
  return copy;
}

function setField(object: object, path: string, value: unknown): void {
  const steps = Array.from(path.matchAll(/[^.[\]]+/g), ([step]) =>
    /^\d+$/.test(step) ? Number(step) : step,
  );
  let holder = object as Record<string | number, unknown>;
  for (const [index, step] of steps.slice(0, -1).entries()) {
    holder[step] ??= typeof steps[index + 1] === "number" ? [] : {};
    holder = holder[step] as Record<string | number, unknown>;
  }
  const last = steps.at(-1) ?? "";
  if (value === null) delete holder[last];
  else holder[last] = value;
}

/** `{ repeat: a, times: 64 }` stands for a long text. */
function readValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("repeat" in value && "times" in value) return String(value.repeat).repeat(Number(value.times));
  if (Array.isArray(value)) return value.map(readValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readValue(item)]));
}
