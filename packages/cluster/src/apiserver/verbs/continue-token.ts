import { posix } from "node:path";
import { badRequest } from "../http/status-error.ts";

/** From where on a list goes on, and of which state. */
export interface ContinueToken {
  /** The revision of the list; -1 for whatever is the newest state. */
  readonly revision: number;
  /** The first key that may come, from the namespace of the list on. */
  readonly start: string;
}

/**
 * A continue token as Kubernetes makes them, so that it says all that the server has to know, also after a restart.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/storage/continue.go
 */
export function encodeContinue({ revision, start }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: version, rv: revision, start })).toString("base64url");
}

/** Reads a token; refuses with 400. */
export function decodeContinue(text: string): ContinueToken {
  const refuse = (why: string) => badRequest(`invalid continue token: continue key is not valid${why}`);
  const bad = firstBadByte(text);
  if (bad !== undefined) throw refuse(`: illegal base64 data at input byte ${bad}`);
  let token: { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown } | null;
  try {
    token = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as typeof token;
  } catch (error) {
    throw refuse(`: ${(error as Error).message}`);
  }
  const { v = "", rv = 0, start = "" } = token ?? {};
  if (v !== version) throw refuse(`: server does not recognize this encoded version ${String(v)}`);
  if (typeof rv !== "number" || !Number.isSafeInteger(rv) || rv === 0)
    throw refuse(`: incorrect encoded start resourceVersion (version ${version})`);
  if (typeof start !== "string" || start === "")
    throw refuse(`: encoded start key empty (version ${version})`);
  const path = start.startsWith("/") ? start : `/${start}`;
  const clean = posix.normalize(path);
  if (clean !== path || (path.endsWith("/") && path !== "/")) throw refuse(`: ${start}`);
  return { revision: rv, start: path.slice(1) };
}

const version = "meta.k8s.io/v1";

/** Where Go's base64.RawURLEncoding would give up. */
function firstBadByte(text: string): number | undefined {
  const bad = text.search(/[^\w-]/);
  if (bad >= 0) return bad;
  return text.length % 4 === 1 ? text.length - 1 : undefined;
}
