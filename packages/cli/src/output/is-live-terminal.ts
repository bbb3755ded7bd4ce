import type { CommandContext } from "../command.ts";

/** Whether what is drawn on stderr can be drawn over again. */
export function isLiveTerminal({ stderr, env }: Pick<CommandContext, "stderr" | "env">): boolean {
  return (
    stderr.isTTY === true && env["CI"] === undefined && env["TERM"] !== "dumb" && (stderr.columns ?? 80) >= 50
  );
}
