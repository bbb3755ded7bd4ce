import { SeaworthyError } from "@seaworthy/errors";
import type { Dns } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { durationMs, textFlag } from "../flag-values.ts";

/** How names become addresses, by `--dns`, `--ipv4` and `--ipv6`. Throws SW1002. */
export function readDns(flags: FlagValues): Dns {
  const family = flags["ipv4"] === true ? 4 : flags["ipv6"] === true ? 6 : 0;
  const text = textFlag(flags, "dns") ?? "once";
  if (text === "once") return { family, use: "first" };
  if (text === "all") return { family, use: "all" };
  // A user who looks names up again wants to see changes, so every address is used.
  if (text === "each") return { family, use: "all", againAfterMs: 0 };
  const againAfterMs = durationMs(text);
  if (againAfterMs !== undefined && againAfterMs > 0) return { family, use: "all", againAfterMs };
  throw new SeaworthyError("SW1002", `--dns cannot be ${text}`, {
    field: "--dns",
    next: ["one of: once, all, each, or how long an answer holds: 30s"],
  });
}
