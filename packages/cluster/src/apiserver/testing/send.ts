import type { JsonObject } from "@seaworthy/kube";
import type { Fixture } from "./start-api.ts";

/** Sends a request for which the client has no types, and reads the answer as JSON. */
export async function send(
  { transport }: Pick<Fixture, "transport">,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  object?: unknown,
  contentType = "application/json",
): Promise<{
  readonly status: number;
  readonly body: JsonObject & { readonly message?: string };
  readonly warning: string | undefined;
}> {
  const [pathname = "", query = ""] = path.split("?");
  const answer = await transport({
    method,
    path: pathname,
    query: new URLSearchParams(query),
    headers: { "content-type": contentType },
    ...(object === undefined ? {} : { body: JSON.stringify(object) }),
  });
  let text = "";
  for await (const piece of typeof answer.body === "string" ? [answer.body] : answer.body) text += piece;
  const body = JSON.parse(text) as JsonObject;
  return { status: answer.status, body, warning: answer.headers["warning"] };
}
