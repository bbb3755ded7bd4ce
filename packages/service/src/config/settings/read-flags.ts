import { nearestName } from "./nearest-name.ts";
import { booleanWords, type SettingsTable } from "./setting.ts";
import { environmentName, flagName } from "./setting-names.ts";
import type { SettingsProblem } from "./settings-problem.ts";

/**
 * Reads the arguments of a command line: name of the setting → its text. `--name value`, `--name=value`, and for
 * booleans `--name` and `--no-name`; the last one counts. Arguments that are no flag, and values of flags that are not
 * known, are not repeated in problems: either may be a secret.
 */
export function readFlags(
  table: SettingsTable,
  argv: readonly string[],
  problems: SettingsProblem[],
): Map<string, string> {
  const known = knownFlags(table);
  const given = new Map<string, string>();
  const rest = [...argv];
  while (rest.length > 0) {
    const argument = rest.shift()!;
    const position = argv.length - rest.length;
    const [, flag, inline] = /^(--[^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const target = flag === undefined ? undefined : known.get(flag);
    if (flag === undefined) {
      problems.push(strayArgument(position));
    } else if (target === undefined || target.secret) {
      if (inline === undefined && isValue(rest[0])) rest.shift();
      problems.push(target === undefined ? unknownFlag(flag, known) : secretFlag(flag, target.name));
    } else if (target.boolean === undefined) {
      const text = inline ?? (isValue(rest[0]) ? rest.shift() : undefined);
      if (text === undefined) problems.push(noValue(flag, table[target.name]!.allowed));
      else given.set(target.name, text);
    } else {
      const next = inline ?? (booleanWords.has(rest[0]?.toLowerCase() ?? "") ? rest.shift() : undefined);
      given.set(target.name, booleanText(next, target.boolean));
    }
  }
  return given;
}

interface KnownFlag {
  readonly name: string;
  readonly secret: boolean;
  /** What the bare flag means; undefined when it must have a value. */
  readonly boolean: boolean | undefined;
}

function knownFlags(table: SettingsTable): Map<string, KnownFlag> {
  const known = new Map<string, KnownFlag>();
  for (const [name, { kind, secret }] of Object.entries(table)) {
    const flag = flagName(name);
    known.set(flag, { name, secret, boolean: kind === "boolean" ? true : undefined });
    if (kind === "boolean") known.set(`--no-${flag.slice(2)}`, { name, secret, boolean: false });
  }
  return known;
}

function isValue(argument: string | undefined): argument is string {
  return argument !== undefined && !argument.startsWith("--");
}

/** `--x=TEXT` is TEXT, and `--no-x=TEXT` its opposite; the setting refuses a text that is no boolean. */
function booleanText(text: string | undefined, bare: boolean): string {
  const value = text === undefined ? true : booleanWords.get(text.toLowerCase());
  return value === undefined ? text! : String(value === bare);
}

function strayArgument(position: number): SettingsProblem {
  const source = `argument ${position}`;
  return {
    code: "SW8002",
    source,
    message: `${source} belongs to no flag`,
    next: "write flags as --name value or --name=value",
  };
}

function unknownFlag(flag: string, known: ReadonlyMap<string, KnownFlag>): SettingsProblem {
  const near = nearestName(flag, [...known.keys()]);
  const next = near === undefined ? "--help lists the flags" : `did you mean ${near}?`;
  return { code: "SW8002", source: flag, message: `unknown flag ${flag}`, next };
}

function secretFlag(flag: string, name: string): SettingsProblem {
  const variable = environmentName(name);
  return {
    code: "SW8001",
    source: flag,
    message: `${flag} is a secret, and everyone on the machine can read a command line`,
    next: `set ${variable}, or ${variable}_FILE to the path of a file that holds it`,
  };
}

function noValue(flag: string, allowed: string): SettingsProblem {
  return { code: "SW8001", source: flag, message: `${flag} has no value`, next: `use ${allowed}` };
}
