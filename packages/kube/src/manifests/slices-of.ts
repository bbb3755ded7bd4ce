/** A stretch of a text. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** Where documents begin and end. A text with directives, or with other marks than `---`, stays whole. */
export function slicesOf(text: string): Slice[] {
  if (/^(?:%|\.\.\.|\ufeff)/m.test(text)) return [{ start: 0, end: text.length }];
  const marks = Array.from(text.matchAll(/^---(?=[\s]|$)/gm), ({ index }) => index);
  // Comments above the first mark belong to its document.
  if (marks[0] !== undefined && /^(?:[ \t]*(?:#.*)?\r?\n)*$/.test(text.slice(0, marks[0]))) marks.shift();
  const starts = [0, ...marks];
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }));
}
