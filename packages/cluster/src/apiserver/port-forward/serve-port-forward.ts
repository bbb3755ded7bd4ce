import type { WebSocket } from "ws";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { PodOnNode } from "../../kubelet.ts";
import { notParsed } from "../http/query-options.ts";
import { textResponse } from "../http/responses.ts";
import { badRequest } from "../http/status-error.ts";
import { asksForUpgrade, asksForWebSocket, upgradeResponse } from "../http/upgrade.ts";
import { negotiateSpdy } from "../spdy/negotiate-spdy.ts";
import type { ChannelEncoding } from "../websocket/channels.ts";
import { chooseSubprotocol } from "../websocket/choose-subprotocol.ts";
import { forwardOverChannels } from "./forward-over-channels.ts";
import { forwardOverSpdy } from "./forward-over-spdy.ts";

/** What is spoken over SPDY. */
const protocol = "portforward.k8s.io";
/** SPDY inside a WebSocket, as kubectl speaks from 1.31 on: KEP-4006. */
const tunnel = `SPDY/3.1+${protocol}`;
/** The subprotocols in which each port has two channels; a client that offers none speaks the first. */
const channelProtocols: ReadonlyMap<string, ChannelEncoding> = new Map([
  ["", "binary"],
  ["v4.channel.k8s.io", "binary"],
  ["v4.base64.channel.k8s.io", "base64"],
]);

/** Answers a request to forward ports of a pod by changing the protocol. `pod` is undefined when its node has none. */
export function servePortForward(
  request: ApiRequest,
  pod: PodOnNode | undefined,
  podName: string,
): ApiResponse {
  if (!asksForUpgrade(request)) throw badRequest("Upgrade request required");
  const ports = readPorts(request.query);
  if (pod === undefined) return textResponse(500, `pod not found (${JSON.stringify(podName)})`);
  if (!asksForWebSocket(request)) return overSpdy(request, pod);
  const isTunnel = chooseSubprotocol(request, new Map([[tunnel, true]])) !== undefined;
  return isTunnel ? throughTunnel(pod) : overChannels(request, pod, ports);
}

function overSpdy(request: ApiRequest, pod: PodOnNode): ApiResponse {
  const agreed = negotiateSpdy(request, [protocol]);
  if ("status" in agreed) return agreed;
  return upgradeResponse({
    kind: "stream",
    headers: agreed.headers,
    run: (socket) => forwardOverSpdy(socket, pod),
  });
}

function throughTunnel(pod: PodOnNode): ApiResponse {
  return upgradeResponse({
    kind: "websocket",
    subprotocol: tunnel,
    run(socket) {
      // What comes before somebody listens would be lost.
      socket.pause();
      void openTunnel(socket, pod);
    },
  });
}

async function openTunnel(socket: WebSocket, pod: PodOnNode): Promise<void> {
  const { createWebSocketStream } = await import("ws");
  forwardOverSpdy(createWebSocketStream(socket), pod);
}

function overChannels(request: ApiRequest, pod: PodOnNode, ports: readonly number[]): ApiResponse {
  if (ports.length === 0) return textResponse(400, 'query parameter "port" is required');
  if (ports.includes(0)) return textResponse(400, 'port "0" must be > 0');
  const chosen = chooseSubprotocol(request, channelProtocols);
  if (chosen === undefined) return textResponse(403, "");
  return upgradeResponse({
    kind: "websocket",
    subprotocol: chosen.name,
    run: (socket) => void forwardOverChannels(socket, chosen.meaning, pod, ports),
  });
}

/** `ports=80&ports=81,82`: PodPortForwardOptions of core/v1. */
function readPorts(query: URLSearchParams): number[] {
  const texts = query.getAll("ports").flatMap((list) => list.split(","));
  return texts.map((text) => {
    const why = !/^\d+$/.test(text)
      ? "invalid syntax"
      : Number(text) > 65_535
        ? "value out of range"
        : undefined;
    if (why !== undefined) throw notParsed("ParseUint", text, why, "cannot convert to []int32: ");
    return Number(text);
  });
}
