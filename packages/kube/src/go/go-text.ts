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

/** Go's `%q` of a text: what is not to be seen (unicode.IsPrint) is escaped. */
export function quoteAsGo(text: string): string {
  return `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escapeOf)}"`;
}

function escapeOf(character: string): string {
  const short = character === '"' ? '\\"' : goEscapes[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = (digits: number): string => code.toString(16).padStart(digits, "0");
  if (code < 0x80) return `\\x${hex(2)}`;
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
