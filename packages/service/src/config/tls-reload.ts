import type { SecureContextOptions, Server } from "node:tls";
import type { SeaworthyError } from "@seaworthy/errors";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import { followVolume, type FollowOptions } from "./follow-volume.ts";
import { createReloadMetrics } from "./reload-metrics.ts";
import { readKeyPair, type TlsFiles, type TlsKeyPair } from "./tls-key-pair.ts";

/** What `watchTls` takes beside the servers. */
export interface TlsOptions extends TlsFiles, FollowOptions {
  /** A Secret volume, or a plain folder. */
  readonly directory: string;
  /** The servers' other options, such as `minVersion`: Node forgets each option that is not given again. */
  readonly context?: SecureContextOptions;
  readonly registry?: MetricsRegistry;
  /** How the names of its metrics begin. Default `tls`. */
  readonly metricPrefix?: string;
}

/** A certificate that follows its files. */
export interface LiveTls extends Disposable {
  readonly notAfter: Date;
  /** SHA-256 of the certificate in use, in hexadecimal with colons. */
  readonly fingerprint: string;
  /** Why the files as they are now are not in use; undefined when they are. */
  readonly lastError: SeaworthyError | undefined;
  /** Looks at the files at once. Rejects with SW8003 or SW8005 when the last good pair stays. */
  reload(): Promise<void>;
}

/** A certificate that expires within this time gets a warning, in milliseconds. */
const soonMs = 7 * 24 * 3_600_000;

/**
 * Gives servers of `node:tls`, `node:https` or `node:http2` a certificate and its key, and again each time that the files
 * change. Call it before they listen; they may be made without a certificate. Connections keep the certificate that they
 * began with. A client that resumes an earlier session makes a full handshake, because the ticket keys are new as
 * well. The first load throws SW8003 or SW8005; later the last good pair stays.
 */
export async function watchTls(servers: Server | readonly Server[], options: TlsOptions): Promise<LiveTls> {
  const { directory, registry, metricPrefix = "tls", log, context = {}, nowMs = Date.now } = options;
  const all = [servers].flat();
  let pair: TlsKeyPair | undefined;
  let lastError: SeaworthyError | undefined;
  const metrics = createReloadMetrics(registry, metricPrefix, nowMs);
  registry?.observe(
    `${metricPrefix}_certificate_not_after_timestamp_seconds`,
    "When the certificate in use ends.",
    "gauge",
    () => (pair?.certificate.validToDate.getTime() ?? 0) / 1_000,
  );

  const volume = await followVolume<TlsKeyPair>(
    directory,
    {
      load: ({ files }) => readKeyPair(files, options, context, nowMs()),
      use(next) {
        const isReload = pair !== undefined;
        for (const server of all) server.setSecureContext(next.context);
        pair = next;
        lastError = undefined;
        metrics.loaded(isReload);
        const {
          subjectAltName: names,
          fingerprint256: fingerprint,
          validToDate: notAfter,
        } = next.certificate;
        log.info({ directory, names, fingerprint, notAfter }, "TLS certificate loaded");
        if (notAfter.getTime() - nowMs() < soonMs)
          log.warn({ directory, names, notAfter }, "the TLS certificate ends within 7 days");
      },
      failed(error) {
        lastError = error;
        metrics.failed();
        const notAfter = pair?.certificate.validToDate;
        log.error(
          { directory, code: error.code, error: error.message, notAfter },
          "the TLS key pair cannot be used, the last good one stays",
        );
      },
      recovered() {
        lastError = undefined;
        metrics.loaded(true);
        log.info({ directory }, "the TLS key pair is the last good one again");
      },
    },
    options,
  );

  return {
    get notAfter() {
      return pair!.certificate.validToDate;
    },
    get fingerprint() {
      return pair!.certificate.fingerprint256;
    },
    get lastError() {
      return lastError;
    },
    reload: volume.reload,
    [Symbol.dispose]: () => volume[Symbol.dispose](),
  };
}
