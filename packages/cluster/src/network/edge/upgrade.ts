import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { joinSockets } from "../services/forwarder.ts";
import type { ServiceBackend } from "./edge-route.ts";
import { podHeaderChanges } from "./pod-header-changes.ts";
import { isOwnPod } from "./pods/affinity.ts";
import type { EdgeRouter } from "./pods/edge-router.ts";
import { dialSecurely, type Dial } from "./pods/upstream.ts";
import type { OwnAnswer } from "./proxy-behavior.ts";
import type { EdgeRequest } from "./requests/edge-request.ts";
import { changeHeaders } from "./requests/header-changes.ts";
import { headersForPod, requestIdOf } from "./requests/proxy-headers.ts";
import type { RouteMatch } from "./route-table.ts";

/** A request to change the protocol (WebSocket), with the bytes that came after it. */
export interface Upgrade {
  readonly request: EdgeRequest;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly match: RouteMatch;
  readonly router: EdgeRouter;
  readonly dial: Dial;
}

/** Joins the client to a pod: from then on the two speak to each other alone. */
export async function forwardUpgrade(upgrade: Upgrade): Promise<void> {
  const { request, socket, head, match, router } = upgrade;
  const { behavior, answer, affinity, protocol } = match.route;
  const isOwn = affinity === undefined ? undefined : isOwnPod(affinity, request);
  const dial = protocol === "https" ? dialSecurely(upgrade.dial) : upgrade.dial;
  socket.on("error", () => {});
  const own = answer?.(request);
  const backend = own === undefined ? router.draw(match.route) : undefined;
  if (own !== undefined || backend?.service === undefined) {
    refuseUpgrade(socket, own ?? backend?.answer ?? behavior.noEndpoints);
    return;
  }
  let triesLeft = behavior.retry === "next-upstream" ? Math.min(behavior.tries, 20) : 1;
  let failed: OwnAnswer | undefined;
  for (; triesLeft > 0; triesLeft -= 1) {
    const endpoint = router.next(
      backend,
      request.connection.worker,
      failed === undefined ? isOwn : undefined,
    );
    if (endpoint === undefined) break;
    try {
      const pod = await dial(endpoint.ip, endpoint.port, behavior.connectTimeoutMs);
      pod.write(requestHead(request, match, backend));
      if (head.length > 0) pod.write(head);
      if (socket.destroyed) pod.destroy();
      else joinSockets(socket, pod);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      failed = behavior.failure(code === "ETIMEDOUT" ? "connect-timeout" : "connect-failed", code);
    }
  }
  refuseUpgrade(socket, failed ?? behavior.noEndpoints);
}

/** Answers with the proxy's own words and closes. */
export function refuseUpgrade(socket: Socket, own: OwnAnswer): void {
  const headers = [
    "Connection",
    "close",
    "Content-Type",
    own.contentType ?? "text/plain",
    "Content-Length",
    String(Buffer.byteLength(own.body)),
    ...(own.headers ?? []),
  ];
  socket.end(`HTTP/1.1 ${own.status} ${STATUS_CODES[own.status] ?? ""}\r\n${lines(headers)}\r\n${own.body}`);
  // It comes paused, and would not hear of the client's end.
  socket.resume();
}

function requestHead(request: EdgeRequest, { route, target }: RouteMatch, backend: ServiceBackend): string {
  const headers = changeHeaders(
    headersForPod(request, route.behavior.forwarded, requestIdOf(request)),
    ...podHeaderChanges(route, backend),
  );
  const upgrade = `Connection: Upgrade\r\nUpgrade: ${request.headers.upgrade ?? ""}\r\n`;
  return `${request.method} ${target} HTTP/1.1\r\n${lines(headers)}${upgrade}\r\n`;
}

function lines(headers: readonly string[]): string {
  let text = "";
  for (let index = 0; index + 1 < headers.length; index += 2)
    text += `${headers[index] ?? ""}: ${headers[index + 1] ?? ""}\r\n`;
  return text;
}
