import { isToken } from "@seaworthy/load";
import { hostName } from "../host-name.ts";
import { wirePath } from "../wire-path.ts";
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

/** Makes a request that can be sent of what a line says; undefined when it says none. */
export function requestOf({ method, target, status, host, agent }: Logged): LoggedRequest | undefined {
  const [, authority, rest] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [undefined, undefined, target];
  const path = wirePath(authority !== undefined && !rest?.startsWith("/") ? `/${rest}` : (rest ?? ""));
  if (path === undefined || method.length > 20 || !isToken(method)) return undefined;
  const isStatus = status !== undefined && status >= 100 && status <= 599;
  return {
    method: method.toUpperCase(),
    path,
    host: hostName(host) ?? hostName(authority),
    status: isStatus ? status : undefined,
    agent,
  };
}
