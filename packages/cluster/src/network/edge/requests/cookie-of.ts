import type { EdgeRequest } from "./edge-request.ts";

/** The value of a cookie that a request brings. */
export function cookieOf({ headers }: EdgeRequest, name: string): string | undefined {
  for (const part of (headers.cookie ?? "").split(";")) {
    const equals = part.indexOf("=");
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}
