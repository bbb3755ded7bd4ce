/** What the clock on the wall shows. */
export interface ClockFields {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From 0, which is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

/** Reads the clock of a time zone at a time in milliseconds since the epoch. */
export function zonedClock(zone: string): (ms: number) => ClockFields {
  if (zone === "UTC") return fieldsOfUtc;
  const offset = zoneOffset(zone);
  return (ms) => fieldsOfUtc(ms + offset(ms));
}

/** By how many milliseconds a zone is ahead of UTC. */
export function zoneOffset(zone: string): (ms: number) => number {
  if (zone === "UTC") return () => 0;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const shown = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
    return shown - Math.floor(ms / 1000) * 1000;
  };
}

function fieldsOfUtc(ms: number): ClockFields {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}
