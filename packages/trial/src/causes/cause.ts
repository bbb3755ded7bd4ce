/** Why a request was lost. The ids are part of the verdict's schema. */
export type Cause =
  /** New connections went to a pod whose port was closed, because it was still in a routing view. */
  | "port-closed-before-endpoint-removed"
  /** The process ended, or closed what it held, while connections still carried requests. */
  | "connection-cut-on-exit"
  /** From its deletion on the app answered with a status that does not count as good. */
  | "answers-badly-while-draining"
  /** The process that got the signal is not the one that serves, and the one that serves never heard of it. */
  | "signal-not-passed-on"
  /** One container of the pod ended while another one, which needs it, still served. */
  | "sidecar-ended-first"
  /** A kept connection was closed by the app's keep-alive timeout as a request came. */
  | "idle-connection-closed"
  /** A new pod was in the routing views before it listened. */
  | "not-ready-yet"
  /** A pod took no connection, or gave no answer in time, though it ran and its end does not explain it: its app had no time. */
  | "app-not-keeping-up"
  /** Programs beside the trial had the processors: nobody knows whether the app had served it otherwise. */
  | "machine-crowded"
  /** SIGKILL at the end of the grace period. */
  | "killed-by-grace"
  /** A container ended though nobody deleted its pod. */
  | "container-restarted"
  /** The trial itself killed the pod: what was on its way there no field can save. */
  | "pod-killed"
  /** The trial switched off the node of all the pods: where they are spread, others serve on. */
  | "all-on-one-node"
  /** A pod of the version that the trial made bad answered, since nothing had kept it from being ready. */
  | "bad-version"
  /** The trial restarted the edge: the connection went with it, or came to a process that takes none any more. */
  | "edge-restarted"
  /** The answer took longer than the edge waits for one when it is restarted. */
  | "outlived-edge"
  /** The Service had no ready pod at all. */
  | "no-endpoints"
  /** A pod answered, but not with what counts as good. */
  | "bad-answer"
  /** No pod ended or began near it: it belongs to the network or to the edge. */
  | "unrelated";
