/** One setting: what it means, what it may be, and how it is read. Made by `integer`, `text` and the others here. */
export interface Setting<T> {
  readonly kind: "integer" | "number" | "boolean" | "text" | "choice" | "list" | "json";
  readonly default: T;
  /** One sentence for people, which says the unit. */
  readonly help: string;
  /** Whether the value is kept out of all messages, tables and logs, and off the command line, which `ps` shows to all. */
  readonly secret: boolean;
  /** Whether a change in the configuration file takes effect in the running process. */
  readonly live: boolean;
  /** The allowed values, worded as the object of "use …". */
  readonly allowed: string;
  /** Reads a flag's or environment variable's text. Throws when it is not allowed. */
  readonly fromText: (text: string) => T;
  /** Takes a value of the configuration file. Throws when it is not allowed. */
  readonly fromValue: (value: unknown) => T;
}

/** The settings of a program by name, in camel case: `drainMs` is DRAIN_MS, `--drain-ms` and the file's `drainMs`. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** The values of a table's settings, each in the type that its kind gives. */
export type SettingsOf<T extends SettingsTable> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never;
};

/** The options of every kind of setting. */
export interface SettingOptions<D> {
  /** Its value when nothing else gives one. `undefined` is a default, too, and stays in the type. */
  readonly default: D;
  readonly help: string;
  readonly secret?: boolean;
  readonly live?: boolean;
}

interface Limits {
  readonly min?: number;
  readonly max?: number;
}

// With a default of undefined the value may be undefined; with another one it never is.
type OrDefault<V, D> = V | Extract<D, undefined>;

/** A whole number from `min` to `max`, both included. Without `min` it is 0. */
export function integer<D extends number | undefined>(
  options: SettingOptions<D> & Limits,
): Setting<OrDefault<number, D>> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  const fits = (value: unknown): value is number => Number.isInteger(value) && within(value, min, max);
  return numeric(options, "integer", /^[+-]?\d{1,16}$/, fits, `a whole number ${range(min, options.max)}`);
}

/** A number from `min` to `max`, both included. Without `min` it is 0. */
export function number<D extends number | undefined>(
  options: SettingOptions<D> & Limits,
): Setting<OrDefault<number, D>> {
  const { min = 0, max = Number.MAX_VALUE } = options;
  const fits = (value: unknown): value is number => within(value, min, max);
  const pattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  return numeric(options, "number", pattern, fits, `a number ${range(min, options.max)}`);
}

/** True or false; in text also 1 and 0, in upper or lower case. */
export function boolean<D extends boolean | undefined>(
  options: SettingOptions<D>,
): Setting<OrDefault<boolean, D>> {
  const allowed = "true or false";
  const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
  return {
    ...common(options, "boolean", allowed),
    fromText: (text) => check(booleanWords.get(text.toLowerCase()), isBoolean, allowed),
    fromValue: (value) => check(value, isBoolean, allowed),
  };
}

/** How a boolean is spelled in a flag or an environment variable. */
export const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/** Text as it is, of at least `minLength` characters. */
export function text<D extends string | undefined>(
  options: SettingOptions<D> & { readonly minLength?: number },
): Setting<OrDefault<string, D>> {
  const { minLength = 0 } = options;
  const allowed = minLength > 0 ? `text of at least ${minLength} characters` : "text (in quotes in the file)";
  const fits = (value: unknown): value is string => typeof value === "string" && value.length >= minLength;
  const read = (value: unknown): string => check(value, fits, allowed);
  return { ...common(options, "text", allowed), fromText: read, fromValue: read };
}

/** One of some words. */
export function choice<const C extends string, D extends NoInfer<C> | undefined>(
  options: SettingOptions<D> & { readonly choices: readonly C[] },
): Setting<OrDefault<C, D>> {
  const allowed = `one of ${options.choices.join(", ")}`;
  const fits = (value: unknown): value is C => (options.choices as readonly unknown[]).includes(value);
  const read = (value: unknown): C => check(value, fits, allowed);
  return { ...common(options, "choice", allowed), fromText: read, fromValue: read };
}

/** Words, separated by commas in text; a list in the file. Space around a word and empty words do not count. */
export function list(options: SettingOptions<readonly string[]>): Setting<readonly string[]> {
  const allowed = "words with commas between them (in the file: a list of texts)";
  const isList = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((each) => typeof each === "string");
  const tidy = (words: string[]) => words.map((word) => word.trim()).filter((word) => word !== "");
  return {
    ...common(options, "list", allowed),
    fromText: (text) => tidy(text.split(",")),
    fromValue: (value) => tidy(check(value, isList, allowed)),
  };
}

/** Anything that JSON can say, as far as `parse` accepts it; what `parse` throws is shown to the user. */
export function json<T, D extends T | undefined = T>(
  options: SettingOptions<D> & { readonly parse: (value: unknown) => T; readonly allowed?: string },
): Setting<OrDefault<T, D>> {
  const { parse, allowed = "JSON" } = options;
  return {
    ...common(options, "json", allowed),
    fromText: (text) => parse(JSON.parse(text)),
    fromValue: parse,
  };
}

function numeric<D extends number | undefined>(
  options: SettingOptions<D>,
  kind: "integer" | "number",
  pattern: RegExp,
  fits: (value: unknown) => value is number,
  allowed: string,
): Setting<OrDefault<number, D>> {
  return {
    ...common(options, kind, allowed),
    fromText: (text) => check(pattern.test(text) ? Number(text) : undefined, fits, allowed),
    fromValue: (value) => check(value, fits, allowed),
  };
}

function common<D, K extends Setting<D>["kind"]>(options: SettingOptions<D>, kind: K, allowed: string) {
  const { help, secret = false, live = false } = options;
  // The default is one of the values, which the compiler cannot see of a type with a parameter.
  return { kind, default: options.default as never, help, secret, live, allowed };
}

function check<V>(value: unknown, fits: (value: unknown) => value is V, allowed: string): V {
  if (fits(value)) return value;
  throw new RangeError(`use ${allowed}`);
}

function within(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}

function range(min: number, max: number | undefined): string {
  return max === undefined ? `from ${min} up` : `from ${min} to ${max}`;
}
