import type { ErrorDetails } from "@seaworthy/errors";
import type { Paint } from "./paint.ts";
import { excerpt, plainLine } from "./source-excerpt.ts";

/** What is told in the one shape: an error, or a finding in manifests. */
export interface Told {
  /** `error[SW1201]`, in its colours. */
  readonly heading: string;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** How it is told. */
export interface Telling {
  readonly paint: Paint;
  /** How many columns there are; without it no line is broken. */
  readonly width?: number | undefined;
}

/**
 * First line alone says it, and is never broken, for those who read one line; then the place with its line and a caret,
 * why it is one, what was seen, and what to do now. A rule at the left marks where it begins and ends.
 */
export function formatTold({ heading, message, details }: Told, telling: Telling): string {
  const { place, object, field, why, seen = [], next = [] } = details;
  const room = telling.width === undefined ? Infinity : telling.width - ruled("").length;
  const lines = [`${heading}${telling.paint("bold", `: ${plainLine(message)}`)}`];
  const parts = [...whereOf(place, object), field]
    .filter((part) => part !== undefined)
    .filter((part) => part !== "");
  lines.push(...broken(parts, "   ", room).map(ruled));
  if (place?.sourceLine !== undefined) lines.push(...excerpt(place, place.sourceLine, telling));
  if (why !== undefined && why !== place?.label) lines.push(...section("why ", [why], room));
  lines.push(...section("seen", seen, room), ...section("next", next, room));
  return `${lines.join("\n")}\n`;
}

/** The name of an object in a cluster is its place. */
function whereOf(place: ErrorDetails["place"], object: string | undefined): (string | undefined)[] {
  if (place === undefined) return [object];
  return place.isOfObject === true ? [place.file] : [`${place.file}:${place.line}:${place.column}`, object];
}

function ruled(text: string): string {
  return ` │ ${text}`;
}

function section(name: string, texts: readonly string[], room: number): string[] {
  return texts
    .flatMap((text) => text.split("\n"))
    .flatMap((line) => broken(plainLine(line).split(" "), " ", room - name.length - 2))
    .map((line, index) => ruled(`${index === 0 ? name : " ".repeat(name.length)}  ${line}`));
}

/** Puts parts into lines that have room; a part alone is never broken. */
export function broken(parts: readonly string[], separator: string, room: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}${separator}${part}`;
    if (lines.length > 0 && longer.length > room) lines.push(part);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}
