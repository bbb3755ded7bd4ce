import {
  decode,
  encode,
  AUTHORITATIVE_ANSWER,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import type { Answer, DecodedPacket, Packet, Question } from "dns-packet";
import { clusterDomain } from "../../cluster-dns-address.ts";
import { answerName, ttl, type NameSources } from "./cluster-names.ts";

/** Asks the name servers of the machine; undefined when none of them answers. */
export type AskUpstream = (query: Buffer) => Promise<Buffer | undefined>;

/**
 * Answers a DNS query (RFC 1035): names of the cluster from what is known, all others by the machine's name servers. What
 * does not fit into `room` bytes is cut, and says so. Undefined when the query cannot be read.
 */
export async function answerQuery(
  query: Buffer,
  sources: NameSources,
  askUpstream: AskUpstream,
  room: (query: Packet) => number,
): Promise<Buffer | undefined> {
  const packet = readQuery(query);
  const question = packet?.questions?.[0];
  if (packet === undefined || question === undefined) return undefined;
  const answer = answerName(question, sources);
  if (answer.kind === "elsewhere" && answer.alias === undefined)
    return (await askUpstream(query)) ?? respond(packet, { code: "SERVFAIL" });
  const response =
    answer.kind === "absent"
      ? { code: "NXDOMAIN" as const, authorities: [startOfAuthority] }
      : answer.kind === "found"
        ? { ...answer, ...(answer.answers.length === 0 ? { authorities: [startOfAuthority] } : {}) }
        : { answers: await followAlias(question, answer.alias!, sources, askUpstream) };
  const bytes = respond(packet, response);
  return bytes.length <= room(packet) ? bytes : respond(packet, { isCut: true });
}

/** How much an answer over UDP may have: 512 bytes, or what the query allows (RFC 6891). */
export function roomOverUdp({ additionals = [] }: Packet): number {
  const option = additionals.find(({ type }) => type === "OPT") as { udpPayloadSize?: number } | undefined;
  return Math.max(512, option?.udpPayloadSize ?? 0);
}

const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

const startOfAuthority: Answer = {
  type: "SOA",
  name: clusterDomain,
  ttl,
  data: {
    mname: `ns.dns.${clusterDomain}`,
    rname: `hostmaster.${clusterDomain}`,
    serial: 1,
    refresh: 7200,
    retry: 1800,
    expire: 86_400,
    minimum: ttl,
  },
};

function readQuery(query: Buffer): DecodedPacket | undefined {
  try {
    const packet = decode(query);
    return packet.type === "query" ? packet : undefined;
  } catch {
    return undefined;
  }
}

function respond(
  query: Packet,
  response: {
    readonly code?: keyof typeof codes;
    readonly answers?: readonly Answer[];
    readonly authorities?: readonly Answer[];
    readonly additionals?: readonly Answer[];
    readonly isCut?: boolean;
  },
): Buffer {
  const { code = "NOERROR", answers = [], authorities = [], additionals = [], isCut = false } = response;
  const asked = (query.flags ?? 0) & RECURSION_DESIRED;
  const cut = isCut ? TRUNCATED_RESPONSE : 0;
  return encode({
    type: "response",
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | asked | cut | codes[code],
    questions: [...(query.questions ?? [])],
    answers: [...answers],
    authorities: [...authorities],
    additionals: [...additionals],
  });
}

/** An ExternalName Service is an alias; what the other name leads to is looked up as well, as CoreDNS does. */
async function followAlias(
  question: Question,
  { from, to }: { readonly from: string; readonly to: string },
  sources: NameSources,
  askUpstream: AskUpstream,
): Promise<Answer[]> {
  const alias: Answer = { type: "CNAME", name: from, ttl, data: to };
  if (question.type === "CNAME") return [alias];
  const further: Question = { ...question, name: to };
  const own = answerName(further, sources);
  if (own.kind === "found") return [alias, ...own.answers];
  if (own.kind === "absent" || own.alias !== undefined) return [alias];
  const asked = encode({ type: "query", id: 1, flags: RECURSION_DESIRED, questions: [further] });
  const answered = await askUpstream(asked);
  return [alias, ...(answered === undefined ? [] : (decode(answered).answers ?? []))];
}
