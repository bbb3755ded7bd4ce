import { SeaworthyError } from "@seaworthy/errors";
import type { Command, CommandContext } from "./command.ts";
import { commands } from "./commands.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { parseCommand } from "./parse-command.ts";
import { reportError } from "./report-error.ts";
import { suggest } from "./suggest.ts";
import { version } from "./version.ts";

/** The exit code of a command that Ctrl-C ended: 128 + SIGINT. */
const interrupted = 130;

/** Runs one call of the command line and gives its exit code. It never throws. */
export async function runCli(words: readonly string[], context: CommandContext): Promise<number> {
  const json = asksForJson(words);
  try {
    return await dispatch(words, context);
  } catch (error) {
    if (context.signal.aborted) return interrupted;
    return reportError(error, json, context);
  }
}

async function dispatch(words: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
    context.stdout.write(generalHelp(commands));
    return 0;
  }
  if (name === "--version" || name === "version") {
    context.stdout.write(`${version}\n`);
    return 0;
  }
  const command = findCommand(name === "help" ? rest[0]! : name);
  const input = parseCommand(command, name === "help" ? ["--help"] : rest);
  if (input.help) {
    context.stdout.write(commandHelp(command));
    return 0;
  }
  return await command.run(input, context);
}

function findCommand(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  const names = commands.map((each) => each.name);
  const near = suggest(name, names);
  throw new SeaworthyError("SW1001", `there is no command ${name}`, {
    next: [
      ...(near === undefined ? [] : [`did you mean seaworthy ${near}?`]),
      `commands: ${names.join(", ")}`,
    ],
  });
}

/** The parse itself may have failed, so the words are looked at as they are. */
function asksForJson(words: readonly string[]): boolean {
  return words.some(
    (word, index) => word === "--output=json" || (word === "--output" && words[index + 1] === "json"),
  );
}
