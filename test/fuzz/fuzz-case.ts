import type { Dice } from "./dice.ts";

/** One thing to send, and what may come of it. */
export interface FuzzCase {
  /** For the message when it fails. */
  readonly name: string;
  /** What is sent: each character is a byte. */
  readonly bytes: string;
  /** An answer to HEAD has no body. */
  readonly method?: string;
  /** The statuses that are right. Undefined: every one below 500. */
  readonly statuses?: readonly number[];
  /**
   * `goes on`: one answer, and the connection takes more requests. `ends`: one answer, after which the server ends the
   * connection and reads no request behind it. `cut`: the client ends its side after the bytes; answers may come, and the
   * server ends the connection.
   */
  readonly connection: "goes on" | "ends" | "cut";
  /** What was sent in headers that must not come back, or not as headers. */
  readonly marker?: string;
  /**
   * Headers that may come back, in lower case, with what was sent in each of them. `as sent`: nobody knows what is a header
   * in it, but what comes back must have been sent.
   */
  readonly echo?: ReadonlyMap<string, readonly string[]> | "as sent";
  /** The header that must come back, in lower case, and the body. */
  readonly copied?: string;
  readonly body?: string;
}

/** Makes a case of a group. */
export type CaseMaker = (dice: Dice, index: number) => FuzzCase;

/** A request's head with the headers that it cannot do without. */
export function head(method: string, target: string, lines: readonly string[] = []): string {
  return [`${method} ${target} HTTP/1.1`, "Host: fuzz", ...lines, "", ""].join("\r\n");
}

/** A request that must never be answered, nor processed. */
export function canary(index: number): string {
  return head("GET", `${canaryPath}${index}`);
}

/** What paths of such requests begin with. */
export const canaryPath = "/canary-";

/** A request that has to be refused, and after which the connection ends. */
export function refused(name: string, bytes: string, statuses: readonly number[] = [400]): FuzzCase {
  return { name, bytes, statuses, connection: "ends" };
}

/** A request that is as it should be, and may have its headers back. */
export function taken(
  name: string,
  headers: readonly (readonly [name: string, value: string])[],
  target = "/any",
): FuzzCase {
  const echo = new Map<string, string[]>();
  for (const [key, value] of headers) {
    const values = echo.get(key.toLowerCase()) ?? [];
    values.push(value.replace(/^[\t ]+|[\t ]+$/g, ""));
    echo.set(key.toLowerCase(), values);
  }
  const lines = headers.map(([key, value]) => `${key}: ${value}`);
  return { name, bytes: head("GET", target, lines), statuses: [200], connection: "goes on", echo };
}

/** What no other case has sent. */
export function markerOf(index: number): string {
  return `fuzz-${index}-marker`;
}

/** A request after which the client ends its side. */
export function cut(name: string, bytes: string, statuses: readonly number[]): FuzzCase {
  return { name, bytes, statuses, connection: "cut" };
}
