import type { ServiceSpec } from "../../../object.ts";
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { ipErrors, parseIp } from "../../meta/ip-address.ts";

const families = ["IPv4", "IPv6"];
const familyPolicies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/**
 * What is wrong with the addresses of a Service (ValidateServiceClusterIPsRelatedFields). The API server asks this
 * before it allocates an address, and refuses the Service for it alone.
 */
export function* findClusterIpErrors(spec: ServiceSpec, old?: ServiceSpec): FieldErrors {
  if (spec.type === "ExternalName") return;
  const field = "spec.clusterIPs";
  const { clusterIP = "", clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  if (clusterIP === "") {
    if (clusterIPs.length > 0)
      yield invalidValue(field, clusterIPs, "must be empty when `clusterIP` is not specified");
  } else if (clusterIPs.length === 0) {
    yield requiredValue(field);
  } else if (clusterIPs[0] !== clusterIP) {
    yield invalidValue(field, clusterIPs, "first value must match `clusterIP`");
  }
  for (const [index, family] of ipFamilies.entries()) {
    const at = `spec.ipFamilies[${index}]`;
    if (!families.includes(family)) yield unsupportedValue(at, family, families);
    if (ipFamilies.indexOf(family) < index) yield duplicateValue(at, family);
  }
  if (ipFamilyPolicy !== undefined && !familyPolicies.includes(ipFamilyPolicy))
    yield unsupportedValue("spec.ipFamilyPolicy", ipFamilyPolicy, familyPolicies);
  const wrong = [...addressErrors(clusterIPs, old?.clusterIPs)];
  yield* wrong;
  if (clusterIPs.length > 2) yield invalidValue(field, clusterIPs, "may only hold up to 2 values");
  if (wrong.length === 0 && clusterIPs[0] !== "None") yield* familyErrors(clusterIPs, ipFamilies);
}

function* addressErrors(clusterIPs: readonly string[], known: readonly string[] | undefined): FieldErrors {
  for (const [index, address] of clusterIPs.entries()) {
    if (index > 0 || address !== "None") yield* ipErrors(`spec.clusterIPs[${index}]`, address, known);
    else if (clusterIPs.length > 1)
      yield invalidValue("spec.clusterIPs", clusterIPs, "'None' must be the first and only value");
  }
}

function* familyErrors(clusterIPs: readonly string[], ipFamilies: readonly string[]): FieldErrors {
  const found = clusterIPs.map((address) => (parseIp(address)?.family === 6 ? "IPv6" : "IPv4"));
  if (clusterIPs.length > 1 && new Set(found).size < 2)
    yield invalidValue("spec.clusterIPs", clusterIPs, "may specify no more than one IP for each IP family");
  for (const [index, address] of clusterIPs.entries()) {
    const family = ipFamilies[index];
    if (family !== undefined && families.includes(family) && family !== found[index])
      yield invalidValue(
        `spec.clusterIPs[${index}]`,
        address,
        `expected an ${family} value as indicated by \`ipFamilies[${index}]\``,
      );
  }
}

/** What is wrong with a change of the addresses of a Service: they stay once they are set. */
export function* clusterIpUpdateErrors(spec: ServiceSpec, old: ServiceSpec): FieldErrors {
  if (spec.type === "ExternalName" || old.type === "ExternalName") return;
  const now = spec.clusterIPs ?? [];
  const before = old.clusterIPs ?? [];
  const isHeadless = now.length === 1 && now[0] === "None";
  const wasHeadless = before.length === 1 && before[0] === "None";
  if (isHeadless && wasHeadless) return;
  const changed = "may not change once set";
  if (now.length === before.length) {
    for (const [index, address] of before.entries())
      if (address !== now[index]) yield invalidValue(`spec.clusterIPs[${index}]`, now, changed);
  } else {
    if (now.length === 0)
      yield invalidValue("spec.clusterIPs[0]", null, "primary clusterIP can not be unset");
    else if (before.length > 0 && now[0] !== before[0])
      yield invalidValue("spec.clusterIPs[0]", now, changed);
    if (now.length === 1 && before.length > 1 && spec.ipFamilyPolicy !== "SingleStack")
      yield invalidValue(
        "spec.ipFamilyPolicy",
        spec.ipFamilyPolicy ?? null,
        "must be set to 'SingleStack' when releasing the secondary clusterIP",
      );
  }
  if (!isHeadless && !wasHeadless) yield* familyUpdateErrors(spec, old);
}

function* familyUpdateErrors(spec: ServiceSpec, old: ServiceSpec): FieldErrors {
  const now = spec.ipFamilies ?? [];
  const before = old.ipFamilies ?? [];
  const changed = "may not change once set";
  if (now.length === before.length) {
    for (const [index, family] of before.entries())
      if (family !== now[index]) yield invalidValue("spec.ipFamilies[0]", now, changed);
    return;
  }
  if (now.length > 0 && before.length > 0 && now[0] !== before[0])
    yield invalidValue("spec.ipFamilies[0]", spec.clusterIPs ?? null, changed);
  if (now.length === 1 && before.length > 1 && spec.ipFamilyPolicy !== "SingleStack")
    yield invalidValue(
      "spec.ipFamilyPolicy",
      spec.ipFamilyPolicy ?? null,
      "must be set to 'SingleStack' when releasing the secondary ipFamily",
    );
}
