/** What a command may touch of the world. */
export interface CommandContext {
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** One flag: how it is written and what it says in the help. */
export interface FlagDefinition {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  readonly short?: string;
  /** What stands for the value in the help, for example `N`. */
  readonly value?: string;
  readonly text: string;
  /** The values that it can take, when they are few. */
  readonly choices?: readonly string[];
}

/** The flags of a call, as they were written. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The arguments and flags of one call. */
export interface CommandInput {
  readonly args: readonly string[];
  readonly flags: FlagValues;
}

/** One command of the command line. `run` gives the exit code. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** For example `[PATH…]`; empty when it takes no arguments. */
  readonly args: string;
  readonly flags: Readonly<Record<string, FlagDefinition>>;
  /** The command line and what it does. */
  readonly examples: readonly (readonly [line: string, text: string])[];
  run(input: CommandInput, context: CommandContext): Promise<number>;
}

/** Declares a command. `load` gives its code only when it is run, so that help needs none of it. */
export function defineCommand(
  command: Omit<Command, "run">,
  load: () => Promise<{ run: Command["run"] }>,
): Command {
  return { ...command, run: async (input, context) => await (await load()).run(input, context) };
}
