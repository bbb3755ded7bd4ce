/** One request that a log tells of. */
export interface LoggedRequest {
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly path: string;
  readonly host: string | undefined;
  readonly status: number | undefined;
  /** Who asked, by his own word. */
  readonly agent: string | undefined;
}
