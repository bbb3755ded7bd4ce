import { badRequest } from "./status-error.ts";

/**
 * Reads a boolean of a query as Kubernetes does: `0`, `false` and its absence are false, all else is true.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/runtime/conversion.go
 */
export function readBoolean(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}

/** What Go's strconv says of a text that is no number. */
export function notParsed(name: string, text: string, why: string, before = "") {
  return badRequest(`${before}strconv.${name}: parsing ${JSON.stringify(text)}: ${why}`);
}
