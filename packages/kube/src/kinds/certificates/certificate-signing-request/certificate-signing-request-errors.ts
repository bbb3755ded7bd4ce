import { knownUsages, readSigningRequest } from "@seaworthy/certificates";
import type { KubeObject } from "../../../object.ts";
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  unsupportedText,
  type FieldErrors,
} from "../../field-error.ts";
import { objectMetaErrors } from "../../meta/object-meta-errors.ts";

/** A request for a certificate (certificates.k8s.io/v1). */
export interface CertificateSigningRequest extends KubeObject {
  spec: {
    /** PEM of a PKCS #10 request, in base64. */
    request?: string;
    signerName?: string;
    expirationSeconds?: number;
    usages?: string[];
    username?: string;
    uid?: string;
    groups?: string[];
    extra?: Record<string, string[]>;
  };
  status?: {
    conditions?: CertificateSigningRequestCondition[];
    /** PEM, in base64. */
    certificate?: string;
  };
}

/** What was decided of a request. */
export interface CertificateSigningRequestCondition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  lastUpdateTime?: string;
  lastTransitionTime?: string;
}

/**
 * What is wrong with a CertificateSigningRequest.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/certificates/validation/validation.go
 */
export function* certificateSigningRequestErrors(object: KubeObject): FieldErrors {
  yield* objectMetaErrors(object);
  const {
    request,
    signerName = "",
    expirationSeconds,
    usages = [],
  } = (object as CertificateSigningRequest).spec ?? {};
  const problem = requestProblem(request ?? "");
  if (problem !== undefined) yield invalidValue("spec.request", request, problem);
  yield* usageErrors(usages);
  if (signerName === "") yield requiredValue("spec.signerName");
  else if (signerName === "kubernetes.io/legacy-unknown")
    yield invalidValue(
      "spec.signerName",
      signerName,
      "the legacy signerName is not allowed via this API version",
    );
  else if (!/^[^/]+\/.+$/.test(signerName)) {
    const form = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    yield invalidValue("spec.signerName", signerName, form);
  }
  if (expirationSeconds !== undefined && expirationSeconds < 600) {
    const least = "may not specify a duration less than 600 seconds (10 minutes)";
    yield invalidValue("spec.expirationSeconds", expirationSeconds, least);
  }
}

function requestProblem(request: string): string | undefined {
  try {
    readSigningRequest(Buffer.from(request, "base64").toString());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function* usageErrors(usages: readonly string[]): FieldErrors {
  if (usages.length === 0) yield requiredValue("spec.usages");
  const known = knownUsages();
  for (const [index, usage] of usages.entries())
    if (!known.includes(usage)) yield unsupportedText(`spec.usages[${index}]`, usage, known);
  for (const [index, usage] of usages.entries())
    if (usages.indexOf(usage) < index) yield duplicateValue(`spec.usages[${index}]`, usage);
}
