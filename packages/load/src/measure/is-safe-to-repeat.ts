import type { Outcome } from "./outcome.ts";

/**
 * Whether a client that lost this request may send it again and be sure that nothing is done twice: it never left, or its
 * method is idempotent (RFC 9110, section 9.2.2). Of any other, nobody knows whether the server did what it asks.
 */
export function isSafeToRepeat({ method, class: name }: Pick<Outcome, "method" | "class">): boolean {
  return idempotent.has(method) || neverSent.has(name);
}

const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

const neverSent: ReadonlySet<Outcome["class"]> = new Set([
  "refused",
  "unreachable",
  "connect-timeout",
  "tls-failure",
]);
