import { knownUsages, readSigningRequest } from "@seaworthy/certificates";
import type { KubeObject, Unchecked } from "../../../object.ts";
import {
  duplicateValue,
  invalidValue,
  invalidWord,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { signerNameErrors } from "../signer-name-errors.ts";

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
 * What is wrong with a new CertificateSigningRequest.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/certificates/validation/validation.go
 */
export function* certificateSigningRequestErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<CertificateSigningRequest>;
  const { request, usages = [], signerName = "", expirationSeconds: seconds } = spec;
  yield* coreObjectMetaErrors(object, () => []);
  const problem = requestProblem(request ?? "");
  if (problem !== undefined) yield invalidValue("spec.request", request ?? null, problem);
  yield* usageErrors("spec.usages", usages);
  if (signerName === "kubernetes.io/legacy-unknown")
    yield invalidWord(
      "spec.signerName",
      signerName,
      "the legacy signerName is not allowed via this API version",
    );
  else yield* signerNameErrors("spec.signerName", signerName);
  if (seconds !== undefined && seconds < 600)
    yield invalidValue(
      "spec.expirationSeconds",
      seconds,
      "may not specify a duration less than 600 seconds (10 minutes)",
    );
}

/** What is wrong with a change of one: of what it asks for nothing may change. */
export function* certificateSigningRequestUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* certificateSigningRequestErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
}

function requestProblem(request: string): string | undefined {
  try {
    readSigningRequest(Buffer.from(request, "base64").toString());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function* usageErrors(field: string, usages: readonly string[]): FieldErrors {
  if (usages.length === 0) yield requiredValue(field);
  const known = knownUsages();
  for (const [index, usage] of usages.entries())
    if (!known.includes(usage)) yield unsupportedValue(`${field}[${index}]`, usage, known);
  for (const [index, usage] of usages.entries())
    if (usages.indexOf(usage) < index) yield duplicateValue(`${field}[${index}]`, usage);
}
