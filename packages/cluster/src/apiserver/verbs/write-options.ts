/** How a write is to be done. */
export interface WriteOptions {
  /** Do everything except storing the result. */
  readonly dryRun: boolean;
}
