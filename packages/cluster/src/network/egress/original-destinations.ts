import { runInTurn } from "../../kernel-network/run-in-turn.ts";

/** An end of a TCP connection. */
export interface Peer {
  readonly ip: string;
  readonly port: number;
}

/** Tells where connections were meant to go before the kernel's rules led them to a port of ours. */
export interface OriginalDestinations {
  /** `client` is the other end as our port sees it. Rejects when the kernel's table cannot be read. */
  find(client: Peer): Promise<Peer | undefined>;
}

interface Waiting {
  readonly key: string;
  readonly found: (destination: Peer | undefined) => void;
  readonly failed: (error: Error) => void;
}

/**
 * Makes a look-up in the kernel's table of connections. `read` gives the table as /proc/net/nf_conntrack shows it, `listener` is
 * our port. The table is read once for all connections that wait.
 */
export function createOriginalDestinations(
  read: () => Promise<string>,
  listener: Peer,
): OriginalDestinations {
  let waiting: Waiting[] = [];
  const turns = runInTurn(async () => {
    const taken = waiting;
    waiting = [];
    try {
      const table = parseTable(await read(), listener);
      for (const { key, found } of taken) found(table.get(key));
    } catch (error) {
      for (const { failed } of taken) failed(error as Error);
    }
  });
  return {
    find: (client) =>
      new Promise((found, failed) => {
        waiting.push({ key: keyOf(client), found, failed });
        turns.request();
      }),
  };
}

/**
 * The destinations by client. A line has the connection as it was begun, then as its answers come (net/netfilter/
 * nf_conntrack_standalone.c). The client's port is taken from the latter, because the kernel may have changed it on the way.
 */
function parseTable(text: string, listener: Peer): ReadonlyMap<string, Peer> {
  const end = String.raw`src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)`;
  const line = new RegExp(String.raw`^\S+\s+\d+\s+tcp\s.*?${end}\s.*?${end}\s`, "gm");
  const destinations = new Map<string, Peer>();
  for (const [, , ip = "", , port, answerer, client = "", answererPort, clientPort] of text.matchAll(line))
    if (answerer === listener.ip && Number(answererPort) === listener.port)
      destinations.set(keyOf({ ip: client, port: Number(clientPort) }), { ip, port: Number(port) });
  return destinations;
}

function keyOf({ ip, port }: Peer): string {
  return `${ip}:${port}`;
}
