import { X509Certificate } from "node:crypto";
import { connect, isIP, type Socket } from "node:net";
import tls from "node:tls";
import { SeaworthyError } from "@seaworthy/errors";
import type { Dns, LoadPlan, Target, Via } from "../plan/plan.ts";
import { lookUp } from "../transport/look-up.ts";
import { errnoOf } from "../transport/failure-class.ts";
import { secureSettings } from "../transport/open-socket.ts";

/** The longest time that one attempt to connect may take before the run. */
const mostTryMs = 3_000;

/**
 * Looks up the targets' hosts once, and looks at the certificates of those that speak TLS. No request is sent yet. A server
 * that is not there is no error here, because the run counts such failures. Rejects with SW5003 and SW5005.
 */
export async function prepareTargets(plan: LoadPlan): Promise<LoadPlan> {
  const targets = await Promise.all(
    plan.targets.map(async (target) => {
      const prepared =
        target.via.kind === "tcp" ? { ...target, via: await resolve(target.via, plan.dns) } : target;
      if (prepared.tls !== undefined) await checkCertificate(prepared);
      return prepared;
    }),
  );
  return { ...plan, targets };
}

async function resolve(
  via: Via & { readonly kind: "tcp" },
  { family, use }: Dns,
): Promise<Via & { readonly kind: "tcp" }> {
  const { host, port } = via;
  if (isIP(host) !== 0) return { ...via, addresses: [host] };
  const addresses = await addressesOf(host, family);
  if (use === "all" || addresses.length === 1) return { ...via, addresses };
  // "localhost" is ::1 and 127.0.0.1 on many machines, and servers often listen to one of them only.
  for (const address of addresses) {
    const socket = await attempt(() => connect({ host: address, port }), "connect");
    socket.destroy();
    if (socket.errored === null && !socket.connecting) return { ...via, addresses: [address] };
  }
  return { ...via, addresses: addresses.slice(0, 1) };
}

async function addressesOf(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
  try {
    return await lookUp(host, family);
  } catch (cause) {
    const of = family === 0 ? "" : ` for IPv${family}`;
    throw new SeaworthyError("SW5003", `${host} has no address${of}: ${errnoOf(cause)}`, {
      field: "url",
      next: [`check the name: getent hosts ${host}`],
      cause,
    });
  }
}

/** Refuses a server whose certificate cannot be trusted: each request would fail in the same way, by a mistake in the call. */
async function checkCertificate({
  name,
  via,
  tls: settings = {},
  hostHeader,
  protocol,
}: Target): Promise<void> {
  if (via.kind === "dialed") return;
  const host = via.kind === "tcp" ? via.host : hostHeader;
  const address =
    via.kind === "tcp" ? { host: via.addresses?.[0] ?? host, port: via.port } : { path: via.path };
  const secure = readSettings(name, () => {
    // Without this line a text that is no certificate would be passed over silently.
    if (settings.ca !== undefined) void new X509Certificate(settings.ca);
    return secureSettings(settings, host, protocol ?? "http/1.1");
  });
  if (settings.insecure === true) return;
  const socket = await attempt(() => tls.connect({ ...address, ...secure }), "secureConnect");
  socket.destroy();
  const { errored } = socket;
  const code = errored === null ? "" : errnoOf(errored);
  if (errored === null || !isAboutCertificate(code)) return;
  throw new SeaworthyError("SW5005", `the certificate of ${name} is not to be trusted: ${errored.message}`, {
    why: code,
    next: ["name the authority that signed it: --cacert FILE", "or take any certificate: --insecure"],
    cause: errored,
  });
}

function readSettings<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new SeaworthyError(
      "SW5001",
      `the certificates or keys for ${name} cannot be read: ${(cause as Error).message}`,
      {
        next: ["give PEM files: --cacert, --cert and --key"],
        cause,
      },
    );
  }
}

/** Whether a code is one of OpenSSL's X509_V_ERR names, which Node gives as codes, or Node's own for a wrong name. */
function isAboutCertificate(code: string): boolean {
  return /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/.test(
    code,
  );
}

/** Fulfilled with the socket when it is up, has failed, or the time is over. */
async function attempt<S extends Socket>(open: () => S, up: "connect" | "secureConnect"): Promise<S> {
  const socket = open();
  const { promise, resolve: done } = Promise.withResolvers<void>();
  const timer = setTimeout(done, mostTryMs);
  socket.once(up, done).once("error", done).once("close", done);
  // A second error, after the first, is ignored.
  socket.on("error", () => undefined);
  await promise;
  clearTimeout(timer);
  return socket;
}
