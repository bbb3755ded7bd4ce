import type { ContainerJournal } from "@seaworthy/cluster";

/** A server of the pod `old` that gets SIGTERM itself at 10 s and ends 20 ms later. */
export function exampleJournal(over: Partial<ContainerJournal> = {}): ContainerJournal {
  const server = { pid: 1, command: "node server.mjs", handlesSignal: true };
  return {
    namespace: "default",
    pod: "old",
    podUid: "old",
    container: "shop",
    standIn: false,
    startedAt: 0,
    endingAt: 10_000,
    signal: { at: 10_000, name: "SIGTERM", receiver: server },
    listeners: [{ ...server, port: 8080 }],
    end: { at: 10_020, exitCode: 0, by: "itself" },
    ...over,
  };
}

/** The same server before its end, with its signal at another time. */
export function runningJournal(signalAt = 10_000): ContainerJournal {
  const { end: _, ...journal } = exampleJournal();
  return { ...journal, signal: { at: signalAt, name: "SIGTERM" } };
}
