import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { SeaworthyError } from "@seaworthy/errors";

/** The files of a certificate and its key. The default names are those of a Secret of the type `kubernetes.io/tls`. */
export interface TlsFiles {
  /** The certificate, then those that sign it. Default `tls.crt`. */
  readonly certFile?: string;
  /** Default `tls.key`. */
  readonly keyFile?: string;
  /** The authorities for the certificates of clients. None is read when it is not given. */
  readonly caFile?: string;
}

/** A certificate and the key to it, checked. */
export interface TlsKeyPair {
  /** The options for `createSecureContext`: the pair, the authorities and the other options that were given. */
  readonly context: SecureContextOptions;
  readonly certificate: X509Certificate;
}

/**
 * Makes a key pair of a volume's files. Throws SW8005 unless both are PEM, belong together, are accepted by OpenSSL and
 * are in date. The messages say nothing of the key.
 */
export function readKeyPair(
  files: ReadonlyMap<string, Buffer>,
  { certFile = "tls.crt", keyFile = "tls.key", caFile }: TlsFiles,
  base: SecureContextOptions,
  nowMs: number,
): TlsKeyPair {
  const cert = fileOf(files, certFile);
  const key = fileOf(files, keyFile);
  const ca = caFile === undefined ? {} : { ca: fileOf(files, caFile) };
  const { passphrase } = base;
  const certificate = orRefuse(`${certFile} is not a certificate in PEM`, () => new X509Certificate(cert));
  const privateKey = orRefuse(`${keyFile} is not a private key in PEM`, () =>
    createPrivateKey(passphrase === undefined ? key : { key, passphrase }),
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw refuse(`${keyFile} is not the key of the first certificate in ${certFile}`);
  if (certificate.validToDate.getTime() <= nowMs)
    throw refuse(`${certFile} has been out of date since ${certificate.validToDate.toISOString()}`);
  if (certificate.validFromDate.getTime() > nowMs)
    throw refuse(`${certFile} is not valid before ${certificate.validFromDate.toISOString()}`);
  const context = { ...base, cert, key, ...ca };
  orRefuse(`${certFile} and ${keyFile} are not accepted by OpenSSL`, () => createSecureContext(context));
  return { context, certificate };
}

function fileOf(files: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const file = files.get(name);
  if (file === undefined)
    throw refuse(`${name} is missing; there is ${[...files.keys()].join(", ") || "nothing"}`);
  return file;
}

function orRefuse<T>(message: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw refuse(message, error);
  }
}

function refuse(message: string, cause?: unknown): SeaworthyError {
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code;
  return new SeaworthyError("SW8005", reason === undefined ? message : `${message} (${reason})`, {
    why: "a server with it could not be reached",
    next: ["give a certificate and its key as PEM, such as a Secret of the type kubernetes.io/tls has them"],
    cause,
  });
}
