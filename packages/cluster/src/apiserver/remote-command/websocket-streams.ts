import type { WebSocket } from "ws";
import type { TerminalSize } from "../../remote-process.ts";
import { WebSocketChannels, type ChannelEncoding } from "../websocket/channels.ts";
import { formatOutcome, type OutcomeForm } from "./outcome.ts";
import { parseTerminalSize, type RemoteStreams, type WantedStreams } from "./remote-streams.ts";

/** What a subprotocol means. */
export interface CommandProtocol {
  readonly outcome: OutcomeForm;
  readonly encoding: ChannelEncoding;
}

/**
 * The subprotocols over WebSockets: https://github.com/kubernetes/kubelet/blob/master/pkg/cri/streaming/remotecommand/websocket.go
 * and, for v5, KEP-4006. A client that offers none speaks the first version.
 */
export const commandProtocols: ReadonlyMap<string, CommandProtocol> = new Map([
  ["v5.channel.k8s.io", { outcome: "v5", encoding: "binary" }],
  ["v4.channel.k8s.io", { outcome: "v4", encoding: "binary" }],
  ["v4.base64.channel.k8s.io", { outcome: "v4", encoding: "base64" }],
  ["channel.k8s.io", { outcome: "text", encoding: "binary" }],
  ["base64.channel.k8s.io", { outcome: "text", encoding: "base64" }],
  ["", { outcome: "text", encoding: "binary" }],
]);

/** The one to speak where it is offered. */
export const preferredCommandProtocol = "v5.channel.k8s.io";

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 };

/** The streams of a command over a WebSocket, a channel each. */
export function websocketStreams(
  socket: WebSocket,
  { outcome: form, encoding }: CommandProtocol,
  wanted: WantedStreams,
  argv: readonly string[],
): RemoteStreams {
  const connection = new WebSocketChannels(socket, { encoding, canEnd: form === "v5" });
  const stdout = wanted.stdout ? connection.writable(channels.stdout) : undefined;
  const stderr = wanted.stderr && !wanted.tty ? connection.writable(channels.stderr) : undefined;
  // An empty message on the first channel that is written to says that the connection stands.
  const first = stdout === undefined ? (stderr === undefined ? "error" : "stderr") : "stdout";
  connection.send(channels[first], Buffer.alloc(0));
  const resizes = wanted.tty ? connection.readable(channels.resize) : undefined;
  return {
    stdin: wanted.stdin ? connection.readable(channels.stdin) : undefined,
    stdout,
    stderr,
    gone: connection.gone,
    onResize(listener: (size: TerminalSize) => void) {
      // Each message is one size.
      resizes?.on("data", (message: Buffer) => {
        const size = parseTerminalSize(message.toString());
        if (size !== undefined) listener(size);
      });
    },
    end(outcome) {
      const text = formatOutcome(outcome, form, argv);
      if (text !== undefined) connection.send(channels.error, Buffer.from(text));
      connection.close();
    },
  };
}
