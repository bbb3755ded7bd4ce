import type { Socket } from "node:net";
import type { StreamTemplate } from "../plan/plan.ts";
import { openCallStream } from "./open-call-stream.ts";
import { openHttp1Stream } from "./open-http1-stream.ts";
import type { OpenStream, StreamTimes } from "./stream.ts";

/** Opens a stream of any kind over a socket of its own. Rejects with the reason when the server does not open it. */
export async function openStream(
  socket: Socket,
  stream: Pick<StreamTemplate, "kind" | "path" | "headers" | "body">,
  hostHeader: string,
  times: StreamTimes,
): Promise<OpenStream> {
  const { kind } = stream;
  return kind === "grpc"
    ? await openCallStream(socket, stream, hostHeader, times.openMs)
    : await openHttp1Stream(socket, { ...stream, kind }, hostHeader, times);
}
