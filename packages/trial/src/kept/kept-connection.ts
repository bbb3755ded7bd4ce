/** A connection that the trial itself kept to one pod, to see how the app ends what it holds. Times are milliseconds since the epoch. */
export interface KeptConnection {
  readonly podUid: string;
  /** `idle`: one request, and then nothing. `busy`: a request every now and then, and often once the pod is deleted. */
  readonly use: "idle" | "busy";
  readonly openedAt: number;
  /** When the last good answer came. */
  readonly answeredAt: number | undefined;
  /** When an answer said `Connection: close`. */
  readonly announcedAt: number | undefined;
  /** When the pod closed or reset it. */
  readonly closedAt: number | undefined;
  /** The first answer that was not good, after good ones. */
  readonly badAnswer: { readonly at: number; readonly status: number } | undefined;
}
