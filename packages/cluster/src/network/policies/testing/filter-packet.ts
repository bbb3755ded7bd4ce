import { BlockList } from "node:net";

/** The first packet of a connection. */
export interface Packet {
  readonly hook: "prerouting" | "forward" | "input";
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
}

/**
 * Whether rules let a packet through, read as nft(8) says and by code that knows nothing of how they were made. It understands
 * what rules for policies are written in, and throws at anything else.
 */
export function passes(rules: string, packet: Packet): boolean {
  const { chains, sets } = parse(rules);
  const hooks = [...chains.values()].flatMap((lines) => {
    const [, hook, order = "0"] =
      /^type filter hook (\w+) priority \w+(?: \+ (\d+))?;$/.exec(lines[0] ?? "") ?? [];
    return hook === packet.hook ? [{ order: Number(order), lines: lines.slice(1) }] : [];
  });
  return hooks
    .toSorted((left, right) => left.order - right.order)
    .every(({ lines }) => (runChain(lines, packet, chains, sets) ?? "accept") === "accept");
}

type Verdict = "accept" | "drop";
type Chains = ReadonlyMap<string, readonly string[]>;
type Sets = ReadonlyMap<string, readonly string[]>;

function parse(rules: string): { chains: Chains; sets: Sets } {
  const chains = new Map<string, string[]>();
  const sets = new Map<string, readonly string[]>();
  let chain: string[] | undefined;
  for (const line of rules.split("\n").map((each) => each.trim())) {
    const [, kind, name = ""] = /^(chain|set|map) (\S+) \{/.exec(line) ?? [];
    if (kind === "chain") chains.set(name, (chain = []));
    else if (kind !== undefined)
      sets.set(
        name,
        (/elements = \{ (.*) \} \}$/.exec(line)?.[1] ?? "").split(", ").filter((each) => each !== ""),
      );
    else if (line === "}") chain = undefined;
    else chain?.push(line);
  }
  return { chains, sets };
}

/** What a chain says; undefined when it has nothing to say. */
function runChain(lines: readonly string[], packet: Packet, chains: Chains, sets: Sets): Verdict | undefined {
  for (const line of lines) {
    const action = matchLine(line, packet, sets);
    if (action === undefined) continue;
    const [verb, target = ""] = action.split(" ");
    if (verb === "accept" || verb === "drop") return verb;
    const verdict = runChain(chains.get(target) ?? fail(line), packet, chains, sets);
    if (verdict !== undefined || verb === "goto") return verdict;
  }
  return undefined;
}

/** The action of a line whose conditions are all true. */
function matchLine(line: string, packet: Packet, sets: Sets): string | undefined {
  let rest = line;
  for (;;) {
    const action = /^(accept|drop|jump \S+|goto \S+)$/.exec(rest)?.[1];
    if (action !== undefined) return action;
    const map = /^ip (saddr|daddr) vmap @(\S+)$/.exec(rest);
    if (map !== null) {
      const key = `${addressOf(packet, map[1])} : `;
      return sets
        .get(map[2] ?? "")
        ?.find((element) => element.startsWith(key))
        ?.slice(key.length);
    }
    const condition = conditions.find(([pattern]) => pattern.test(rest)) ?? fail(line);
    const words = condition[0].exec(rest) ?? fail(line);
    if (!condition[1](words.slice(1), packet, sets)) return undefined;
    rest = rest.slice(words[0].length).trim();
  }
}

type Condition = (words: readonly (string | undefined)[], packet: Packet, sets: Sets) => boolean;

const conditions: readonly (readonly [RegExp, Condition])[] = [
  // The packet is the first of its connection.
  [/^ct state established,related/, () => false],
  [/^ip saddr \. ip daddr @(\S+)/, ([set], { from, to }, sets) => has(sets, set, `${from} . ${to}`)],
  [
    /^ip daddr \. (\w+) dport @(\S+)/,
    ([protocol, set], packet, sets) =>
      protocol === packet.protocol && has(sets, set, `${packet.to} . ${packet.port}`),
  ],
  [
    /^ip (saddr|daddr) (?:(!=) )?@(\S+)/,
    ([side, not, set], packet, sets) => has(sets, set, addressOf(packet, side)) !== (not === "!="),
  ],
  [
    /^ip (saddr|daddr) (?:(!=) )?(\d[\d./]+)/,
    ([side, not, range = ""], packet) => isWithin(addressOf(packet, side), range) !== (not === "!="),
  ],
  [/^meta l4proto (\w+)/, ([protocol], packet) => protocol === packet.protocol],
  [
    /^(\w+) dport (\d+)(?:-(\d+))?/,
    ([protocol, from, to = from], packet) =>
      protocol === packet.protocol && packet.port >= Number(from) && packet.port <= Number(to),
  ],
];

function has(sets: Sets, name: string | undefined, element: string): boolean {
  const elements = sets.get(name ?? "") ?? fail(`@${name}`);
  return elements.some((each) => each === element || (each.includes("/") && isWithin(element, each)));
}

function addressOf(packet: Packet, side: string | undefined): string {
  return side === "saddr" ? packet.from : packet.to;
}

function isWithin(ip: string, range: string): boolean {
  const [network = "", length = "32"] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(length));
  return list.check(ip);
}

function fail(what: string): never {
  throw new TypeError(`not understood: ${what}`);
}
