import { stripVTControlCharacters } from "node:util";

/** A line longer than the terminal would wrap and break the count of drawn lines. Colours go with what is cut. */
export function cutLine(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= width ? line : `${plain.slice(0, Math.max(0, width - 1))}…`;
}
