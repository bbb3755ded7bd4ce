/** What is longer is no path that users ask, and not worth its memory. */
const longest = 2_048;
const plain = /^[\x21\x22\x24-\x7e]+$/;

/**
 * A path and query as they go over the wire, of a text in which some may be decoded; undefined when it is none. Braces that the
 * load would fill in are no placeholders here.
 */
export function wirePath(text: string): string | undefined {
  if (!text.startsWith("/") || text.length > longest) return undefined;
  if (plain.test(text) && !text.includes("{{")) return text;
  const path = text
    .replace(/#.*$/s, "")
    .replace(/[^\x21-\x7e]+/g, (odd) => encodeURIComponent(odd.toWellFormed()))
    .replace(/\{\{(\w+)\}\}/g, "%7B%7B$1%7D%7D");
  return path.length > longest ? undefined : path;
}
