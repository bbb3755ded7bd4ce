import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { EdgeRouter } from "./edge-router.ts";
import type { RouteMatch } from "./route-table.ts";
import { joinSockets } from "../services/forwarder.ts";
import type { OwnAnswer, ProxyBehavior } from "./proxy-behavior.ts";
import { headersForPod, requestIdOf } from "./proxy-headers.ts";
import type { Dial } from "./upstream.ts";

/** A request to change the protocol (WebSocket), with the bytes that came after it. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly match: RouteMatch;
  readonly worker: number;
  readonly router: EdgeRouter;
  readonly dial: Dial;
}

/** Joins the client to a pod: from then on the two speak to each other alone. */
export async function forwardUpgrade(upgrade: Upgrade): Promise<void> {
  const { request, socket, head, match } = upgrade;
  const { behavior } = match.route;
  socket.on("error", () => {});
  let triesLeft = behavior.retry === "next-upstream" ? Math.min(behavior.tries, 20) : 1;
  let failed: OwnAnswer = behavior.noEndpoints;
  for (; triesLeft > 0; triesLeft -= 1) {
    const endpoint = upgrade.router.next(match.route, upgrade.worker);
    if (endpoint === undefined) break;
    try {
      const pod = await upgrade.dial(endpoint.ip, endpoint.port, behavior.connectTimeoutMs);
      pod.write(requestHead(request, match.target, behavior));
      if (head.length > 0) pod.write(head);
      if (socket.destroyed) pod.destroy();
      else joinSockets(socket, pod);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      failed = behavior.failure(code === "ETIMEDOUT" ? "connect-timeout" : "connect-failed", code);
    }
  }
  refuseUpgrade(socket, failed);
}

/** Answers with the proxy's own words and closes. */
export function refuseUpgrade(socket: Socket, own: OwnAnswer): void {
  const length = Buffer.byteLength(own.body);
  socket.end(
    `HTTP/1.1 ${own.status} ${STATUS_CODES[own.status] ?? ""}\r\nConnection: close\r\nContent-Type: ${own.contentType ?? "text/plain"}\r\nContent-Length: ${length}\r\n\r\n${own.body}`,
  );
}

function requestHead(request: IncomingMessage, target: string, behavior: ProxyBehavior): string {
  const headers = headersForPod(request, behavior.forwarded, requestIdOf(request));
  headers.push("Connection", "Upgrade", "Upgrade", request.headers.upgrade ?? "");
  let text = `${request.method ?? "GET"} ${target} HTTP/1.1\r\n`;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    text += `${headers[index] ?? ""}: ${headers[index + 1] ?? ""}\r\n`;
  }
  return `${text}\r\n`;
}
