import type { Place } from "@seaworthy/errors";

/** Reads a template of a chart, by the path that helm names in `# Source: chart/templates/app.yaml`. */
export type ReadTemplate = (path: string) => { readonly name: string; readonly text: string } | undefined;

/**
 * Where the line of a rendered text comes from: the line of the template that is the same, or that has the same key and
 * fills its value in. Undefined when no line is, or several are and nothing tells them apart.
 */
export function placeInTemplate(place: Place, rendered: string, read: ReadTemplate): Place | undefined {
  const lines = rendered.split("\n");
  const source = sourceOf(lines, place.line);
  const template = source === undefined ? undefined : read(source.path);
  if (source === undefined || template === undefined) return undefined;
  const templateLines = template.text.split("\n").map((line) => line.replace(/\r$/, ""));
  const written = lines[place.line - 1] ?? "";
  const same = (line: string) => line.trim() === written.trim();
  const own = lines.slice(source.line, documentEnd(lines, source.line));
  const index =
    choose(templateLines, own, place.line - 1 - source.line, same) ??
    choose(templateLines, own, place.line - 1 - source.line, filledIn(written));
  if (index === undefined) return undefined;
  const sourceLine = templateLines[index]!;
  const moved = sourceLine.search(/\S/) - written.search(/\S/);
  const isSame = same(sourceLine);
  const column = isSame ? place.column + moved : sourceLine.search(/\S/) + 1;
  const length = isSame ? place.length : sourceLine.trim().length;
  return {
    file: template.name,
    line: index + 1,
    column: Math.max(1, column),
    sourceLine,
    ...(length === undefined ? {} : { length }),
    ...(place.label === undefined ? {} : { label: place.label }),
  };
}

/** The nearest `# Source:` above a line, in its document. */
function sourceOf(
  lines: readonly string[],
  line: number,
): { readonly path: string; readonly line: number } | undefined {
  for (let index = Math.min(line, lines.length) - 1; index >= 0; index -= 1) {
    const path = /^# Source: (\S+)\s*$/.exec(lines[index]!)?.[1];
    if (path !== undefined) return { path, line: index + 1 };
    if (index < line - 1 && /^---(?:\s|$)/.test(lines[index]!)) return undefined;
  }
  return undefined;
}

function documentEnd(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, index) => index >= from && /^---(?:\s|$)/.test(line));
  return end < 0 ? lines.length : end;
}

/** The only line of a kind; of as many as were rendered, the one with the same number. */
function choose(
  template: readonly string[],
  rendered: readonly string[],
  at: number,
  isOfKind: (line: string) => boolean,
): number | undefined {
  const candidates = template.flatMap((line, index) => (isOfKind(line) ? [index] : []));
  if (candidates.length <= 1) return candidates[0];
  const alike = rendered.flatMap((line, index) => (line.trim() === rendered[at]?.trim() ? [index] : []));
  return alike.length === candidates.length ? candidates[alike.indexOf(at)] : undefined;
}

function filledIn(written: string): (line: string) => boolean {
  const key = /^\s*(?:- )?([^\s:]+):/.exec(written)?.[0].trim();
  return (line) => key !== undefined && line.trim().startsWith(key) && line.includes("{{");
}
