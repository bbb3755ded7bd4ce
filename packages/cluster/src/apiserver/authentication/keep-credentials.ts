import { X509Certificate } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { SeaworthyError } from "@seaworthy/errors";
import { createCredentials, credentialsOf, type Credentials, type Secrets } from "./credentials.ts";

/**
 * The credentials in a file, or new ones, which then are in it: so a kubeconfig works on when the cluster is started again.
 * Expired ones are replaced. Rejects with SW2007 when the file holds something else.
 */
export function keepCredentials(file: string, nowMs: number): Credentials {
  const kept = readCredentials(file);
  if (kept !== undefined && kept.goodUntilMs > nowMs) return credentialsOf(kept.secrets);
  const credentials = createCredentials(nowMs);
  const { secrets } = credentials;
  // A file that is half written must not be found, and the mode is given to new files only.
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return credentials;
}

function readCredentials(file: string): { secrets: Secrets; goodUntilMs: number } | undefined {
  try {
    const { authority, server, administrator, token, tokenKey } = JSON.parse(
      readFileSync(file, "utf8"),
    ) as Secrets;
    const pairs = [authority, server, administrator].flatMap(({ cert, key }) => [cert, key]);
    for (const text of [...pairs, token, tokenKey])
      if (typeof text !== "string") throw new TypeError("a certificate, a key or the token is missing");
    const goodUntilMs = new X509Certificate(authority.cert).validToDate.getTime();
    return { secrets: { authority, server, administrator, token, tokenKey }, goodUntilMs };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SeaworthyError(
      "SW2007",
      `the credentials in ${file} cannot be read: ${(cause as Error).message}`,
      {
        why: "a kubeconfig of this cluster would not work with new ones",
        next: [`make new ones, and fetch the kubeconfig anew: rm ${file}`],
        cause,
      },
    );
  }
}
