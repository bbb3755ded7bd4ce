import { SeaworthyError } from "@seaworthy/errors";
import type { StreamTemplate } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { listFlag } from "../flag-values.ts";
import { headersOf } from "./read-request.ts";

const usualConnections = 8;

/** The streams of `--stream`, with the headers that requests have, too. Throws SW1002. */
export function readStreams(flags: FlagValues): StreamTemplate[] {
  const headers = headersOf(flags);
  return listFlag(flags, "stream").map((text) => {
    const [, kind, path, count] = /^(sse|websocket):(\/[\x21-\x7e]*?)(?::(\d{1,4}))?$/.exec(text) ?? [];
    const connections = count === undefined ? usualConnections : Number(count);
    if (
      (kind === "sse" || kind === "websocket") &&
      path !== undefined &&
      connections >= 1 &&
      connections <= 1_000
    )
      return { kind, path, headers, connections };
    throw new SeaworthyError("SW1002", `--stream cannot be ${text}`, {
      field: "--stream",
      next: ["give kind, path and a number up to 1000: --stream sse:/events:24, --stream websocket:/ws"],
    });
  });
}
