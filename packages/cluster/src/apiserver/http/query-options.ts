import { badRequest } from "./status-error.ts";

/**
 * Reads a boolean of a query as Kubernetes does: `0`, `false` and its absence are false, all else is true.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/runtime/conversion.go
 */
export function readBoolean(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}

/** Reads a whole number of 64 bits; 400 in the words of Go's strconv when it is none. Undefined when absent. */
export function readInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw notParsed("ParseInt", text, "invalid syntax");
  const value = BigInt(text.replace("+", ""));
  if (value !== BigInt.asIntN(64, value)) throw notParsed("ParseInt", text, "value out of range");
  return Number(value);
}

/** What Go's strconv says of a text that is no number. */
export function notParsed(name: string, text: string, why: string, before = "") {
  return badRequest(`${before}strconv.${name}: parsing ${JSON.stringify(text)}: ${why}`);
}
