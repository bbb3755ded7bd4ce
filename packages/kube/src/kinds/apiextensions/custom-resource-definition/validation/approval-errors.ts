import type { CustomResourceDefinition } from "../../../../custom-kinds/custom-resource-definition.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../../field-error.ts";

const annotation = "api-approved.kubernetes.io";
const field = `metadata.annotations[${annotation}]`;

/** Whether somebody of Kubernetes has approved of a kind in one of its groups, and why it is thought so. */
export interface Approval {
  readonly state: "approved" | "bypassed" | "missing" | "invalid";
  readonly reason: string;
}

/** The approval of a definition; undefined for groups that are not Kubernetes' own (apihelpers.GetAPIApprovalState). */
export function approvalOf({ metadata, spec }: CustomResourceDefinition): Approval | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group)) return undefined;
  const value = metadata.annotations?.[annotation] ?? "";
  const must = `protected groups must have approval annotation ${JSON.stringify(annotation)}`;
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  if (value === "") return { state: "missing", reason: `${must}, ${see}` };
  if (value.startsWith("unapproved"))
    return { state: "bypassed", reason: `not approved: ${JSON.stringify(value)}` };
  if (/^[A-Za-z][-+.A-Za-z0-9]*:\/\/[^/\s]+/.test(value))
    return { state: "approved", reason: `approved in ${value}` };
  return {
    state: "invalid",
    reason: `${must} with either a URL or a reason starting with "unapproved", ${see}`,
  };
}

/** A kind in a group of Kubernetes needs an approval; one that was missing before may go on missing. */
export function* approvalErrors(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldErrors {
  const approval = approvalOf(definition);
  if (approval === undefined || (old !== undefined && approvalOf(old)?.state === approval.state)) return;
  if (approval.state === "missing") yield requiredValue(field, approval.reason);
  if (approval.state === "invalid")
    yield invalidValue(field, definition.metadata.annotations?.[annotation], approval.reason);
}
