import { durationError } from "../../../go/go-duration.ts";
import { quoteAsGo } from "../../../go/go-text.ts";
import { isTimeZone } from "./time-zone.ts";

/**
 * Why a text is no schedule of cron, in the words of the parser that Kubernetes uses; undefined when it is one.
 * https://github.com/robfig/cron/blob/v3.0.1/parser.go
 */
export function cronScheduleError(schedule: string): string | undefined {
  let rest = schedule;
  if (/^(CRON_)?TZ=/.test(schedule)) {
    const end = schedule.indexOf(" ");
    if (end < 0) return "invalid schedule format: runtime error: slice bounds out of range [:-1]";
    const zone = schedule.slice(schedule.indexOf("=") + 1, end);
    const isBad = zone !== "" && zone !== "Local" && !isTimeZone(zone);
    if (isBad) return `provided bad location ${zone}: ${zoneError(zone)}`;
    rest = schedule.slice(end).trim();
  }
  if (rest.startsWith("@")) return descriptorError(rest);
  const fields = rest.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== bounds.length)
    return `expected exactly ${bounds.length} fields, found ${fields.length}: [${fields.join(" ")}]`;
  for (const [index, field] of fields.entries()) {
    for (const range of field.split(",").filter((part) => part !== "")) {
      const error = rangeError(range, bounds[index] ?? minutes);
      if (error !== undefined) return error;
    }
  }
  return undefined;
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

const minutes: Bounds = { least: 0, most: 59, names: [] };
const bounds: readonly Bounds[] = [
  minutes,
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  {
    least: 1,
    most: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { least: 0, most: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

function rangeError(range: string, { least, most, names }: Bounds): string | undefined {
  const [ends = "", stepText, ...moreSteps] = range.split("/");
  const [low = "", high, ...moreEnds] = ends.split("-");
  const isAny = low === "*" || low === "?";
  const first = isAny ? least : numberIn(low, least, names);
  if (typeof first === "string") return first;
  if (!isAny && moreEnds.length > 0) return `too many hyphens: ${range}`;
  let last = isAny ? most : high === undefined ? first : numberIn(high, least, names);
  if (typeof last === "string") return last;
  if (moreSteps.length > 0) return `too many slashes: ${range}`;
  const step = stepText === undefined ? 1 : numberIn(stepText, 0, []);
  if (typeof step === "string") return step;
  if (stepText !== undefined && high === undefined) last = most;
  if (first < least) return `beginning of range (${first}) below minimum (${least}): ${range}`;
  if (last > most) return `end of range (${last}) above maximum (${most}): ${range}`;
  if (first > last) return `beginning of range (${first}) beyond end of range (${last}): ${range}`;
  return step === 0 ? `step of range should be a positive number: ${range}` : undefined;
}

/** A number, or the name of one; an error as text. */
function numberIn(text: string, least: number, names: readonly string[]): number | string {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + least;
  if (!/^[+-]?\d+$/.test(text))
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${quoteAsGo(text)}: invalid syntax`;
  const value = Number(text);
  if (Math.abs(value) > 2 ** 63)
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${quoteAsGo(text)}: value out of range`;
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}

const descriptors: readonly string[] = [
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
];

function descriptorError(text: string): string | undefined {
  if (descriptors.includes(text)) return undefined;
  const every = "@every ";
  if (!text.startsWith(every)) return `unrecognized descriptor: ${text}`;
  const error = durationError(text.slice(every.length));
  return error === undefined ? undefined : `failed to parse duration ${text}: ${error}`;
}
