/** What of a container's log is asked for. */
export interface LogRequest {
  readonly container: string;
  /** The log of the run before the last restart. */
  readonly previous: boolean;
  readonly follow: boolean;
  readonly tailLines?: number;
  /** Lines that are older are left out; in milliseconds since the epoch. */
  readonly sinceMs?: number;
  readonly timestamps: boolean;
  readonly limitBytes?: number;
  /** Aborted when the reader goes away. */
  readonly signal: AbortSignal;
}

/** Reads a container's log from the node that runs the pod. The API server has checked that pod and container exist. */
export type LogSource = (namespace: string, pod: string, request: LogRequest) => AsyncIterable<string>;
