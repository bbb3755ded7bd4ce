import type { LoadReport } from "@seaworthy/load";
import { attribute, type AttributionContext } from "../causes/attribute.ts";

/** Says which clients lost how many requests by a restart of the edge; undefined when nobody did. */
export function edgeLosses(
  { failures }: Pick<LoadReport, "failures">,
  context: AttributionContext,
): string | undefined {
  if ((context.edgeRestarts ?? []).length === 0) return undefined;
  const clients = failures
    .filter((outcome) => attribute(outcome, context).cause === "edge-restarted")
    .map(({ client }) => client);
  if (clients.length === 0) return undefined;
  const kept = clients.filter((client) => client === "keep-alive").length;
  return `of the requests that went with the edge, ${kept} were of clients that keep their connections, and ${clients.length - kept} of clients that open one for each request`;
}
