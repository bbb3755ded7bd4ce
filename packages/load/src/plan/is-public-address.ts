import { BlockList, isIP } from "node:net";

/**
 * Whether an IP address can belong to somebody else: it is not loopback, private, link-local, shared by a carrier's customers,
 * unique local or kept for documentation. An IPv4 address may be written as IPv6. Throws a TypeError for any other text.
 */
export function isPublicAddress(address: string): boolean {
  const [withoutZone = ""] = address.split("%");
  const family = isIP(withoutZone);
  if (family === 0) throw new TypeError(`${address} is not an IP address`);
  return !notPublic.check(withoutZone, family === 4 ? "ipv4" : "ipv6");
}

/** From the registries of special-purpose addresses: https://www.iana.org/assignments/iana-ipv4-special-registry and its sister. */
const blocks: readonly (readonly [network: string, prefix: number, family: "ipv4" | "ipv6"])[] = [
  // This host (RFC 1122 section 3.2.1.3): a connection to it goes to loopback.
  ["0.0.0.0", 8, "ipv4"],
  ["::", 128, "ipv6"],
  // Loopback (RFC 1122, RFC 4291).
  ["127.0.0.0", 8, "ipv4"],
  ["::1", 128, "ipv6"],
  // Private (RFC 1918) and unique local (RFC 4193).
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["fc00::", 7, "ipv6"],
  // Behind a carrier's NAT (RFC 6598).
  ["100.64.0.0", 10, "ipv4"],
  // Link-local (RFC 3927, RFC 4291).
  ["169.254.0.0", 16, "ipv4"],
  ["fe80::", 10, "ipv6"],
  // Documentation (RFC 5737, RFC 3849, RFC 9637).
  ["192.0.2.0", 24, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["2001:db8::", 32, "ipv6"],
  ["3fff::", 20, "ipv6"],
  // For measurements between devices (RFC 2544).
  ["198.18.0.0", 15, "ipv4"],
];

const notPublic = new BlockList();
for (const [network, prefix, family] of blocks) notPublic.addSubnet(network, prefix, family);
