import { BlockList, isIP, isIPv6 } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";

/**
 * The proxies to believe about the client's address. False: none, the peer is the client. True: the peer is a proxy of ours.
 * A number: so many proxies stand before us. A list: the peer and the addresses before it are believed as long as they
 * are in one of these networks (CIDR) or are one of these addresses.
 */
export type TrustedProxies = boolean | number | readonly string[];

/** Reads TRUST_PROXY: `true`, `false`, a number of proxies, or networks with commas between. */
export function parseTrustedProxies(text: string): TrustedProxies {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  if (/^\d{1,2}$/.test(trimmed)) return Number(trimmed);
  const networks = trimmed.split(",").map((network) => network.trim());
  toBlockList(networks);
  return networks;
}

/** Gives the client's address from the peer's, as `plainAddress` has it, and X-Forwarded-For. */
export type ClientAddress = (peer: string, forwardedFor: string | undefined) => string;

/** Makes the function once, so that a request costs no parsing of networks. */
export function createClientAddress(trusted: TrustedProxies): ClientAddress {
  if (trusted === false || trusted === 0) return (peer) => peer;
  if (typeof trusted === "object") {
    const networks = toBlockList(trusted);
    const isTrusted = (address: string): boolean =>
      isIP(address) !== 0 && networks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
    return (peer, forwardedFor) => {
      const chain = [...addresses(forwardedFor), peer];
      // From the nearest backwards, the first that is no proxy of ours is the client, who may have made up those before.
      return chain.findLast((address) => !isTrusted(address)) ?? chain[0] ?? "";
    };
  }
  const hops = trusted === true ? 1 : trusted;
  return (peer, forwardedFor) => {
    if (forwardedFor === undefined) return peer;
    const chain = [...addresses(forwardedFor), peer];
    return chain[Math.max(chain.length - 1 - hops, 0)] ?? "";
  };
}

function addresses(forwardedFor: string | undefined): string[] {
  if (forwardedFor === undefined) return [];
  return forwardedFor
    .split(",")
    .map((address) => plainAddress(address.trim()))
    .filter((address) => address !== "");
}

/** The address without the port that some proxies add, and without the prefix of an IPv4 peer on a dual-stack socket. */
export function plainAddress(address: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1];
  const bare = bracketed ?? address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  return bare.startsWith("::ffff:") && bare.includes(".") ? bare.slice(7) : bare;
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    const most = family === "ipv6" ? 128 : 32;
    const bits = prefix === undefined ? most : Number(prefix);
    if (isIP(address) === 0 || !Number.isInteger(bits) || bits < 0 || bits > most) {
      throw new SeaworthyError("SW8001", `${network} is not an address or a network`, {
        field: "TRUST_PROXY",
        next: ["use true, false, the number of proxies, or networks such as 10.0.0.0/8,fd00::/8"],
      });
    }
    list.addSubnet(address, bits, family);
  }
  return list;
}
