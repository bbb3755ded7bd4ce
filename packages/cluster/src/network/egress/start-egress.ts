import { readFile } from "node:fs/promises";
import { BlockList, type AddressInfo, type Socket } from "node:net";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import { gatewayIp, insideRanges } from "../../kernel-network/ranges.ts";
import { connectError } from "../pods/create-pod-network.ts";
import { createForwarder, dialTimeoutMs } from "../services/forwarder.ts";
import { egressRules } from "./egress-rules.ts";
import { createOriginalDestinations, type Peer } from "./original-destinations.ts";

/** Where pods reach the machine that they run on, when they may: an address that nobody has (RFC 5737). */
export const machineAddress = "192.0.2.1";
/** The name of that address, by which containers elsewhere know their machine. */
export const machineName = "host.docker.internal";

/** Connections at a time; each takes two of this process' files. */
const mostConnections = 4096;

/** What leads pods out of the cluster. */
export interface EgressOptions {
  readonly network: Pick<KernelNetwork, "listen" | "applyRules" | "connections">;
  /** Whether pods may connect to the machine that they run on. */
  readonly reachesMachine: boolean;
  /** The machine's own addresses, as they are now. */
  readonly ownAddresses: () => readonly string[];
  /** Connects from this process. */
  readonly dial: (ip: string, port: number, timeoutMs: number) => Promise<Socket>;
  readonly onNotice: (text: string) => void;
}

/**
 * Leads TCP connections of pods to addresses outside the cluster, which their network has no way to: a port of the node network
 * takes them, and this process opens each anew from the machine. One that cannot be opened is reset.
 */
export async function startEgress(options: EgressOptions): Promise<AsyncDisposable> {
  const { network, dial, onNotice } = options;
  const server = await network.listen(gatewayIp, 0);
  server.maxConnections = mostConnections;
  const listener = { ip: gatewayIp, port: (server.address() as AddressInfo).port };
  const destinations = createOriginalDestinations(() => readFile(network.connections, "utf8"), listener);
  const tellOnce = once(onNotice);

  async function find({ remoteAddress = "", remotePort = 0 }: Socket): Promise<Peer> {
    const client = { ip: remoteAddress, port: remotePort };
    const destination = await destinations.find(client).catch((error: Error) => {
      tellOnce(
        `pods cannot reach the outside, because ${network.connections} cannot be read: ${error.message}`,
      );
      return undefined;
    });
    // Nobody knows where it was meant to go; or it was meant for our port itself.
    if (destination === undefined || isInside(destination.ip)) throw connectError("EHOSTUNREACH", "", 0);
    const isMachine = destination.ip === machineAddress || options.ownAddresses().includes(destination.ip);
    if (isMachine && !options.reachesMachine) {
      tellOnce(
        `a pod tried to connect to this machine itself (${destination.ip}:${destination.port}), which needs --allow-host`,
      );
      throw connectError("ECONNREFUSED", destination.ip, destination.port);
    }
    return destination.ip === machineAddress ? { ...destination, ip: "127.0.0.1" } : destination;
  }

  const forwarder = createForwarder(async (client) => {
    const { ip, port } = await find(client);
    return { socket: await dial(ip, port, dialTimeoutMs) };
  }, server);
  try {
    await network.applyRules(egressRules(listener));
  } catch (error) {
    await forwarder[Symbol.asyncDispose]();
    throw error;
  }
  return forwarder;
}

const inside = new BlockList();
for (const range of insideRanges) {
  const [network = "", length] = range.split("/");
  inside.addSubnet(network, Number(length));
}

function isInside(ip: string): boolean {
  return inside.check(ip);
}

/** Says each thing once. */
function once(onNotice: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text) || told.size >= 20) return;
    told.add(text);
    onNotice(text);
  };
}
