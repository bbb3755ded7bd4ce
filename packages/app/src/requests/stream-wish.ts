import type { Place } from "@seaworthy/errors";
import type { StreamTemplate } from "@seaworthy/load";

/** Streams that users hold open, as clients of the Ingress open them. */
export interface StreamWish extends Pick<
  StreamTemplate,
  "kind" | "path" | "headers" | "body" | "connections"
> {
  /** Where it is written, for errors. */
  readonly place?: Place | undefined;
}
