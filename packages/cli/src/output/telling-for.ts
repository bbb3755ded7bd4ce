import type { Telling } from "./format-told.ts";
import { paintFor } from "./paint.ts";

/** How things are told on a stream. A screen is as wide as it is, within what reads well; text for a file or a pipe is made for the usual one. */
export function tellingFor(
  stream: NodeJS.WritableStream & { readonly columns?: number; readonly isTTY?: boolean },
): Telling & {
  readonly width: number;
} {
  return {
    paint: paintFor(stream),
    isScreen: stream.isTTY === true,
    width: Math.min(120, Math.max(40, stream.columns ?? 80)),
  };
}
