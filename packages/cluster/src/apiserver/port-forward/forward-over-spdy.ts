import type { Duplex } from "node:stream";
import type { PodOnNode } from "../../kubelet.ts";
import { SpdySession, type SpdyStream } from "../spdy/spdy-session.ts";
import { forwardPort } from "./forward-port.ts";

/** How long a client may take to open the second stream of a pair. */
const pairTimeoutMs = 30_000;

interface Pair {
  readonly streams: Map<string, SpdyStream>;
  readonly timer: NodeJS.Timeout;
}

/**
 * Forwards ports over SPDY. For each connection the client opens two streams with the same `requestID`: one for errors,
 * one for data. A connection that is lost with its pod ends all.
 * https://github.com/kubernetes/kubelet/blob/master/pkg/cri/streaming/portforward/httpstream.go
 */
export function forwardOverSpdy(socket: Duplex, pod: PodOnNode): void {
  const pairs = new Map<string, Pair>();
  const session = new SpdySession(socket, take);
  let close = () => session.close();
  void pod.ended.then(() => close());
  session.gone.addEventListener("abort", () => {
    // The pod may outlive many of its clients, and is not to remember them.
    close = () => {};
    for (const { timer } of pairs.values()) clearTimeout(timer);
  });

  function take(stream: SpdyStream): void {
    const type = stream.headers.get("streamtype") ?? "";
    const port = parsePort(stream.headers.get("port"));
    if (port === undefined || (type !== "error" && type !== "data")) return void stream.destroy();
    const id = stream.headers.get("requestid") ?? idOfOldClient(stream.id, type);
    const pair = pairs.get(id) ?? begin(id);
    if (pair.streams.has(type)) return void stream.destroy();
    pair.streams.set(type, stream);
    const [data, error] = [pair.streams.get("data"), pair.streams.get("error")];
    if (data === undefined || error === undefined) return;
    clearTimeout(pair.timer);
    pairs.delete(id);
    void forward(port, data, error);
  }

  function begin(id: string): Pair {
    const timer = setTimeout(() => {
      for (const stream of pairs.get(id)?.streams.values() ?? []) stream.destroy();
      pairs.delete(id);
    }, pairTimeoutMs).unref();
    const pair = { streams: new Map<string, SpdyStream>(), timer };
    pairs.set(id, pair);
    return pair;
  }

  async function forward(port: number, data: SpdyStream, error: SpdyStream): Promise<void> {
    const failure = await forwardPort(pod, port, data);
    error.end(failure);
    // The client does not write to it, and may forget to end it.
    error.resume();
    if (!data.writableEnded) data.end();
  }
}

/** Clients before Kubernetes 1.1 opened the stream for errors first and said no more. */
function idOfOldClient(streamId: number, type: "error" | "data"): string {
  return String(type === "error" ? streamId : streamId - 2);
}

/** Undefined when it is none. */
function parsePort(text: string | undefined): number | undefined {
  const port = /^\d{1,5}$/.test(text ?? "") ? Number(text) : 0;
  return port > 0 && port < 65_536 ? port : undefined;
}
