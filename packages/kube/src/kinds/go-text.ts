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
  const json = JSON.stringify(value ?? null);
  if (!/[<>&\u2028\u2029]/.test(json)) return json;
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
