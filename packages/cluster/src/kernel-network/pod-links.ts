import { SeaworthyError } from "@seaworthy/errors";
import type { IpBatch } from "./ip-batch.ts";
import { gatewayIp } from "./ranges.ts";
import type { Agent } from "./start-agent.ts";

/**
 * Both ends of every veth pair have the same hardware address and do without ARP, so that nobody waits for an answer of a
 * pod that is gone, and nothing but a pod's own route decides where its packets go.
 */
export const hardwareAddress = "02:00:00:00:00:01";

/** Links of pods to their network: veth pairs, each with one end in a network namespace of its own. */
export interface PodLinks extends Disposable {
  /** Lays a link for an address; gives its name, which is that of its namespace, too. */
  lay(address: string): Promise<string>;
}

/** How many links lie ready without an address: making a namespace is most of what a pod's network takes. */
const spareCount = 2;
/** Not before the pod runs that took the last one: on a busy machine a spare link would delay it. */
const refillAfterMs = 100;

/** Makes links by two runs of ip for each: outside of its namespace, in `batch`, and inside. */
export function createPodLinks(agent: Pick<Agent, "run">, batch: IpBatch): PodLinks {
  const spares: string[] = [];
  let inMaking = 0;
  let count = 0;
  let isOver = false;
  const inside = (id: string, lines: readonly string[]) =>
    expectDone(agent.run(["ip", "-n", id, "-batch", "-"], `${lines.join("\n")}\n`));
  const newId = () => `pod${(count += 1)}`;

  async function makeSpare(): Promise<void> {
    const id = newId();
    inMaking += 1;
    try {
      await batch.run(linkLines(id));
      await inside(id, upLines);
      spares.push(id);
    } catch {
      // Whatever it is that does not work will be told to the next pod.
    }
    inMaking -= 1;
  }
  function refillSoon(): void {
    setTimeout(() => {
      if (!isOver && spares.length + inMaking < spareCount) void makeSpare();
    }, refillAfterMs).unref();
  }

  for (let spare = 0; spare < spareCount; spare += 1) refillSoon();
  return {
    async lay(address) {
      const spare = spares.shift();
      refillSoon();
      const id = spare ?? newId();
      const route = `route add ${address}/32 dev ${id} src ${gatewayIp}`;
      const own = `addr add ${address}/32 dev eth0`;
      if (spare === undefined) {
        await batch.run([...linkLines(id), route]);
        await inside(id, [...upLines, own]);
      } else await Promise.all([batch.run([route]), inside(id, [own])]);
      return id;
    },
    [Symbol.dispose]() {
      isOver = true;
    },
  };
}

function linkLines(id: string): string[] {
  const ends = `${id} address ${hardwareAddress} type veth peer name eth0 address ${hardwareAddress} netns ${id}`;
  return [`netns add ${id}`, `link add ${ends}`, `link set ${id} up arp off`];
}

const upLines = ["link set lo up", "link set eth0 up arp off", "route add default dev eth0"];

/** Rejects with SW2003, and with what a command said, when it failed. */
export async function expectDone(running: Promise<{ exitCode: number; output: string }>): Promise<void> {
  const { exitCode, output } = await running;
  if (exitCode !== 0)
    throw new SeaworthyError("SW2003", `the pod network could not be changed: ${output.trim()}`);
}
