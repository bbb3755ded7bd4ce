import type { V1ParamKind, V1ParamRef } from "@kubernetes/client-node";
import type { LabelSelector, Unchecked } from "../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../field-error.ts";
import { labelSelectorErrors } from "../meta/label-errors.ts";
import { dns1035Label, dns1123Subdomain, pathSegmentName } from "../meta/names.ts";

/** What is wrong with the kind of object that a policy takes its settings from. */
export function* paramKindErrors(
  field: string,
  { apiVersion = "", kind = "" }: Unchecked<V1ParamKind>,
): FieldErrors {
  const at = `${field}.apiVersion`;
  const [first = "", second, ...rest] = apiVersion.split("/");
  if (apiVersion === "") yield requiredValue(at);
  else if (rest.length > 0)
    yield invalidValue(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  else yield* versionErrors(at, apiVersion, second === undefined ? "" : first, second ?? first);
  const reasons = dns1035Label(kind.toLowerCase());
  if (kind === "") yield requiredValue(`${field}.kind`);
  else if (reasons.length > 0)
    yield invalidValue(
      `${field}.kind`,
      kind,
      `may have mixed case, but should otherwise match: ${reasons.join(",")}`,
    );
}

function* versionErrors(field: string, apiVersion: string, group: string, version: string): FieldErrors {
  const groupReasons = group === "" ? [] : dns1123Subdomain(group);
  if (groupReasons.length > 0) yield invalidValue(field, group, groupReasons.join(","));
  const reasons = dns1035Label(version);
  if (version === "") yield invalidValue(field, apiVersion, "version must be specified");
  else if (reasons.length > 0) yield invalidValue(field, version, reasons.join(","));
}

/** What is wrong with the choice of such objects that a binding makes. */
export function* paramRefErrors(field: string, reference: Unchecked<V1ParamRef>): FieldErrors {
  const { name = "", selector, parameterNotFoundAction: action = "" } = reference;
  const exclusive = "name and selector are mutually exclusive";
  if (name !== "") yield* invalidBecause(`${field}.name`, name, pathSegmentName(name));
  if (name !== "" && selector !== undefined) yield forbiddenValue(`${field}.name`, exclusive);
  yield* labelSelectorErrors(`${field}.selector`, selector as LabelSelector | undefined);
  if (name !== "" && selector !== undefined) yield forbiddenValue(`${field}.selector`, exclusive);
  if (name === "" && selector === undefined)
    yield requiredValue(field, "one of name or selector must be specified");
  if (action === "") yield requiredValue(`${field}.parameterNotFoundAction`);
  else if (action !== "Deny" && action !== "Allow")
    yield unsupportedValue(`${field}.parameterNotFoundAction`, action, ["Deny", "Allow"]);
}
