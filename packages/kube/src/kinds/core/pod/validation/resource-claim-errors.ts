import type { PodSpec } from "../../../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { dns1123Label, dns1123Subdomain } from "../../../meta/names.ts";

/** What is wrong with the devices that a pod claims. */
export function* resourceClaimErrors(field: string, claims: PodSpec["resourceClaims"]): FieldErrors {
  const names = new Set<string>();
  for (const [index, claim] of (claims ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { name = "", resourceClaimName, resourceClaimTemplateName } = claim as Partial<typeof claim>;
    if (name === "") yield requiredValue(`${at}.name`);
    else if (names.has(name)) yield duplicateValue(`${at}.name`, name);
    else yield* invalidBecause(`${at}.name`, name, dns1123Label(name));
    names.add(name);
    // Shown as the struct that the API server has in memory.
    const shown = {
      Name: name,
      ResourceClaimName: resourceClaimName ?? null,
      ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
    };
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined)
      yield invalidValue(
        at,
        shown,
        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
      );
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined)
      yield invalidValue(at, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
    for (const [part, value] of Object.entries({ resourceClaimName, resourceClaimTemplateName }))
      if (value !== undefined) yield* invalidBecause(`${at}.${part}`, value, dns1123Subdomain(value));
  }
}
