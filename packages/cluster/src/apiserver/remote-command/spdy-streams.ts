import type { Duplex } from "node:stream";
import { SpdySession, type SpdyStream } from "../spdy/spdy-session.ts";
import { formatOutcome, type OutcomeForm } from "./outcome.ts";
import { parseTerminalSize, type RemoteStreams, type WantedStreams } from "./remote-streams.ts";

/** The protocols over SPDY: https://github.com/kubernetes/kubelet/blob/master/pkg/cri/streaming/remotecommand/httpstream.go */
export const spdyCommandProtocols: ReadonlyMap<string, OutcomeForm> = new Map([
  ["v4.channel.k8s.io", "v4"],
  ["v3.channel.k8s.io", "text"],
  ["v2.channel.k8s.io", "text"],
  ["channel.k8s.io", "text"],
]);

/** How long a client may take to open the streams that it asked for. */
const openTimeoutMs = 30_000;

/**
 * The streams of a command over SPDY, each with a header `streamType`. Undefined when the client does not open all of them
 * in time: the connection is then closed.
 */
export async function spdyStreams(
  socket: Duplex,
  protocol: string,
  wanted: WantedStreams,
  argv: readonly string[],
): Promise<RemoteStreams | undefined> {
  const form = spdyCommandProtocols.get(protocol) ?? "text";
  const expected = [
    "error",
    ...(wanted.stdin ? ["stdin"] : []),
    ...(wanted.stdout ? ["stdout"] : []),
    ...(wanted.stderr && !wanted.tty ? ["stderr"] : []),
    ...(wanted.tty && (protocol === "v4.channel.k8s.io" || protocol === "v3.channel.k8s.io")
      ? ["resize"]
      : []),
  ];
  const streams = new Map<string, SpdyStream>();
  const complete = Promise.withResolvers<boolean>();
  const session = new SpdySession(socket, (stream) => {
    const type = stream.headers.get("streamtype") ?? "";
    if (!expected.includes(type) || streams.has(type)) return void stream.destroy();
    streams.set(type, stream);
    if (streams.size === expected.length) complete.resolve(true);
  });
  const timer = setTimeout(() => complete.resolve(false), openTimeoutMs).unref();
  session.gone.addEventListener("abort", () => complete.resolve(false), { once: true });
  const isComplete = await complete.promise;
  clearTimeout(timer);
  if (!isComplete) {
    session.close();
    return undefined;
  }
  const error = streams.get("error");
  return {
    stdin: streams.get("stdin"),
    stdout: streams.get("stdout"),
    stderr: streams.get("stderr"),
    gone: session.gone,
    onResize(listener) {
      let rest = "";
      // Sizes come as JSON, one after another.
      streams.get("resize")?.on("data", (chunk: Buffer) => {
        const texts = (rest + String(chunk)).split(/(?<=\})/);
        rest = texts.at(-1)?.endsWith("}") === true ? "" : (texts.pop() ?? "").slice(-largestSize);
        for (const text of texts) {
          const size = parseTerminalSize(text);
          if (size !== undefined) listener(size);
        }
      });
    },
    end(outcome) {
      error?.end(formatOutcome(outcome, form, argv) ?? "", () => session.close());
    },
  };
}

/** No size is written in more. */
const largestSize = 100;
