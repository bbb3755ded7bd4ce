import type { ApiRequest } from "@seaworthy/client";

/**
 * Chooses among the subprotocols that a client offers (RFC 6455, section 4.2.2). `supported` maps each name to what it
 * means, that of a client which offers none being "". Undefined when none of those offered is supported.
 */
export function chooseSubprotocol<T>(
  { headers }: Pick<ApiRequest, "headers">,
  supported: ReadonlyMap<string, T>,
  preferred?: string,
): { readonly name: string | undefined; readonly meaning: T } | undefined {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const names = preferred !== undefined && offered.includes(preferred) ? [preferred] : offered;
  const name = names.find((each) => supported.has(each));
  if (name === undefined) return undefined;
  return { name: name === "" ? undefined : name, meaning: supported.get(name)! };
}
