import { parseArgs } from "node:util";
import { SeaworthyError } from "@seaworthy/errors";
import type { Command, CommandInput } from "./command.ts";
import { suggest } from "./suggest.ts";

/** Splits the words of a call into arguments and flags. Throws SW1001 and SW1002 with the next thing to do. */
export function parseCommand(
  command: Command,
  words: readonly string[],
): CommandInput & { readonly help: boolean } {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [
      name,
      {
        type: flag.type,
        multiple: flag.multiple ?? false,
        ...(flag.short === undefined ? {} : { short: flag.short }),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...words],
    options: { ...options, help: { type: "boolean", short: "h" } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const args: string[] = [];
  const flags: Record<string, string | boolean | string[]> = {};
  for (const token of tokens) {
    if (token.kind === "positional") args.push(token.value);
    else if (token.kind === "option") takeOption(command, token, flags);
  }
  const help = flags["help"] === true;
  if (!help && command.args === "" && args.length > 0) {
    throw new SeaworthyError(
      "SW1001",
      `seaworthy ${command.name} takes no argument, but was given ${args.join(" ")}`,
      helpHint(command),
    );
  }
  return { args, flags: flags, help };
}

function takeOption(
  command: Command,
  token: {
    readonly name: string;
    readonly rawName: string;
    readonly value: string | undefined;
    readonly inlineValue: boolean | undefined;
  },
  flags: Record<string, string | boolean | string[]>,
): void {
  if (token.name === "help") {
    flags["help"] = true;
    return;
  }
  const flag = command.flags[token.name];
  if (flag === undefined) throw unknownFlag(command, token.rawName);
  if (flag.type === "boolean") {
    if (token.value !== undefined) throw badValue(token.name, `--${token.name} takes no value`, []);
    flags[token.name] = true;
    return;
  }
  // A value that looks like a flag is a forgotten value; `--flag=-x` says that it is meant.
  const forgotten = token.inlineValue !== true && token.value?.startsWith("--") === true;
  if (token.value === undefined || token.value === "" || forgotten) {
    throw badValue(token.name, `--${token.name} needs a value`, [`--${token.name} ${flag.value ?? "VALUE"}`]);
  }
  if (flag.choices !== undefined && !flag.choices.includes(token.value)) {
    const near = suggest(token.value, flag.choices);
    throw badValue(token.name, `--${token.name} cannot be ${token.value}`, [
      ...(near === undefined ? [] : [`--${token.name} ${near}`]),
      `one of: ${flag.choices.join(", ")}`,
    ]);
  }
  const before = flags[token.name];
  if (flag.multiple === true) flags[token.name] = [...(Array.isArray(before) ? before : []), token.value];
  else flags[token.name] = token.value;
}

function unknownFlag(command: Command, rawName: string): SeaworthyError {
  const near = suggest(rawName.replace(/^-+/, ""), [...Object.keys(command.flags), "help"]);
  return new SeaworthyError("SW1001", `seaworthy ${command.name} has no flag ${rawName}`, {
    next: [...(near === undefined ? [] : [`did you mean --${near}?`]), ...helpHint(command).next],
  });
}

function badValue(name: string, message: string, next: readonly string[]): SeaworthyError {
  return new SeaworthyError("SW1002", message, { field: `--${name}`, next });
}

function helpHint(command: Command): { next: string[] } {
  return { next: [`seaworthy ${command.name} --help`] };
}
