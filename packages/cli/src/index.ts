export { runCli } from "./cli.ts";
export type { Command, CommandContext, CommandInput, FlagDefinition, FlagValues } from "./command.ts";
export { formatError } from "./print-error.ts";
