import type { ApiRequest } from "@seaworthy/client";

/** Where a request is passed on to. */
export interface ProxyTarget {
  readonly isTls: boolean;
  readonly ip: string;
  /** As the client or a manifest says it, so that it may be none. */
  readonly port: string;
}

/** What the name in a path means: `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`. */
export interface NamedTarget {
  readonly isTls: boolean;
  readonly name: string;
  readonly port: string;
}

/**
 * Takes the name in a path apart; undefined when it is none.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/util/net/port_split.go
 */
export function splitTarget(id: string): NamedTarget | undefined {
  const parts = id.split(":");
  if (parts.length > 3) return undefined;
  const [scheme = "", name = "", port = ""] = parts.length === 3 ? parts : ["", ...parts];
  if (name === "" || !["", "http", "https"].includes(scheme)) return undefined;
  return { isTls: scheme === "https", name, port };
}

/** The path behind `/proxy`, cleaned as Go does: no `..`, no empty parts but a last one. */
export function pathBelow(below: readonly string[], { path }: Pick<ApiRequest, "path">): string {
  const parts: string[] = [];
  for (const part of below.flatMap((each) => each.split("/"))) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(encodeURI(part).replace(/[?#]/g, encodeURIComponent));
  }
  return `/${parts.join("/")}${path.endsWith("/") && parts.length > 0 ? "/" : ""}`;
}
