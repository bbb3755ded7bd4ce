import { isIPv4, isIPv6 } from "node:net";
import { invalidValue, type FieldErrors } from "../field-error.ts";

/** An address as a number. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Reads an address as Kubernetes reads it (ParseIPSloppy): zeros may lead an IPv4 part, and there are no zones. */
export function parseIp(text: string): IpAddress | undefined {
  const plain = withoutLeadingZeros(text);
  if (isIPv4(plain)) return { family: 4, value: readIpv4(plain) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const value = readIpv6(text);
  // An IPv4 address that is written as an IPv6 address is one.
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffff_ffffn } : { family: 6, value };
}

/** What is wrong with an address in a field where old objects may have a sloppy one. */
export function* ipErrors(field: string, text: string, known: readonly string[] = []): FieldErrors {
  if (known.includes(text)) return;
  const address = parseIp(text);
  if (address === undefined)
    yield invalidValue(field, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
  else if (hasLeadingZeros(text)) yield invalidValue(field, text, "must not have leading 0s");
  else if (isMapped(text, address))
    yield invalidValue(field, text, "must not be an IPv4-mapped IPv6 address");
}

/** What is wrong with a range of addresses. */
export function* cidrErrors(field: string, text: string, known: readonly string[] = []): FieldErrors {
  if (known.includes(text)) return;
  const [head = "", length = ""] = text.split("/");
  const range = parseCidr(text);
  if (range === undefined) {
    yield invalidValue(field, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
  } else if (hasLeadingZeros(head) || /^0\d/.test(length)) {
    yield invalidValue(field, text, "must not have leading 0s in IP or prefix length");
  } else if (isMapped(head, range.address)) {
    yield invalidValue(field, text, "must not have an IPv4-mapped IPv6 address");
  } else if (range.address.value & ((1n << BigInt(range.bits - range.length)) - 1n)) {
    yield invalidValue(field, text, "must not have bits set beyond the prefix length");
  }
}

/** What is wrong with an address where only one way to write it is taken. */
export function* canonicalIpErrors(field: string, text: string): FieldErrors {
  const errors = [...ipErrors(field, text)];
  yield* errors;
  const address = parseIp(text);
  if (errors.length > 0 || address === undefined) return;
  const canonical = formatIp(address);
  if (canonical !== text) yield invalidValue(field, text, `must be in canonical form ("${canonical}")`);
}

/** The same for a range of addresses. */
export function* canonicalCidrErrors(field: string, text: string): FieldErrors {
  const errors = [...cidrErrors(field, text)];
  yield* errors;
  const range = parseCidr(text);
  if (errors.length > 0 || range === undefined) return;
  const canonical = formatCidr(range);
  if (canonical !== text) yield invalidValue(field, text, `must be in canonical form ("${canonical}")`);
}

/** What the API server warns of in an address that it takes. */
export function* ipWarnings(field: string, text: string): Generator<string> {
  const address = parseIp(text);
  if (address === undefined) return;
  const canonical = formatIp(address);
  if (hasLeadingZeros(text) || isMapped(text, address))
    yield `${field}: non-standard IP address "${text}" is invalid: use "${canonical}"`;
  else if (address.family === 6 && canonical !== text)
    yield `${field}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${canonical}")`;
}

/** The same for a range of addresses. */
export function* cidrWarnings(field: string, text: string): Generator<string> {
  const range = parseCidr(text);
  if (range === undefined) return;
  const { address, length, bits } = range;
  const beyond = (1n << BigInt(bits - length)) - 1n;
  const network = formatCidr({ ...range, address: { ...address, value: address.value & ~beyond } });
  const hasBitsBeyond = (address.value & beyond) !== 0n;
  if (hasBitsBeyond)
    yield `${field}: CIDR value "${text}" is ambiguous in this context (should be "${network}" or "${formatIp(address)}/${bits}"?)`;
  const [head = "", tail = ""] = text.split("/");
  const isStandard = !hasLeadingZeros(head) && !/^0\d/.test(tail) && !isMapped(head, address);
  if (!isStandard) yield `${field}: non-standard CIDR value "${text}" is invalid: use "${network}"`;
  else if (!hasBitsBeyond && address.family === 6 && formatCidr(range) !== text)
    yield `${field}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${formatCidr(range)}")`;
}

/** Whether a range of addresses holds another, and is larger. */
export function isWithin(inner: string, outer: string): boolean {
  const [small, large] = [parseCidr(inner), parseCidr(outer)];
  if (small === undefined || large === undefined || small.bits !== large.bits) return false;
  const shift = BigInt(large.bits - large.length);
  return small.length > large.length && small.address.value >> shift === large.address.value >> shift;
}

interface Cidr {
  readonly address: IpAddress;
  readonly length: number;
  readonly bits: number;
}

/** Reads a range of addresses as Kubernetes reads it (ParseCIDRSloppy). */
export function parseCidr(text: string): Cidr | undefined {
  const [head = "", length = "", ...rest] = text.split("/");
  const address = parseIp(head);
  const bits = address?.family === 6 || head.includes(":") ? 128 : 32;
  if (address === undefined || rest.length > 0 || !/^\d{1,5}$/.test(length) || Number(length) > bits)
    return undefined;
  return { address, length: Number(length), bits };
}

function formatCidr({ address, length }: Cidr): string {
  return `${formatIp(address)}/${length}`;
}

/** An address as RFC 5952 writes it: the longest run of zeros is left out. */
export function formatIp({ family, value }: IpAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
  const parts = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  const runs = [
    ...parts
      .map((part) => (part === "0" ? "0" : "x"))
      .join("")
      .matchAll(/0{2,}/g),
  ];
  const longest = runs.toSorted((left, right) => right[0].length - left[0].length)[0];
  if (longest === undefined) return parts.join(":");
  const [begin, end] = [longest.index, longest.index + longest[0].length];
  return `${parts.slice(0, begin).join(":")}::${parts.slice(end).join(":")}`;
}

/** What is wrong with an address as one that traffic is sent to. */
export function* endpointIpErrors(field: string, text: string): FieldErrors {
  const address = parseIp(text);
  if (address === undefined) return yield invalidValue(field, text, "must be a valid IP address");
  if (isIn(address, "0.0.0.0", 32) || isIn(address, "::", 128))
    yield invalidValue(field, text, `may not be unspecified (${text})`);
  // The half from 127.128.0.0 on is let pass: there pods are on machines whose kernel makes no network for them.
  if ((isIn(address, "127.0.0.0", 8) && !isIn(address, "127.128.0.0", 9)) || isIn(address, "::1", 128))
    yield invalidValue(field, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
  if (isIn(address, "169.254.0.0", 16) || isIn(address, "fe80::", 10))
    yield invalidValue(field, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  if (isIn(address, "224.0.0.0", 24) || isIn(address, "ff02::", 16))
    yield invalidValue(field, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
}

function isIn(address: IpAddress, network: string, length: number): boolean {
  const base = parseIp(network);
  const shift = BigInt((address.family === 4 ? 32 : 128) - length);
  return base?.family === address.family && address.value >> shift === base.value >> shift;
}

function isMapped(text: string, { family }: IpAddress): boolean {
  return family === 4 && text.includes(":");
}

function hasLeadingZeros(text: string): boolean {
  return !text.includes(":") && withoutLeadingZeros(text) !== text;
}

function withoutLeadingZeros(text: string): string {
  return /^[\d.]{7,30}$/.test(text) ? text.replace(/(^|\.)0+(?=\d)/g, "$1") : text;
}

function readIpv4(text: string): bigint {
  return text.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function readIpv6(text: string): bigint {
  const hex = text.replace(/[\d.]+\.\d+$/, (tail) => {
    const value = readIpv4(tail);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = "", tail] = hex.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce((value, part) => (value << 16n) | BigInt(`0x${part}`), 0n);
}
