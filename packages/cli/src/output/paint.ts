import { styleText } from "node:util";

/** Colours a text for a stream; words carry the meaning, so that no colour is needed. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** Colours as the stream allows: none without a terminal or with NO_COLOR. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (style, text) => styleText(style, text, { stream: stream });
}

/** Leaves text as it is. */
export const plainPaint: Paint = (_, text) => text;
