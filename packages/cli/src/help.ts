import type { Command, FlagDefinition } from "./command.ts";

/** The help of the whole command: one sentence, examples, the commands. */
export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    "Takes an HTTP service to production on Kubernetes and proves that it drops no request on the way.",
    "",
    "  seaworthy trial k8s/     roll your manifests under load on an embedded cluster",
    "  seaworthy check k8s/     find what breaks production in them, and how to mend it",
    "  seaworthy up k8s/        apply them and keep them running",
    "",
    "Commands",
    ...commands.map((command) => `  ${command.name.padEnd(width)}   ${command.summary}`),
    "",
    "seaworthy COMMAND --help shows examples and flags.",
    "Exit codes: 0 done · 1 the answer is no · 2 wrong usage or input · 3 the run proves nothing · 70 our bug",
    "",
  ].join("\n");
}

/** The help of one command; examples come first. */
export function commandHelp(command: Command): string {
  const exampleWidth = Math.max(...command.examples.map(([line]) => (line.length > 46 ? 0 : line.length)));
  const flags = Object.entries<FlagDefinition>({
    ...command.flags,
    help: { type: "boolean", short: "h", text: "this help" },
  });
  const spellings = flags.map(([name, flag]) => spelling(name, flag));
  const flagWidth = Math.max(...spellings.map((text) => (text.length > 28 ? 0 : text.length)));
  return [
    command.summary,
    "",
    ...command.examples.flatMap(([line, text]) => columns(line, text, exampleWidth)),
    "",
    `Usage: seaworthy ${[command.name, command.args].filter((part) => part !== "").join(" ")} [flags]`,
    "",
    ...flags.flatMap(([, flag], index) => columns(spellings[index]!, flagText(flag), flagWidth)),
    "",
  ].join("\n");
}

function spelling(name: string, flag: FlagDefinition): string {
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  return `${short}--${name}${flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : ""}`;
}

function flagText(flag: FlagDefinition): string {
  const choices =
    flag.choices !== undefined && !(flag.value ?? "").includes("|") ? `: ${flag.choices.join(", ")}` : "";
  return flag.text + choices;
}

/** What fits a wide terminal. */
const mostColumns = 140;

function columns(left: string, right: string, width: number): string[] {
  const margin = `  ${" ".repeat(width)}   `;
  const [first = "", ...others] = wrapped(right, mostColumns - margin.length);
  const rest = others.map((line) => margin + line);
  if (left.length > width) return [`  ${left}`, margin + first, ...rest];
  return [`  ${left.padEnd(width)}   ${first}`, ...rest];
}

/** The words of a text on lines that are no longer than this. */
function wrapped(text: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= length) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
