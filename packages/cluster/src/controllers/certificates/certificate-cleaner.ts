import { X509Certificate } from "node:crypto";
import { resourceTypes, type CertificateSigningRequest } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";

const hourMs = 3_600_000;
/** How long a request stays after it was decided, and how long undecided. */
const decidedMs = hourMs;
const pendingMs = 24 * hourMs;

/**
 * Deletes requests for certificates that nobody needs any more
 * (k8s.io/kubernetes/pkg/controller/certificates/cleaner/cleaner.go).
 */
export async function startCertificateCleaner(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const type = resourceTypes.certificatesigningrequests;
  const requests = informers.of<CertificateSigningRequest>(type);
  return await startReconciler(context, {
    name: "certificate-cleaner",
    watches: [watch(requests, (change) => (change.type === "deleted" ? [] : [change.object.metadata.name]))],
    async sync(name, { add }) {
      const request = requests.get(undefined, name);
      if (request === undefined) return;
      const end = endMs(request);
      if (end === undefined) return;
      const waitMs = end - clock.now();
      if (waitMs > 0) return add({ key: name, afterMs: waitMs });
      await client.delete(type, undefined, name).catch(unlessNotFound);
    },
  });
}

/** When a request has had its time, in milliseconds since the epoch; undefined while somebody is yet to sign it. */
function endMs({ metadata, status }: CertificateSigningRequest): number | undefined {
  const since = (type: string) => {
    const found = status?.conditions?.find((condition) => condition.type === type);
    return Date.parse(found?.lastUpdateTime ?? "");
  };
  const issued = (status?.certificate ?? "") === "" ? NaN : since("Approved");
  const isPending = (status?.conditions ?? []).length === 0;
  const ends = [
    issued + decidedMs,
    since("Denied") + decidedMs,
    since("Failed") + decidedMs,
    isPending ? Date.parse(metadata.creationTimestamp ?? "") + pendingMs : NaN,
    certificateEndMs(status?.certificate),
  ];
  return ends.filter((end) => !Number.isNaN(end)).sort((left, right) => left - right)[0];
}

function certificateEndMs(certificate = ""): number {
  if (certificate === "") return NaN;
  try {
    return new X509Certificate(Buffer.from(certificate, "base64")).validToDate.getTime();
  } catch {
    return NaN;
  }
}
