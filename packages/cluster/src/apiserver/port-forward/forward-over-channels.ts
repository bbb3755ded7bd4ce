import { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { PodOnNode } from "../../kubelet.ts";
import { WebSocketChannels, type ChannelEncoding } from "../websocket/channels.ts";
import { forwardPort } from "./forward-port.ts";

/**
 * Forwards ports over a WebSocket, one connection each: two channels per port, for data and for errors, of which each
 * begins with the port's number. The WebSocket is closed when all have ended.
 * https://github.com/kubernetes/kubelet/blob/master/pkg/cri/streaming/portforward/websocket.go
 */
export async function forwardOverChannels(
  socket: WebSocket,
  encoding: ChannelEncoding,
  pod: PodOnNode,
  ports: readonly number[],
): Promise<void> {
  const connection = new WebSocketChannels(socket, { encoding, canEnd: false });
  for (const [index, port] of ports.entries())
    for (const channel of [2 * index, 2 * index + 1])
      connection.send(channel, Buffer.of(port & 0xff, port >> 8));
  let close = () => connection.close();
  void pod.ended.then(() => close());
  connection.gone.addEventListener("abort", () => (close = () => {}));
  await Promise.all(
    ports.map(async (port, index) => {
      const readable = connection.readable(2 * index);
      const data = Duplex.from({ readable, writable: connection.writable(2 * index) });
      data.on("error", () => {});
      const failure = await forwardPort(pod, port, data);
      if (failure !== undefined) connection.send(2 * index + 1, Buffer.from(failure));
    }),
  );
  close();
}
