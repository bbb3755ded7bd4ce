import { readSigningRequest, type CertificateAuthority } from "@seaworthy/certificates";
import { resourceTypes, type CertificateSigningRequest } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { signers } from "./signers.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** As long as a certificate lasts when nothing else is asked for, and at most. */
const lifetimeMs = 365 * 24 * hourMs;
/** Programs whose clock is a little behind trust it as well. */
const backdateMs = 5 * minuteMs;
/** A certificate that lasts for less than this does not end earlier for being backdated. */
const shortMs = 8 * hourMs;

/**
 * Signs requests that were approved, for the signers of Kubernetes
 * (k8s.io/kubernetes/pkg/controller/certificates/signer/signer.go).
 */
export async function startCertificateSigningController(
  context: ControllerContext,
  authority: Pick<CertificateAuthority, "cert" | "sign">,
): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const type = resourceTypes.certificatesigningrequests;
  const requests = informers.of<CertificateSigningRequest>(type);
  return await startReconciler(context, {
    name: "certificate-controller",
    watches: [watch(requests, (change) => (change.type === "deleted" ? [] : [change.object.metadata.name]))],
    async sync(name) {
      const request = requests.get(undefined, name);
      const check = signers.get(request?.spec.signerName ?? "");
      if (request === undefined || check === undefined || !isDue(request)) return;
      const { spec, status } = request;
      const read = readSigningRequest(Buffer.from(spec.request ?? "", "base64").toString());
      const problem = check(read, spec.usages ?? []);
      const done =
        problem === undefined
          ? { certificate: encode(authority.sign(read, options(spec, clock.now()))) }
          : { conditions: [...(status?.conditions ?? []), failed(problem)] };
      await client
        .update<CertificateSigningRequest>(type, { ...request, status: { ...status, ...done } }, "status")
        .catch(unlessNotFound);
    },
  });
}

/** Approved, not denied, and neither signed nor failed. */
function isDue({ status }: CertificateSigningRequest): boolean {
  const has = (type: string) => status?.conditions?.some((condition) => condition.type === type) === true;
  return has("Approved") && !has("Denied") && !has("Failed") && (status?.certificate ?? "") === "";
}

function options({ expirationSeconds, usages = [] }: CertificateSigningRequest["spec"], nowMs: number) {
  const asked = expirationSeconds === undefined ? lifetimeMs : expirationSeconds * 1000;
  const lastsMs = Math.min(lifetimeMs, Math.max(2 * backdateMs, asked));
  const endMs = nowMs + lastsMs - (lastsMs < shortMs ? 0 : backdateMs);
  return { usages, notBefore: new Date(nowMs - backdateMs), notAfter: new Date(endMs) };
}

function failed(message: string) {
  return { type: "Failed", status: "True", reason: "SignerValidationFailure", message };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}
