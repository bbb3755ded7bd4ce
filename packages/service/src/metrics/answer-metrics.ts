import type { ServerResponse } from "node:http";
import type { Exchange } from "../exchange.ts";
import type { Exposition, MetricsRegistry } from "./metrics-registry.ts";

/** Answers a scrape in the format that it asks for. Other methods than GET and HEAD get 405. */
export function answerMetrics({ request, response: either }: Exchange, registry: MetricsRegistry): void {
  const response = either as ServerResponse; // HTTP/2's answer has the same methods.
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD", "content-length": 0 }).end();
    return;
  }
  const exposition = registry.render(request.headers.accept);
  if (exposition instanceof Promise) void exposition.then(send, () => response.destroy());
  else send(exposition);

  function send({ contentType, body }: Exposition): void {
    response.writeHead(200, { "content-type": contentType, "content-length": Buffer.byteLength(body) });
    response.end(request.method === "HEAD" ? undefined : body);
  }
}
