import { isPlaceholder } from "./secret-names.ts";

/** What a text holds that nobody but its owner should read. */
export interface SecretValue {
  /** What it is: "a private key". */
  readonly what: string;
  /** Where it begins in the text. */
  readonly index: number;
}

/** The first secret in a text that shows by its value. The text's name tells only whether a random word is a public one. */
export function findSecretValue(text: string, name = ""): SecretValue | undefined {
  // Longer texts are programs and data, in which anything may look like a key.
  if (typeof text !== "string" || text.length > longest) return undefined;
  for (const [what, pattern] of patterns) {
    const match = pattern.exec(text);
    if (match !== null && !isPlaceholder(match[0])) return { what, index: match.index };
  }
  return findUrlPassword(text) ?? (publicNames.test(name) ? undefined : findRandomText(text));
}

const longest = 100_000;

/** Prefixes by which providers mark their own tokens, so that they are found where they should not be. */
const patterns: readonly (readonly [string, RegExp])[] = [
  ["a private key", /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----/],
  ["a key of AWS", /\b(AKIA|ASIA)[A-Z2-7]{16}\b/],
  ["a token of GitHub", /\b(gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,100})\b/],
  ["a token of GitLab", /\bgl(pat|rt|dt|ptt|cbt)-[A-Za-z0-9_-]{20,}/],
  ["a token of Slack", /\bxox[abeprs]-\d+-[A-Za-z0-9-]{10,}/],
  ["a webhook of Slack", /\bhttps:\/\/hooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]{16,}/],
  ["a key of Stripe", /\b[rs]k_live_[A-Za-z0-9]{20,}\b/],
  ["a key of Google", /\bAIza[A-Za-z0-9_-]{35}\b/],
  ["a token of npm", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a token of PyPI", /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}/],
  ["a key of SendGrid", /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/],
  ["a key of OpenAI", /\bsk-(proj|svcacct|admin)-[A-Za-z0-9_-]{40,}/],
  ["a key of Anthropic", /\bsk-ant-[a-z]+\d\d-[A-Za-z0-9_-]{40,}/],
  ["a token of Vault", /\bhvs\.[A-Za-z0-9_-]{24,}/],
  ["a token of DigitalOcean", /\bdop_v1_[a-f0-9]{64}\b/],
  ["a key of age", /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/],
  ["a storage key of Azure", /\bAccountKey=[A-Za-z0-9+/]{86}==/],
  ["a signed token", /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20}/],
];

/** `postgres://shop:hunter2@db/shop`, with neither a variable for the password nor a word that stands for one. */
function findUrlPassword(text: string): SecretValue | undefined {
  for (const match of text.matchAll(
    /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#@'"]{0,100}:([^\s/?#@'"]{1,200})@[\w.$({[-]/gi,
  )) {
    const password = match[1] ?? "";
    if (!isPlaceholder(password) && !password.startsWith("$") && !exampleWords.test(password))
      return { what: "an address with its password", index: match.index };
  }
  return undefined;
}

const exampleWords =
  /^(pass|passwd|password|pw|pwd|secret|changeme|change-me|example|user|token|redacted|xxx+|\*+|\.+)$/i;

/** What is random and meant to be seen. */
const publicNames =
  /public|site|client[-_]?id|app(lication)?[-_]?id|cluster[-_]?id|tenant|digest|hash|checksum|fingerprint|integrity|cert|csp|policy|etag|revision|commit|version|cursor|dsn/i;

/**
 * A text that consists of one long random word. Digests and identifiers of objects look the same and are none, so that hex
 * does not count, nor does what has words in it.
 */
function findRandomText(text: string): SecretValue | undefined {
  const word = text.trim();
  if (word.length < 32 || word.length > 128 || !/^[A-Za-z0-9+/_=-]+$/.test(word)) return undefined;
  if (
    /^(sha\d+|age1|ssh)/.test(word) ||
    /^[0-9a-f-]+$/i.test(word) ||
    !/[a-z]/.test(word) ||
    !/[A-Z]/.test(word) ||
    !/\d/.test(word)
  )
    return undefined;
  // Names such as com/example/ShopApplication2 have long runs of small letters.
  if (/[a-z]{7}|[A-Z]{7}|[-_/].*[-_/].*[-_/]/.test(word) || entropyOf(word) < 4.3) return undefined;
  return { what: "a long random word, as keys are", index: 0 };
}

/** Shannon's entropy, in bits per character. */
function entropyOf(text: string): number {
  const counts = Map.groupBy(text, (character) => character).values();
  return -counts.reduce(
    (sum, { length }) => sum + (length / text.length) * Math.log2(length / text.length),
    0,
  );
}
