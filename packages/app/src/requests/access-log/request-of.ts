import type { LoggedRequest } from "./logged-request.ts";

/** What a line says, before anybody looked whether it can be sent. */
export interface Logged {
  readonly method: string;
  /** A path, or a whole URL as clients of proxies write it. */
  readonly target: string;
  readonly status: number | undefined;
  readonly host: string | undefined;
  readonly agent: string | undefined;
}

/** What is longer is no path that users ask, and not worth its memory. */
const longestPath = 2_048;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,20}$/;

/** Makes a request that can be sent of what a line says; undefined when it says none. */
export function requestOf({ method, target, status, host, agent }: Logged): LoggedRequest | undefined {
  const [, authority, rest] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [undefined, undefined, target];
  const path = wirePath(authority !== undefined && !rest?.startsWith("/") ? `/${rest}` : (rest ?? ""));
  if (path === undefined || !token.test(method)) return undefined;
  const isStatus = status !== undefined && status >= 100 && status <= 599;
  return {
    method: method.toUpperCase(),
    path,
    host: hostName(host) ?? hostName(authority),
    status: isStatus ? status : undefined,
    agent,
  };
}

const plainPath = /^[\x21\x22\x24-\x7e]+$/;

/** A path as it goes over the wire: some logs have it decoded. Braces that the load would fill in are no placeholders here. */
function wirePath(text: string): string | undefined {
  if (!text.startsWith("/") || text.length > longestPath) return undefined;
  if (plainPath.test(text) && !text.includes("{{")) return text;
  const path = text
    .replace(/#.*$/s, "")
    .replace(/[^\x21-\x7e]+/g, (odd) => encodeURIComponent(odd.toWellFormed()))
    .replace(/\{\{(\w+)\}\}/g, "%7B%7B$1%7D%7D");
  return path.length > longestPath ? undefined : path;
}

/** Without its port, as routes name it; undefined for `-`, `_` and whatever else stands for none. */
function hostName(text: string | undefined): string | undefined {
  const name = text?.replace(/:\d+$/, "").toLowerCase();
  return name !== undefined && /^[a-z0-9](?:[a-z0-9.-]{0,252})$/.test(name) ? name : undefined;
}
