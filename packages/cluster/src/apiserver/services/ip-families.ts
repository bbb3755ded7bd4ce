import { invalidValue, type FieldError, type Service } from "@seaworthy/kube";

/**
 * The families of a Service's addresses, as a cluster that has IPv4 only fills them in; and what it refuses.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/service/storage/alloc.go (initIPFamilyFields)
 */
export function initIpFamilies(spec: Service["spec"]): FieldError[] {
  const isHeadless = spec.clusterIP === "None";
  const isOpen = isHeadless && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= isOpen ? "RequireDualStack" : "SingleStack";
  const addresses = isHeadless ? [] : (spec.clusterIPs ?? []);
  const families = [...(spec.ipFamilies ?? [])];
  const errors = [...countErrors(spec, families.length), ...addressFamilyErrors(addresses, families)];
  if (errors.length > 0) return errors;
  if (isOpen) {
    spec.ipFamilies = withBoth(families, spec.ipFamilyPolicy);
    return [];
  }
  if (spec.ipFamilyPolicy === "RequireDualStack") {
    const why = "this cluster is not configured for dual-stack services";
    errors.push(invalidValue("spec.ipFamilyPolicy", spec.ipFamilyPolicy, why));
  }
  for (const [index, family] of families.entries())
    if (family !== "IPv4")
      errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
  spec.ipFamilies = families.length === 0 ? ["IPv4"] : families;
  return errors;
}

function countErrors({ ipFamilyPolicy, clusterIPs }: Service["spec"], families: number): FieldError[] {
  if (ipFamilyPolicy !== "SingleStack") return [];
  const field = "spec.ipFamilyPolicy";
  const why = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  return [
    ...(clusterIPs?.length === 2
      ? [invalidValue(field, ipFamilyPolicy, `${why} cluster IPs are specified`)]
      : []),
    ...(families === 2 ? [invalidValue(field, ipFamilyPolicy, `${why} IP families are specified`)] : []),
  ];
}

/** An address says its family; `families` becomes longer by those that were not written. */
function addressFamilyErrors(addresses: readonly string[], families: string[]): FieldError[] {
  return addresses.flatMap((address, index) => {
    if (index < families.length) return [];
    if (!address.includes(":")) {
      families.push("IPv4");
      return [];
    }
    return [invalidValue(`spec.clusterIPs[${index}]`, addresses, "IPv6 is not configured on this cluster")];
  });
}

function withBoth(families: readonly string[], policy: string): string[] {
  const [first = "IPv4", second] = families;
  if (second !== undefined || policy === "SingleStack")
    return [first, ...(second === undefined ? [] : [second])];
  return [first, first === "IPv4" ? "IPv6" : "IPv4"];
}
