import type { Outcome } from "@seaworthy/load";

/** An answer whose status alone is bad: of HTTP, or of a call. */
export function isAnswer({ class: name }: Pick<Outcome, "class">): boolean {
  return name === "bad-status" || name === "bad-grpc-status";
}
