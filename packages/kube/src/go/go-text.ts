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

/** A value read from JSON as Go prints it with `%v`: `map[spec:map[replicas:1]]`. */
export function toGoText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(toGoText).join(" ")}]`;
  if (typeof value !== "object") return String(value);
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `map[${members.map(([name, member]) => `${name}:${toGoText(member)}`).join(" ")}]`;
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
