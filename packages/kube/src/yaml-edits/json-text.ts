/** Whether a text is written as JSON: then what is new in it must be JSON, too. */
export function isJson(text: string): boolean {
  return /^\ufeff?\s*(?:\{\s*(?:"|\}\s*$)|\[)/.test(text);
}

/** Whether colons and commas have a space behind them. */
export function isSpaced(text: string): boolean {
  return /": /.test(text) || !text.includes('":');
}

/** A value as JSON in one line, spaced like the text that it becomes part of. */
export function jsonText(text: string, value: unknown): string {
  const [comma, colon] = isSpaced(text) ? [", ", ": "] : [",", ":"];
  const write = (each: unknown): string => {
    if (Array.isArray(each)) return `[${each.map(write).join(comma)}]`;
    if (typeof each !== "object" || each === null) return JSON.stringify(each);
    const pairs = Object.entries(each).map(([key, inner]) => `${JSON.stringify(key)}${colon}${write(inner)}`);
    return `{${pairs.join(comma)}}`;
  };
  return write(value);
}

/** The inside of a map or a list as JSON: in lines where a level of indentation is given, else in one. */
export function jsonLines(text: string, value: unknown, unit: string): string[] {
  if (unit === "") return [jsonText(text, value).slice(1, -1)];
  return JSON.stringify(value, undefined, unit)
    .split("\n")
    .slice(1, -1)
    .map((line) => line.slice(unit.length));
}
