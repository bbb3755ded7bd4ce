import type { UserInfo } from "@seaworthy/client";

/** All headers that say who asks begin with it. */
const remoteUserPrefix = "x-remote-";

/**
 * The headers that say for whom this server asks; the front proxy's certificate is why they are believed.
 * https://github.com/kubernetes/client-go/blob/v0.36.3/transport/round_trippers.go (SetAuthProxyHeaders)
 */
export function remoteUserHeaders({
  username,
  uid = "",
  groups,
  extra = {},
}: UserInfo): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { "x-remote-user": username };
  if (uid !== "") headers["x-remote-uid"] = uid;
  if (groups.length > 0) headers["x-remote-group"] = [...groups];
  for (const [key, values] of Object.entries(extra))
    if (values.length > 0) headers[`x-remote-extra-${escapeKey(key)}`] = [...values];
  return headers;
}

/** Headers without those by which a client would say himself who he is. */
export function withoutRemoteUser(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(remoteUserPrefix)));
}

/** A name of a header has letters, digits and a few signs (RFC 9110, section 5.6.2); others are escaped as in URLs. */
function escapeKey(key: string): string {
  return Array.from(Buffer.from(key, "utf8"), (byte) => {
    const sign = String.fromCodePoint(byte);
    return /[\w!#$&'*+.^`|~-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
