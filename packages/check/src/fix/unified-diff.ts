import { linesOf, lineScript, type ScriptLine } from "./line-script.ts";

const contextLines = 3;

/** What changed in a file, as `git apply` and `patch -p1` take it. Pieces that belong to each other are compared alone. */
export function unifiedDiff(name: string, before: readonly string[], after: readonly string[]): string {
  const script = before.flatMap((piece, index) => lineScript(linesOf(piece), linesOf(after[index] ?? "")));
  const [from, to] = name.startsWith("/") ? [name, name] : [`a/${name}`, `b/${name}`];
  return `--- ${from}\n+++ ${to}\n${hunksOf(script).map(formatHunk).join("")}`;
}

interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly ScriptLine[];
}

function hunksOf(script: readonly ScriptLine[]): Hunk[] {
  const changed = script.flatMap(({ mark }, index) => (mark === " " ? [] : [index]));
  const spans: [start: number, end: number][] = [];
  for (const index of changed) {
    const last = spans.at(-1);
    if (last !== undefined && index - contextLines <= last[1]) last[1] = index + contextLines + 1;
    else spans.push([Math.max(0, index - contextLines), index + contextLines + 1]);
  }
  let [line, newLine, at] = [1, 1, 0];
  return spans.map(([start, end]) => {
    for (; at < start; at += 1) {
      line += 1;
      newLine += 1;
    }
    const hunk = { from: line, to: newLine, lines: script.slice(start, end) };
    for (const { mark } of hunk.lines) {
      if (mark !== "+") line += 1;
      if (mark !== "-") newLine += 1;
    }
    at = Math.min(end, script.length);
    return hunk;
  });
}

function formatHunk({ from, to, lines }: Hunk): string {
  const old = lines.filter(({ mark }) => mark !== "+").length;
  const fresh = lines.filter(({ mark }) => mark !== "-").length;
  const range = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`;
  const body = lines.map(({ mark, line }) =>
    line.endsWith("\n") ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range(from, old)} +${range(to, fresh)} @@\n${body.join("")}`;
}
