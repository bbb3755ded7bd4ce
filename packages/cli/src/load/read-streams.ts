import { SeaworthyError } from "@seaworthy/errors";
import { grpcMethodPattern, grpcStream, type StreamTemplate } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { listFlag } from "../flag-values.ts";
import { headersOf } from "./read-request.ts";

const usualConnections = 8;

/** The streams of `--stream`, with the headers that requests have, too. Throws SW1002. */
export function readStreams(flags: FlagValues): StreamTemplate[] {
  const headers = headersOf(flags);
  return listFlag(flags, "stream").map((text) => {
    const [, kind, what = "", count] =
      /^(sse|websocket|grpc):([\x21-\x7e]+?)(?::(\d{1,4}))?$/.exec(text) ?? [];
    const connections = count === undefined ? usualConnections : Number(count);
    const isInBounds = connections >= 1 && connections <= 1_000;
    if (isInBounds && (kind === "sse" || kind === "websocket") && what.startsWith("/"))
      return { kind, path: what, headers, connections };
    if (isInBounds && kind === "grpc" && grpcMethodPattern.test(what))
      return { ...grpcStream(what, undefined, headers), connections };
    throw new SeaworthyError("SW1002", `--stream cannot be ${text}`, {
      field: "--stream",
      next: [
        "give kind, path and a number up to 1000: --stream sse:/events:24, --stream websocket:/ws",
        "of gRPC the method: --stream grpc:grpc.health.v1.Health/Watch",
      ],
    });
  });
}
