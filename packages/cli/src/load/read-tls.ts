import { createPrivateKey, X509Certificate } from "node:crypto";
import { SeaworthyError } from "@seaworthy/errors";
import type { TlsSettings } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { readInput } from "./read-input.ts";

/** What TLS is told, by `--cacert`, `--cert`, `--key`, `--insecure` and `--server-name`. Throws SW1003 for a file that is not PEM. */
export async function readTls(flags: FlagValues, cwd: string): Promise<TlsSettings> {
  const ca = await readPem(flags, "cacert", cwd, "certificate", (text) => new X509Certificate(text));
  const cert = await readPem(flags, "cert", cwd, "certificate", (text) => new X509Certificate(text));
  const key = await readPem(flags, "key", cwd, "private key without a password", (text) =>
    createPrivateKey(text),
  );
  const serverName = textFlag(flags, "server-name");
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(flags["insecure"] === true ? { insecure: true } : {}),
  };
}

/** Node takes a file of anything as authorities and then trusts none, so each is read here. */
async function readPem(
  flags: FlagValues,
  flag: string,
  cwd: string,
  what: string,
  read: (text: string) => unknown,
): Promise<string | undefined> {
  const file = textFlag(flags, flag);
  if (file === undefined) return undefined;
  const text = (await readInput(file, flag, cwd)).toString("utf8");
  try {
    read(text);
    return text;
  } catch (cause) {
    throw new SeaworthyError("SW1003", `${file} holds no ${what} in PEM`, {
      field: `--${flag}`,
      why: (cause as Error).message,
      next: [`look into it: head -1 ${file}`],
      cause,
    });
  }
}
