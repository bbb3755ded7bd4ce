/** The text in place of a secret. */
export const mask = "***";

const secretName =
  /secret|token|passw|passphrase|key|credential|auth|cookie|private|signature|session|jwt|dsn|database_url|cache_url|redis_url/i;

/** The value as it may be shown: not at all when its name sounds like a secret, and without a password in its URL. */
export function maskSecret(name: string, value: string): string {
  if (secretName.test(name)) return mask;
  return value.replace(/([a-z][a-z\d+.-]*:\/\/)[^/\s@]*@/gi, `$1${mask}@`);
}
