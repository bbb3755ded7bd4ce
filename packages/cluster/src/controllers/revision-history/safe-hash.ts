/** A hash in digits and letters that cannot form a word (k8s.io/apimachinery/pkg/util/rand, SafeEncodeString). */
export function safeEncode(text: string): string {
  return Array.from(Buffer.from(text), (byte) => safeAlphabet.charAt(byte % safeAlphabet.length)).join("");
}

const safeAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/** FNV-1a with 32 bits: https://datatracker.ietf.org/doc/html/rfc9923 */
export function fnv1a32(text: string): number {
  let hash = fnvOffset;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, fnvPrime) >>> 0;
  return hash;
}

/** FNV-1 with 32 bits, which multiplies first. */
export function fnv132(text: string): number {
  let hash = fnvOffset;
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, fnvPrime) ^ byte) >>> 0;
  return hash;
}

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** JSON with sorted keys and without null, so that the order in which fields were written does not matter. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && field !== null)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}
