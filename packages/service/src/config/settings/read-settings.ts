import { fs } from "../../node-fs.ts";
import { readFlags } from "./read-flags.ts";
import { readSettingsFile, type FileValue, type SettingsFile } from "./read-settings-file.ts";
import type { Setting, SettingsOf, SettingsTable } from "./setting.ts";
import { environmentName, flagName } from "./setting-names.ts";
import { badValue, throwProblems, type SettingsProblem } from "./settings-problem.ts";

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where settings are read from. A source that is absent gives nothing. */
export interface SettingsSources {
  /** Such as `process.env`. A variable that is empty is not set. */
  readonly env?: Environment;
  /** Such as `process.argv.slice(2)`. */
  readonly argv?: readonly string[];
  readonly file?: SettingsFile | undefined;
  /** For tests: reads the file that `NAME_FILE` names. */
  readonly readFile?: (path: string) => string;
}

/** Where a value came from. */
export type SettingOrigin = "flag" | "environment" | "file" | "default";

/** Values with the place that each came from. */
export interface ReadSettings<T extends SettingsTable> {
  readonly values: SettingsOf<T>;
  readonly origin: Readonly<Record<keyof T, SettingOrigin>>;
}

/**
 * Reads every setting of a table: its flag, else its environment variable, else its key in the file, else its default.
 * The environment variable `NAME_FILE` names a file that holds the secret NAME, as a mounted Secret does; one newline at
 * its end does not count. Throws one error with all problems: SW8001 for values, SW8002 for flags and keys that are
 * not known, SW8003 for a file that cannot be read.
 */
export function readSettings<const T extends SettingsTable>(
  table: T,
  sources: SettingsSources,
): ReadSettings<T> {
  const problems: SettingsProblem[] = [];
  const flags = readFlags(table, sources.argv ?? [], problems);
  const file = sources.file && readSettingsFile(table, sources.file, problems);
  const values: Record<string, unknown> = {};
  const origin: Record<string, SettingOrigin> = {};
  for (const [name, setting] of Object.entries(table)) {
    const found =
      fromFlag(name, flags) ?? fromEnvironment(name, setting, sources, problems) ?? fromFile(name, file);
    origin[name] = found?.origin ?? "default";
    values[name] = found === undefined ? setting.default : readValue(setting, found, problems);
  }
  throwProblems(problems);
  return { values: Object.freeze(values) as SettingsOf<T>, origin: origin as ReadSettings<T>["origin"] };
}

interface Found {
  readonly origin: SettingOrigin;
  /** The flag, the variable or `file:line`, for messages. */
  readonly source: string;
  readonly value: unknown;
}

function readValue(setting: Setting<unknown>, found: Found, problems: SettingsProblem[]): unknown {
  try {
    return found.origin === "file" ? setting.fromValue(found.value) : setting.fromText(String(found.value));
  } catch (error) {
    problems.push(withServiceLinkHint(badValue(setting, found.source, found.value, error), found));
    return undefined;
  }
}

function fromFlag(name: string, flags: ReadonlyMap<string, string>): Found | undefined {
  const value = flags.get(name);
  return value === undefined ? undefined : { origin: "flag", source: flagName(name), value };
}

function fromFile(name: string, file: ReadonlyMap<string, FileValue> | undefined): Found | undefined {
  const found = file?.get(name);
  return found === undefined ? undefined : { origin: "file", ...found };
}

function fromEnvironment(
  name: string,
  setting: Setting<unknown>,
  { env = {}, readFile = (path) => fs.readFileSync(path, "utf8") }: SettingsSources,
  problems: SettingsProblem[],
): Found | undefined {
  const variable = environmentName(name);
  const value = env[variable] || undefined;
  const path = setting.secret ? env[`${variable}_FILE`] || undefined : undefined;
  if (path === undefined) {
    return value === undefined ? undefined : { origin: "environment", source: variable, value };
  }
  const source = `${variable}_FILE`;
  try {
    if (value !== undefined) throw new Error(`${variable} is set, too: keep one of them`);
    const secret = readFile(path).replace(/\r?\n$/, "");
    if (secret === "") throw new Error("the file is empty");
    return { origin: "environment", source, value: secret };
  } catch (error) {
    problems.push({
      code: "SW8001",
      source,
      message: `${source}=${path} cannot be used`,
      next: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}

/** A Service `redis` puts REDIS_PORT=tcp://10.0.0.1:6379 into the environment of every pod of its namespace. */
function withServiceLinkHint(problem: SettingsProblem, { origin, value }: Found): SettingsProblem {
  if (origin !== "environment" || !/^(tcp|udp|sctp):\/\//.test(String(value))) return problem;
  const hint = "Kubernetes sets it for a Service of that name, unless the pod has enableServiceLinks: false";
  return { ...problem, next: `${problem.next}. ${hint}` };
}
