import { shellWord } from "@seaworthy/errors";
import type { FlagValues } from "./command.ts";

/** A call of `seaworthy` as it can be typed into a shell again. */
export function formatCommand(command: string, args: readonly string[], flags: FlagValues): string {
  const words = Object.entries(flags).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return (typeof value === "string" ? [value] : value).flatMap((each) => [`--${name}`, each]);
  });
  return ["seaworthy", command, ...args, ...words].map(shellWord).join(" ");
}
