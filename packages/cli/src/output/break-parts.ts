import { widthOf } from "./text-width.ts";

/** Puts parts into lines that have room; a part alone is never broken. */
export function breakParts(parts: readonly string[], separator: string, room: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}${separator}${part}`;
    if (lines.length > 0 && widthOf(longer) > room) lines.push(part);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}
