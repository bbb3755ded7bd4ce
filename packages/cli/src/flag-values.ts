import { SeaworthyError } from "@seaworthy/errors";
import type { FlagValues } from "./command.ts";

/** A flag's value as text, or undefined when it was not given. */
export function textFlag(flags: FlagValues, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

/** Whether the flags name a cluster that is there already. */
export function namesCluster(flags: FlagValues): boolean {
  return textFlag(flags, "kubeconfig") !== undefined || textFlag(flags, "context") !== undefined;
}

/** The values of a flag that may be repeated. */
export function listFlag(flags: FlagValues, name: string): readonly string[] {
  const value = flags[name];
  return typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
}

/** A flag's value as a number within limits. Throws SW1002 when it is none. */
export function numberFlag(
  flags: FlagValues,
  name: string,
  limits: { readonly min: number; readonly max: number; readonly whole?: boolean },
): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  const good =
    text.trim() !== "" &&
    value >= limits.min &&
    value <= limits.max &&
    (limits.whole === false || Number.isInteger(value));
  if (good) return value;
  throw new SeaworthyError("SW1002", `--${name} cannot be ${text}`, {
    field: `--${name}`,
    next: [`give a ${limits.whole === false ? "" : "whole "}number from ${limits.min} to ${limits.max}`],
  });
}

/** A share in percent, `5%` or `5`, as a number from 0 to 1. Throws SW1002 when it is none within the limits. */
export function shareOf(
  text: string,
  { field, min, max }: { readonly field: string; readonly min: number; readonly max: number },
): number {
  const match = /^(\d+(?:\.\d+)?) ?%?$/.exec(text);
  const percent = match === null ? Number.NaN : Number(match[1]);
  if (percent >= min && percent <= max) return percent / 100;
  throw new SeaworthyError("SW1002", `${field} cannot be ${text}`, {
    field,
    next: [`give a share from ${min}% to ${max}%`],
  });
}

/** A length of time up to an hour, or more where it is said: see {@link durationMs}. Gives milliseconds. */
export function durationFlag(flags: FlagValues, name: string, mostMs = 3_600_000): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const ms = durationMs(text);
  if (ms !== undefined && ms > 0 && ms <= mostMs) return ms;
  throw new SeaworthyError("SW1002", `--${name} cannot be ${text}`, {
    field: `--${name}`,
    next: [`give seconds, or a unit, up to ${mostMs / 1000} s: --${name} 20, --${name} 500ms`],
  });
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a length of time: plain numbers are seconds; `500ms`, `90s`, `2m` and `1h` work, too. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (unitsMs[match[2] ?? "s"] ?? 1000);
}

/** The `IMAGE=COMMAND` pairs of `--run`. The image may have a tag or a digest; the first `=` divides. */
export function runFlag(flags: FlagValues): Record<string, string> {
  return Object.fromEntries(
    listFlag(flags, "run").map((text) => {
      const at = text.indexOf("=");
      const image = text.slice(0, at).trim();
      const command = text.slice(at + 1).trim();
      if (at > 0 && image !== "" && command !== "") return [image, command];
      throw new SeaworthyError("SW2004", `--run ${text} is not IMAGE=COMMAND`, {
        field: "--run",
        next: [
          'write the image as in the manifest, then = and the command: --run shop="node dist/server.js"',
        ],
      });
    }),
  );
}
