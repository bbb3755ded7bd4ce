import { durationError, parseDuration } from "../../../go/go-duration.ts";
import { quoteAsGo } from "../../../go/go-text.ts";
import { isTimeZone } from "./time-zone.ts";

/** When something is to happen again and again. */
export type CronSchedule = CronFields | CronInterval;

/** What minutes on the clock of a zone have to be like. */
export interface CronFields {
  /** Absent where the schedule does not say. */
  readonly zone?: string;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Whether a day has to be in both sets: so it is when one of them was written as `*`. */
  readonly needsBothDays: boolean;
}

/** So often, whatever the clock says. */
export interface CronInterval {
  readonly everyMs: number;
}

/**
 * Reads a schedule of cron; or says why it is none, in the words of the parser that Kubernetes uses.
 * https://github.com/robfig/cron/blob/v3.0.1/parser.go
 */
export function parseCronSchedule(schedule: string): CronSchedule | { readonly error: string } {
  try {
    return parse(schedule);
  } catch (error) {
    if (error instanceof CronError) return { error: error.message };
    throw error;
  }
}

/** Stays within this file. */
class CronError extends Error {}

function parse(schedule: string): CronSchedule {
  if (!/^(CRON_)?TZ=/.test(schedule)) return parseTimes(schedule);
  const end = schedule.indexOf(" ");
  if (end < 0) throw new CronError("invalid schedule format: runtime error: slice bounds out of range [:-1]");
  const zone = schedule.slice(schedule.indexOf("=") + 1, end);
  const isBad = zone !== "" && zone !== "Local" && !isTimeZone(zone);
  if (isBad) throw new CronError(`provided bad location ${zone}: ${zoneError(zone)}`);
  const times = parseTimes(schedule.slice(end).trim());
  return zone === "" || zone === "Local" ? times : { ...times, zone };
}

function parseTimes(text: string): CronSchedule {
  if (text.startsWith("@every ")) return { everyMs: parseInterval(text) };
  const written = text.startsWith("@") ? descriptors[text] : text;
  if (written === undefined) throw new CronError(`unrecognized descriptor: ${text}`);
  const fields = written.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== bounds.length)
    throw new CronError(
      `expected exactly ${bounds.length} fields, found ${fields.length}: [${fields.join(" ")}]`,
    );
  const [minutes, hours, days, months, weekdays] = fields.map((field, index) =>
    parseField(field, bounds[index]!),
  );
  if (!minutes || !hours || !days || !months || !weekdays) throw new TypeError("there are five bounds");
  return {
    minutes: minutes.values,
    hours: hours.values,
    days: days.values,
    months: months.values,
    weekdays: weekdays.values,
    needsBothDays: days.isAny || weekdays.isAny,
  };
}

/** Go's time.LoadLocation, which looks for a file. */
function zoneError(zone: string): string {
  const isPath = zone.includes("..") || /^[/\\]/.test(zone);
  return isPath ? "time: invalid location name" : `unknown time zone ${zone}`;
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const bounds: readonly Bounds[] = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  {
    least: 1,
    most: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { least: 0, most: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

interface Field {
  readonly values: ReadonlySet<number>;
  readonly isAny: boolean;
}

function parseField(field: string, bound: Bounds): Field {
  const ranges = field.split(",").filter((part) => part !== "");
  const parsed = ranges.map((range) => parseRange(range, bound));
  return {
    values: new Set(parsed.flatMap(({ values }) => [...values])),
    isAny: parsed.some(({ isAny }) => isAny),
  };
}

function parseRange(range: string, { least, most, names }: Bounds): Field {
  const [ends = "", stepText, ...moreSteps] = range.split("/");
  const [low = "", high, ...moreEnds] = ends.split("-");
  const isAny = low === "*" || low === "?";
  const first = isAny ? least : numberIn(low, least, names);
  if (!isAny && moreEnds.length > 0) throw new CronError(`too many hyphens: ${range}`);
  let last = isAny ? most : high === undefined ? first : numberIn(high, least, names);
  if (moreSteps.length > 0) throw new CronError(`too many slashes: ${range}`);
  const step = stepText === undefined ? 1 : numberIn(stepText, 0, []);
  if (stepText !== undefined && high === undefined) last = most;
  if (first < least) throw new CronError(`beginning of range (${first}) below minimum (${least}): ${range}`);
  if (last > most) throw new CronError(`end of range (${last}) above maximum (${most}): ${range}`);
  if (first > last)
    throw new CronError(`beginning of range (${first}) beyond end of range (${last}): ${range}`);
  if (step === 0) throw new CronError(`step of range should be a positive number: ${range}`);
  const count = Math.floor((last - first) / step) + 1;
  const values = new Set(Array.from({ length: count }, (_, index) => first + index * step));
  return { values, isAny: isAny && step === 1 };
}

/** A number, or the name of one. */
function numberIn(text: string, least: number, names: readonly string[]): number {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + least;
  const failure = `failed to parse int from ${text}: strconv.Atoi: parsing ${quoteAsGo(text)}`;
  if (!/^[+-]?\d+$/.test(text)) throw new CronError(`${failure}: invalid syntax`);
  const value = Number(text);
  if (Math.abs(value) > 2 ** 63) throw new CronError(`${failure}: value out of range`);
  if (value < 0) throw new CronError(`negative number (${value}) not allowed: ${text}`);
  return value;
}

const descriptors: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Whole seconds, at least one. */
function parseInterval(text: string): number {
  const duration = text.slice("@every ".length);
  const error = durationError(duration);
  if (error !== undefined) throw new CronError(`failed to parse duration ${text}: ${error}`);
  return Math.max(1, Math.floor(parseDuration(duration) / 1e9)) * 1000;
}
