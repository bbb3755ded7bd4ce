/** A process as its container sees it. */
export interface SeenProcess {
  /** In the container's own PID namespace; the machine's where the container has none. */
  readonly pid: number;
  /** Its command line, cut short. */
  readonly command: string;
  /** Whether it has a handler for the container's stop signal. */
  readonly handlesSignal: boolean;
}

/** A process that listens on a port. */
export interface SeenListener extends SeenProcess {
  readonly port: number;
}

/** How a preStop hook went. `cut`: the grace period ended before the hook did. */
export interface HookRun {
  readonly kind: "sleep" | "exec" | "httpGet";
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly result?: "done" | "failed" | "cut";
  /** 126 and 127 mean that the command cannot be run, or is not there. */
  readonly exitCode?: number;
  readonly message?: string;
}

/** The stop signal, and whom it reached. */
export interface SignalRun {
  readonly at: number;
  readonly name: string;
  /** The process that got it: the container's PID 1. Absent where processes cannot be looked at. */
  readonly receiver?: SeenProcess;
}

/** How a container's process ended. */
export interface ContainerEndRun {
  readonly at: number;
  readonly exitCode: number;
  readonly signal?: string;
  /** `kill`: by SIGKILL at the end of its grace. `signal`: by another signal that it had no handler for. */
  readonly by: "itself" | "signal" | "kill";
}

/**
 * What happened to one run of a container, from its start to its end, as the node saw it. Times are milliseconds since the
 * epoch. A real cluster tells nothing like it: there a pod's status has to do.
 */
export interface ContainerJournal {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
  readonly container: string;
  readonly standIn: boolean;
  readonly startedAt: number;
  /** When its end was begun: by its pod's deletion, or by a failed probe. */
  readonly endingAt?: number;
  readonly preStop?: HookRun;
  readonly signal?: SignalRun;
  /** Who listened when it was called ready, or in the time that its hook gave. */
  readonly listeners: readonly SeenListener[];
  /** The first look after the signal at which one of them listened no more, while the container still ran. */
  readonly closedAt?: number;
  /** A process between the receiver and the listener ended first, and the listener served on: nobody is left to tell it. */
  readonly cutOff?: boolean;
  /** SIGKILL at the end of the grace period, and the connections that were open then. */
  readonly kill?: { readonly at: number; readonly open?: number };
  readonly end?: ContainerEndRun;
}

/** A journal while it is written. */
export type OpenJournal = { -readonly [K in keyof ContainerJournal]: ContainerJournal[K] };

/** Keeps the journals of a cluster's containers, the latest of them. */
export interface JournalBook {
  begin(journal: ContainerJournal): OpenJournal;
  read(): readonly ContainerJournal[];
}

/** Makes an empty book that keeps `limit` journals. */
export function createJournalBook(limit = 4_000): JournalBook {
  const journals: OpenJournal[] = [];
  return {
    begin(journal) {
      const open = { ...journal };
      journals.push(open);
      if (journals.length > limit) journals.shift();
      return open;
    },
    read: () => journals,
  };
}
