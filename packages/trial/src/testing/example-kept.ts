import type { KeptConnection } from "../kept/kept-connection.ts";

/** A busy connection to the pod `old` that was answered well and is open. */
export const exampleKept: KeptConnection = {
  podUid: "old",
  use: "busy",
  openedAt: 600,
  answeredAt: 9_900,
  announcedAt: undefined,
  closedAt: undefined,
  badAnswer: undefined,
};
