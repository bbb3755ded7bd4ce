import { quoteAsGo } from "./go-text.ts";

/** Two letters look like the same µ. */
const nanoseconds = { h: 3600e9, m: 60e9, s: 1e9, ms: 1e6, µs: 1e3, μs: 1e3, us: 1e3, ns: 1 } as const;

/** A number of nanoseconds as Go writes it, `1h0m30s` or `1.5ms`: https://pkg.go.dev/time#Duration.String */
export function formatDuration(duration: number): string {
  if (duration === 0) return "0s";
  const sign = duration < 0 ? "-" : "";
  const size = Math.abs(duration);
  const small = (["ns", "µs", "ms"] as const).find((_, index) => size < 1000 ** (index + 1));
  if (small !== undefined) return `${sign}${decimal(size, nanoseconds[small])}${small}`;
  const minutes = Math.floor(size / nanoseconds.m);
  const seconds = `${decimal(size - minutes * nanoseconds.m, nanoseconds.s)}s`;
  if (minutes === 0) return sign + seconds;
  if (minutes < 60) return `${sign}${minutes}m${seconds}`;
  return `${sign}${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

/** The number of nanoseconds that such a text says; 0 for one that says none. */
export function parseDuration(text: string): number {
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)(h|ms|m|s|[µμ]s|us|ns)/g))
    sum += Number(count) * nanoseconds[unit as keyof typeof nanoseconds];
  return Math.round(text.startsWith("-") ? -sum : sum);
}

/** What Go's time.ParseDuration says of a text; undefined when it is a duration. */
export function durationError(text: string): string | undefined {
  const quoted = quoteAsGo(text);
  const invalid = `time: invalid duration ${quoted}`;
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return undefined;
  if (rest === "") return invalid;
  let total = 0;
  while (rest !== "") {
    const number = /^(\d+(\.\d*)?|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return invalid;
    rest = rest.slice(number.length);
    const unit = /^[^\d.]*/.exec(rest)?.[0] ?? "";
    if (unit === "") return `time: missing unit in duration ${quoted}`;
    if (!isUnit(unit)) return `time: unknown unit ${quoteAsGo(unit)} in duration ${quoted}`;
    total += Number(number) * nanoseconds[unit];
    // Near the limit, some 292 years, this is not exact.
    if (total >= 2 ** 63) return invalid;
    rest = rest.slice(unit.length);
  }
  return undefined;
}

function isUnit(text: string): text is keyof typeof nanoseconds {
  return Object.hasOwn(nanoseconds, text);
}

/** Nanoseconds in a larger unit, with all of their digits and no zeros after them. */
function decimal(size: number, unit: number): string {
  const whole = Math.floor(size / unit);
  const digits = String(unit).length - 1;
  const fraction = String(size % unit)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return digits === 0 || fraction === "" ? String(whole) : `${whole}.${fraction}`;
}
