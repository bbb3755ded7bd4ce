import type { Socket } from "node:net";
import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import { createEndpointView } from "../endpoints/endpoint-view.ts";
import type { Propagation } from "../endpoints/propagation.ts";
import type { EdgeProcess } from "./edge-process.ts";
import type { EdgePort } from "./edge-servers.ts";

/** What became of the clients of a process of the edge's that made way for another one. */
export interface EdgeRestart {
  /** Connections that it had when it was asked to end. */
  readonly open: number;
  /** Of them those that it closed at once, because they carried no request. */
  readonly closed: number;
  /** Connections that were still sent to it, and that it did not take. */
  readonly refused: number;
  /** Connections that it cut at its end. */
  readonly cut: number;
  /** Connections that it still had when nobody waited any longer. */
  readonly left: number;
}

/** The processes of the edge: one, and a second one while it is restarted. */
export interface RestartableEdge extends AsyncDisposable {
  take(socket: Socket, port: EdgePort): void;
  restart(waitMs: number): Promise<EdgeRestart>;
}

/** The edge's own Service, in the view of what is before it. */
const edgeService = "edge";

/**
 * Keeps an edge that can be restarted as a Deployment of one replica is: the new pod is ready, and the old one is deleted. What is
 * before the edge (kube-proxy) hears of both as late as of any other pod, and until then sends connections to either.
 */
export function createRestartable(
  { propagation, clock, random }: { propagation: Propagation; clock: Clock; random: Random },
  start: () => EdgeProcess,
): RestartableEdge {
  const view = createEndpointView({ propagation, workers: 1, clock, random });
  let current = start();
  let count = 0;
  /** Those that are in the view, and those that still end, by the address by which the view knows them; the oldest first. */
  const processes = new Map([["0", current]]);

  function choose(): EdgeProcess {
    const seen = view.get(edgeService);
    const chosen = seen.length > 1 ? seen[Math.floor(random() * seen.length)] : seen[0];
    // Before its first change the view knows nothing.
    return processes.get(chosen?.ip ?? "") ?? processes.values().next().value ?? current;
  }
  async function restart(waitMs: number): Promise<EdgeRestart> {
    const [oldIp, newIp] = [String(count), String(count + 1)];
    const old = current;
    count += 1;
    current = start();
    processes.set(newIp, current);
    view.update(edgeService, () => [endpoint(oldIp), endpoint(newIp)]);
    view.update(edgeService, () => [endpoint(newIp)]);
    const { open } = old;
    const unsent = withdrawn(oldIp);
    const { closed, over } = old.end(unsent);
    let cut: number | undefined;
    const gone = Promise.all([over.then((value) => (cut = value)), unsent]).then(() => {
      processes.delete(oldIp);
    });
    const waited = Promise.withResolvers<void>();
    const cancel = clock.after(waitMs, waited.resolve);
    await Promise.race([gone, waited.promise]);
    cancel();
    return { open, closed, refused: old.refused, cut: cut ?? 0, left: cut === undefined ? old.open : 0 };
  }
  function withdrawn(ip: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      const seen = view.get(edgeService);
      if (seen.length > 0 && seen.every((each) => each.ip !== ip)) resolve();
    };
    view.onChange(look);
    look();
    return promise;
  }
  return {
    take: (socket, port) => choose().take(socket, port),
    restart,
    async [Symbol.asyncDispose]() {
      view[Symbol.dispose]();
      await Promise.all([...processes.values()].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

function endpoint(ip: string) {
  return { portName: "", protocol: "TCP", ip, port: 0, ready: true, serving: true, terminating: false };
}
