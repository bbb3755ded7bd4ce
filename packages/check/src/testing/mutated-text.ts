import type { Rule } from "../rule.ts";

/** A number from 0 up to and without `below`. */
export type Draw = (below: number) => number;

/** Draws that a seed decides: mulberry32. */
export function drawsOf(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const pieces: readonly ((draw: Draw) => string)[] = [
  () => "\u0000",
  () => "\t",
  () => "\r\n",
  () => "\ufeff",
  () => "\ud800",
  () => "---\n",
  () => "...\n",
  () => "%YAML 1.3\n",
  () => "&a [*a, *a]",
  () => "a: &a [x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\ne: [*d,*d,*d,*d]\n",
  () => "<<: {name: [1]}",
  () => "!!binary x",
  () => "? [a]\n: b\n",
  () => "{{ .Values.x }}",
  () => "__proto__: {a: 1}\n",
  () => "constructor: 1\n",
  () => "null",
  () => "-1",
  () => "99999999999999999999",
  () => ".nan",
  () => "{}",
  () => "[]",
  () => '"',
  () => "'",
  () => "|+2\n",
  () => "# seaworthy-ignore no-drain: x; : ;y\n",
  () => "seaworthy.dev/ignore: [1]\n",
  (draw) => "[".repeat(draw(3_000)),
  (draw) => "{a: ".repeat(draw(3_000)),
  (draw) => "- ".repeat(draw(3_000)),
  (draw) => "x".repeat(draw(100_000)),
];

/** A text with a few changes that people, programs or somebody hostile could have made. */
export function mutatedText(text: string, draw: Draw): string {
  let mutated = text;
  for (let left = 1 + draw(4); left > 0; left -= 1) mutated = mutate(mutated, draw);
  return mutated;
}

function mutate(text: string, draw: Draw): string {
  const lines = text.split("\n");
  const at = draw(lines.length);
  const column = draw(text.length + 1);
  switch (draw(7)) {
    case 0:
      return text.slice(0, column) + pieces[draw(pieces.length)]!(draw) + text.slice(column);
    case 1:
      return lines.toSpliced(at, 1).join("\n");
    case 2:
      return lines.toSpliced(at, 0, lines[draw(lines.length)]!).join("\n");
    case 3:
      return lines.toSpliced(at, 1, `${" ".repeat(draw(5))}${lines[at]!.trimStart()}`).join("\n");
    case 4:
      // Another value behind a key.
      return lines
        .toSpliced(
          at,
          1,
          lines[at]!.replace(/:.*$/, () => `: ${pieces[draw(pieces.length)]!(draw)}`),
        )
        .join("\n");
    case 5:
      return text.slice(0, column);
    default:
      return text.slice(0, column) + text.slice(column + draw(20));
  }
}

/** The rules that a text is checked by, each with its own severity. */
export function allAsChosen(rules: readonly Rule[]) {
  return rules.map((rule) => ({ rule, severity: rule.severity }));
}
