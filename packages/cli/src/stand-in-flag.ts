import type { StandInBehavior } from "@seaworthy/cluster";
import { SeaworthyError } from "@seaworthy/errors";
import type { FlagValues } from "./command.ts";
import { durationMs, textFlag } from "./flag-values.ts";

/** Longer than any pod is given: a stand-in that takes longer is a mistake of units. */
const mostMs = 600_000;

/** What `--stand-in` says, for example `drain`, `drain:3s,start:1s` or `start:500ms`. Throws SW1002. */
export function standInFlag(flags: FlagValues): Partial<StandInBehavior> | undefined {
  const text = textFlag(flags, "stand-in");
  return text === undefined
    ? undefined
    : Object.assign({}, ...text.split(",").map((part) => readPart(part, text)));
}

function readPart(part: string, whole: string): Partial<StandInBehavior> {
  const [name = "", time, ...more] = part.trim().split(":");
  const ms = time === undefined ? undefined : durationMs(time);
  const hasTime = ms !== undefined && ms <= mostMs;
  if (more.length === 0) {
    if ((name === "exit" || name === "ignore" || name === "drain") && time === undefined)
      return { onTerm: name };
    if (name === "drain" && hasTime) return { onTerm: "drain", drainMs: ms };
    if (name === "start" && hasTime) return { startMs: ms };
  }
  throw new SeaworthyError("SW1002", `--stand-in cannot be ${whole}`, {
    field: "--stand-in",
    next: ["give exit, ignore or drain, and times where you want others: --stand-in drain:3s,start:1s"],
  });
}
