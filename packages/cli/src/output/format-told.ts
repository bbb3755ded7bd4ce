import { stripVTControlCharacters } from "node:util";
import type { ErrorDetails } from "@seaworthy/errors";
import { breakParts } from "./break-parts.ts";
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
  /** Whether a person looks at it, and not a program that takes the first line for the whole. */
  readonly isScreen?: boolean | undefined;
}

/**
 * First line alone says it, and is broken on a screen only, for those who read one line; then the place with its line and a caret,
 * why it is one, what was seen, and what to do now. A rule at the left marks where it begins and ends.
 */
export function formatTold({ heading, message, details }: Told, telling: Telling): string {
  const { place, object, field, why, seen = [], next = [] } = details;
  const room = telling.width === undefined ? Infinity : telling.width - ruled("").length;
  const lines = headingLines(
    heading,
    plainLine(message),
    telling.isScreen === true ? room : Infinity,
    telling,
  );
  const parts = [...whereOf(place, object), field]
    .filter((part) => part !== undefined)
    .filter((part) => part !== "");
  lines.push(...breakParts(parts, "   ", room).map(ruled));
  if (place?.sourceLine !== undefined) lines.push(...excerpt(place, place.sourceLine, telling));
  if (why !== undefined && why !== place?.label) lines.push(...section("why ", [why], room));
  lines.push(...section("seen", seen, room), ...section("next", next, room));
  return `${lines.join("\n")}\n`;
}

function headingLines(heading: string, message: string, room: number, { paint }: Telling): string[] {
  const plain = stripVTControlCharacters(heading);
  const [first = "", ...rest] = breakParts(`${plain}: ${message}`.split(" "), " ", room);
  return [
    `${heading}${paint("bold", first.slice(plain.length))}`,
    ...rest.map((line) => ruled(paint("bold", line))),
  ];
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
    .flatMap((line) => breakParts(plainLine(line).split(" "), " ", room - name.length - 2))
    .map((line, index) => ruled(`${index === 0 ? name : " ".repeat(name.length)}  ${line}`));
}
