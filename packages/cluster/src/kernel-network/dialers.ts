import type { Socket } from "node:net";
import type { Agent } from "./start-agent.ts";

/** A process hands one socket over per turn of this process' event loop, so that under load one alone would be a queue. */
const mostDialers = 4;
/** With fewer under way at each, another one, which takes as long to start as a hundred dials, would help nobody. */
const manyDials = 4;

/** Opens connections by several agents in one network namespace. */
export interface Dialers {
  dial(host: string, port: number, timeoutMs: number): Promise<Socket>;
  stop(): Promise<void>;
}

/** Makes dialers of a `first` agent, which they do not stop, and of more that are started when all have something to do. */
export function createDialers(
  first: Pick<Agent, "pending" | "dial">,
  startAnother: () => Pick<Agent, "pending" | "dial" | "ready" | "stop">,
): Dialers {
  const ready = [first];
  const started: ReturnType<typeof startAnother>[] = [];
  let isOver = false;

  function grow(): void {
    // One at a time, and only when the last one is of use already.
    if (isOver || ready.length <= started.length || ready.length >= mostDialers) return;
    const another = startAnother();
    started.push(another);
    another.ready.then(
      () => void ready.push(another),
      // It is not needed: the others go on.
      () => {},
    );
  }

  return {
    dial(host, port, timeoutMs) {
      const idlest = ready.reduce((best, each) => (each.pending < best.pending ? each : best));
      if (idlest.pending >= manyDials) grow();
      return idlest.dial(host, port, timeoutMs);
    },
    async stop() {
      isOver = true;
      await Promise.all(started.map((agent) => agent.stop()));
    },
  };
}
