import type { ApiRequest, Transport } from "@seaworthy/client";
import type { JsonObject } from "@seaworthy/kube";

/** What the API server answers to a request whose body is YAML, as kubectl's users write it. */
export async function sendYaml(
  transport: Transport,
  method: ApiRequest["method"],
  path: string,
  yaml: string,
): Promise<{ readonly status: number; readonly body: JsonObject; readonly warnings: readonly string[] }> {
  const response = await transport({
    method,
    path,
    query: new URLSearchParams(),
    headers: { "content-type": "application/yaml", accept: "application/json" },
    ...(yaml === "" ? {} : { body: yaml }),
  });
  let text = "";
  for await (const chunk of response.body) text += chunk;
  const { warning = "" } = response.headers;
  return {
    status: response.status,
    body: JSON.parse(text) as JsonObject,
    warnings: Array.from(
      warning.matchAll(/299 - ("(?:\\.|[^"])*")/g),
      ([, quoted = '""']) => JSON.parse(quoted) as string,
    ),
  };
}
