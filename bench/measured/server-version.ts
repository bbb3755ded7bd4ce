import type { Transport } from "@seaworthy/client";

/** The version of an API server, as `v1.36.3`: who gave the answers that a bench writes down. */
export async function serverVersion(transport: Transport): Promise<string> {
  const { body } = await transport({
    method: "GET",
    path: "/version",
    query: new URLSearchParams(),
    headers: {},
  });
  return (JSON.parse(body as string) as { readonly gitVersion: string }).gitVersion;
}
