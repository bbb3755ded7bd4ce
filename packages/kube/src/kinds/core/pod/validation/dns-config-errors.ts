import type { PodSpec } from "../../../../object.ts";
import { invalidBecause, invalidValue, requiredValue, type FieldErrors } from "../../../field-error.ts";
import { ipErrors } from "../../../meta/ip-address.ts";
import { byteLength, dns1123SubdomainWithUnderscore } from "../../../meta/names.ts";

/** What is wrong with the name servers and search paths of a pod. */
export function* dnsConfigErrors(field: string, { dnsPolicy, dnsConfig }: PodSpec): FieldErrors {
  if (dnsPolicy === "None") {
    if (dnsConfig === undefined)
      return yield requiredValue(field, "must provide `dnsConfig` when `dnsPolicy` is None");
    if ((dnsConfig.nameservers ?? []).length === 0)
      return yield requiredValue(
        `${field}.nameservers`,
        "must provide at least one DNS nameserver when `dnsPolicy` is None",
      );
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  if (nameservers.length > 3)
    yield invalidValue(`${field}.nameservers`, nameservers, "must not have more than 3 nameservers");
  for (const [index, address] of nameservers.entries())
    yield* ipErrors(`${field}.nameservers[${index}]`, address);
  if (searches.length > 32)
    yield invalidValue(`${field}.searches`, searches, "must not have more than 32 search paths");
  if (byteLength(searches.join(" ")) > 2048)
    yield invalidValue(
      `${field}.searches`,
      searches,
      "must not have more than 2048 characters (including spaces) in the search list",
    );
  for (const [index, search] of searches.entries()) {
    if (search === ".") continue;
    const domain = search.endsWith(".") ? search.slice(0, -1) : search;
    yield* invalidBecause(`${field}.searches[${index}]`, domain, dns1123SubdomainWithUnderscore(domain));
  }
  for (const [index, { name = "" }] of options.entries())
    if (name === "") yield requiredValue(`${field}.options[${index}]`, "must not be empty");
}
