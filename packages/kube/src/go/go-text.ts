/** How Go escapes characters in text that it quotes, beside the quotes themselves. */
export const goEscapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** JSON as Go's encoding/json writes it, which escapes what HTML would mistake. */
export function toGoJson(value: unknown): string {
  return escapeAsGo(JSON.stringify(value ?? null));
}

/** What JSON.stringify wrote, as Go would have written it. */
export function escapeAsGo(json: string): string {
  if (!/[<>&\u2028\u2029]/.test(json)) return json;
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Go's `%q` of a text. */
export function quoteAsGo(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is escaped here.
  const escaped = text.replace(/["\\\u0000-\u001f\u007f]/g, (character) => {
    const short = character === '"' ? '\\"' : goEscapes[character];
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}
