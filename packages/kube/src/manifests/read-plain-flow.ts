import { isPlainWord } from "./plain-word.ts";

/**
 * Reads a map or a list in brackets that holds words, whole numbers and simple quoted text only, as `{ app: shop }`, and gives
 * undefined for every other: then the YAML reader has the word, which takes fifty times as long.
 */
export function readPlainFlow(written: string): Record<string, unknown> | unknown[] | undefined {
  const [, open, inner = ""] = /^([{[]) *([^{}[\]#\\&*!|>%@`?]*?) *[}\]]$/.exec(written) ?? [];
  if (open === undefined || written.at(-1) !== (open === "{" ? "}" : "]")) return undefined;
  const parts = inner === "" ? [] : inner.split(",");
  return open === "{" ? readMap(parts) : readList(parts);
}

function readMap(parts: readonly string[]): Record<string, unknown> | undefined {
  const map: Record<string, unknown> = {};
  for (const part of parts) {
    const [, key = "", value = ""] = /^ *([A-Za-z_][\w./-]*): +(\S.*?) *$/.exec(part) ?? [];
    const read = readPart(value);
    if (read === undefined || !isPlainWord(key) || key === "__proto__" || Object.hasOwn(map, key))
      return undefined;
    map[key] = read;
  }
  return map;
}

function readList(parts: readonly string[]): unknown[] | undefined {
  const list = parts.map((part) => readPart(part.trim()));
  return list.includes(undefined) ? undefined : list;
}

function readPart(written: string): string | number | undefined {
  if (/^(?:0|[1-9]\d{0,14})$/.test(written)) return Number(written);
  // Quantities are the words that begin with a digit.
  if (isPlainWord(written) || /^\d+(?:m|[KMGT]i)$/.test(written)) return written;
  return /^"([^"]*)"$/.exec(written)?.[1] ?? /^'([^']*)'$/.exec(written)?.[1];
}
