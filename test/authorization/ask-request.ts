import type { Transport } from "@seaworthy/client";
import type { AskedRequest } from "./requests.ts";

/** What an API server answered, without what differs from one to the next: uids, times, tokens. */
export interface RequestAnswer {
  readonly code: number;
  readonly body: unknown;
}

/** Sends a request with an administrator's transport. */
export async function askRequest(transport: Transport, asked: AskedRequest): Promise<RequestAnswer> {
  const { pathname, searchParams: query } = new URL(asked.path, "http://x");
  const [user, ...groups] = asked.as?.split("+") ?? [];
  const headers: Record<string, string> = {
    accept: "application/json",
    "content-type": "application/json",
    ...asked.headers,
    ...(user === undefined ? {} : { "impersonate-user": user }),
    // node:http sends one line for each text of a list.
    ...(groups.length === 0 ? {} : { "impersonate-group": groups as never }),
  };
  const body = asked.body === undefined ? {} : { body: JSON.stringify(asked.body) };
  const answer = await transport({ method: asked.method, path: pathname, query, headers, ...body });
  return { code: answer.status, body: readBody(answer.body as string) };
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (varying.has(key)) return undefined;
      return unordered.has(key) ? sorted(value as readonly unknown[]) : value;
    }) as unknown;
  } catch {
    return text;
  }
}

const varying = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "managedFields",
  "token",
  "expirationTimestamp",
  // The name of the issuer is a cluster's own.
  "audiences",
]);

/** A user's rules come in the order of the server's memory. */
const unordered = new Set(["resourceRules", "nonResourceRules"]);

function sorted(values: readonly unknown[]): unknown[] {
  return values.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
