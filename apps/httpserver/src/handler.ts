import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Lifecycle, MetricsRegistry } from "@seaworthy/service";
import { echoedHeaders } from "./echoed-headers.ts";
import { readBody } from "./read-body.ts";
import type { Settings } from "./settings.ts";

/** What the handler needs of the rest of the service. */
export interface HandlerParts {
  readonly settings: Pick<Settings, "version" | "podName">;
  readonly lifecycle: Pick<Lifecycle, "isReady" | "phase">;
  readonly metrics: Pick<MetricsRegistry, "contentType" | "render">;
}

/** Answers every request: probes and metrics at their paths, an echo everywhere else. */
export function createHandler({ settings, lifecycle, metrics }: HandlerParts): RequestListener {
  return (request, response) => {
    response.setHeader("version", settings.version);
    if (settings.podName !== undefined) response.setHeader("x-pod-name", settings.podName);
    const path = (request.url ?? "/").split("?", 1)[0];
    if (path === "/healthz") {
      // Alive even while it drains: a restart would cut the requests that are left.
      sendText(response, 200, "ok\n");
    } else if (path === "/readyz") {
      sendText(response, lifecycle.isReady ? 200 : 503, `${lifecycle.isReady ? "ready" : lifecycle.phase}\n`);
    } else if (path === "/metrics") {
      response.setHeader("content-type", metrics.contentType);
      response.end(metrics.render());
    } else {
      echo(request, response).catch((error: unknown) => response.destroy(error as Error));
    }
  };
}

/** Copies the request's headers to the answer; POST, PUT and PATCH have their body back. */
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of echoedHeaders(request.headers)) {
    if (!response.hasHeader(name)) response.setHeader(name, value); // Nobody sets our version for us.
  }
  // The load generator tells by this header that an answer belongs to its request.
  const token = request.headers["x-seaworthy-token"];
  if (token !== undefined) response.setHeader("x-seaworthy-echo", token);

  if (request.method !== "POST" && request.method !== "PUT" && request.method !== "PATCH") {
    sendText(response, 200, `${request.method} ${request.url}\n`);
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    sendText(response, 413, "the body is larger than this service echoes\n");
    return;
  }
  response.setHeader("content-type", request.headers["content-type"] ?? "application/octet-stream");
  response.end(body);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
