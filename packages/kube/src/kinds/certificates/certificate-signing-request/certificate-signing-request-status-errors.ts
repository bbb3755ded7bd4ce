import { X509Certificate } from "node:crypto";
import { deepEqual } from "../../../deep-equal.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from "./certificate-signing-request-errors.ts";

/**
 * What is wrong with a change of a request's status, by `/status` or by `/approval`: only the one gives certificates, only
 * the other decides.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/certificates/validation/validation.go
 */
export function* certificateSigningRequestStatusErrors(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  by: "status" | "approval",
): FieldErrors {
  const { conditions = [], certificate = "" } = request.status ?? {};
  const { conditions: oldConditions = [], certificate: oldCertificate = "" } = old.status ?? {};
  const isNew = certificate !== oldCertificate;
  yield* conditionErrors(conditions, oldConditions);
  if (isNew) yield* certificateErrors(certificate);
  yield* removalErrors(conditions, oldConditions);
  if (by === "status") yield* decisionErrors(conditions, oldConditions);
  if (isNew && oldCertificate !== "")
    yield forbiddenValue("status.certificate", "updates may not modify existing certificate content");
}

const field = "status.conditions";
const finalTypes = ["Approved", "Denied", "Failed"];

type Conditions = readonly CertificateSigningRequestCondition[];

function* conditionErrors(conditions: Conditions, old: Conditions): FieldErrors {
  const has = (list: Conditions, type: string) => list.some((condition) => condition.type === type);
  const wasBoth = has(old, "Approved") && has(old, "Denied");
  for (const [index, { type = "", status = "" }] of conditions.entries()) {
    const earlier = conditions.slice(0, index);
    if (type === "") yield requiredValue(`${field}[${index}].type`);
    const allowed = finalTypes.includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (status === "") yield requiredValue(`${field}[${index}].status`);
    else if (!allowed.includes(status)) yield unsupportedValue(`${field}[${index}].status`, status, allowed);
    const other = type === "Approved" ? "Denied" : type === "Denied" ? "Approved" : undefined;
    if (other !== undefined && has(earlier, other) && !wasBoth)
      yield invalidValue(field, type, "Approved and Denied conditions are mutually exclusive");
    if (has(earlier, type)) yield duplicateValue(`${field}[${index}].type`, type);
  }
}

function* removalErrors(conditions: Conditions, old: Conditions): FieldErrors {
  for (const type of finalTypes)
    if (ofType(conditions, type).length < ofType(old, type).length)
      yield forbiddenValue(field, `updates may not remove a condition of type ${JSON.stringify(type)}`);
}

function* decisionErrors(conditions: Conditions, old: Conditions): FieldErrors {
  for (const type of ["Approved", "Denied"]) {
    const [now, before] = [ofType(conditions, type), ofType(old, type)];
    const what = `a condition of type ${JSON.stringify(type)}`;
    if (now.length > before.length) yield forbiddenValue(field, `updates may not add ${what}`);
    else if (now.length === before.length && !deepEqual(now, before))
      yield forbiddenValue(field, `updates may not modify ${what}`);
  }
}

function ofType(conditions: Conditions, type: string): Conditions {
  return conditions.filter((condition) => condition.type === type);
}

function* certificateErrors(certificate: string): FieldErrors {
  if (certificate === "") return;
  const problem = certificateProblem(Buffer.from(certificate, "base64").toString());
  if (problem !== undefined) yield invalidValue("status.certificate", "<certificate data>", problem);
}

function certificateProblem(pem: string): string | undefined {
  const blocks = [...pem.matchAll(/-----BEGIN ([^-]+)-----[\s\S]*?-----END \1-----/g)];
  if (blocks.length === 0) return "must contain at least one CERTIFICATE PEM block";
  for (const [block, label = ""] of blocks) {
    if (label !== "CERTIFICATE")
      return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(label)}`;
    if (!isCertificate(block)) return "x509: malformed certificate";
  }
  return undefined;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
