import { BlockList, isIP } from "node:net";
import type { Environment } from "@marcbachmann/cel-js";

/** Kubernetes' libraries of addresses and networks. */
export function registerAddresses(environment: Environment): void {
  class Ip {
    readonly text: string;
    constructor(text: string) {
      this.text = text;
    }
    get family(): "ipv4" | "ipv6" {
      return isIP(this.text) === 4 ? "ipv4" : "ipv6";
    }
  }
  class Cidr {
    readonly ip: Ip;
    readonly bits: number;
    constructor(text: string) {
      const [address = "", bits = ""] = text.split("/");
      this.ip = new Ip(address);
      this.bits = Number(bits);
    }
    contains({ text, family }: Ip): boolean {
      const list = new BlockList();
      list.addSubnet(this.ip.text, this.bits, this.ip.family);
      return family === this.ip.family && list.check(text, family);
    }
  }
  const toIp = (text: string) => {
    if (isIP(text) === 0)
      throw new TypeError(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
    return new Ip(text);
  };
  const toCidr = (text: string) => {
    if (!isCidr(text))
      throw new TypeError(`network address parse error during conversion from string: ${text}`);
    return new Cidr(text);
  };
  const inside = (networks: readonly string[]) => (ip: Ip) =>
    networks.some((each) => new Cidr(each).contains(ip));
  environment
    .registerType("IP", { ctor: Ip, fields: {} })
    .registerType("CIDR", { ctor: Cidr, fields: {} })
    .registerFunction("ip(string): IP", toIp)
    .registerFunction("isIP(string): bool", (text: string) => isIP(text) !== 0)
    .registerFunction("string(IP): string", ({ text }: Ip) => text)
    .registerFunction("IP.family(): int", ({ family }: Ip) => (family === "ipv4" ? 4n : 6n))
    .registerFunction("IP.isUnspecified(): bool", ({ text }: Ip) => text === "0.0.0.0" || text === "::")
    .registerFunction("IP.isLoopback(): bool", inside(["127.0.0.0/8", "::1/128"]))
    .registerFunction("IP.isLinkLocalUnicast(): bool", inside(["169.254.0.0/16", "fe80::/10"]))
    .registerFunction("IP.isLinkLocalMulticast(): bool", inside(["224.0.0.0/24", "ff02::/16"]))
    .registerFunction(
      "IP.isGlobalUnicast(): bool",
      (ip: Ip) =>
        !inside([
          "0.0.0.0/32",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "224.0.0.0/4",
          "255.255.255.255/32",
          "::/127",
          "fe80::/10",
          "ff00::/8",
        ])(ip),
    )
    .registerFunction("cidr(string): CIDR", toCidr)
    .registerFunction("isCIDR(string): bool", isCidr)
    .registerFunction("CIDR.ip(): IP", ({ ip }: Cidr) => ip)
    .registerFunction("CIDR.prefixLength(): int", ({ bits }: Cidr) => BigInt(bits))
    .registerFunction("CIDR.containsIP(string): bool", (cidr: Cidr, text: string) =>
      cidr.contains(toIp(text)),
    )
    .registerFunction("CIDR.containsIP(IP): bool", (cidr: Cidr, ip: Ip) => cidr.contains(ip))
    .registerFunction("CIDR.containsCIDR(string): bool", (cidr: Cidr, text: string) =>
      holds(cidr, toCidr(text)),
    )
    .registerFunction("CIDR.containsCIDR(CIDR): bool", (cidr: Cidr, other: Cidr) => holds(cidr, other));

  function holds(cidr: Cidr, other: Cidr): boolean {
    return other.bits >= cidr.bits && cidr.contains(other.ip);
  }
}

function isCidr(text: string): boolean {
  const [, address = "", bits = ""] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}
