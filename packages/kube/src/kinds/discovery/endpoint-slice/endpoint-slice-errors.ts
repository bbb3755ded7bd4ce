import { deepEqual } from "../../../deep-equal.ts";
import type { Endpoint, EndpointSlice, EndpointSlicePort, KubeObject } from "../../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  invalidWord,
  requiredValue,
  tooManyValues,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { canonicalIpErrors, endpointIpErrors, ipErrors, parseIp } from "../../meta/ip-address.ts";
import { labelErrors } from "../../meta/label-errors.ts";
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "../../meta/names.ts";
import { coreObjectMetaErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with an EndpointSlice. */
export function* endpointSliceErrors(object: KubeObject, old?: KubeObject): FieldErrors {
  const slice = object as EndpointSlice;
  const { addressType = "", ports = [], endpoints = [] } = slice as Partial<EndpointSlice>;
  yield* coreObjectMetaErrors(object);
  if (addressType === "") yield requiredValue("addressType");
  else if (!addressTypes.includes(addressType))
    yield unsupportedValue("addressType", addressType, addressTypes);
  yield* slicePortErrors(ports);
  const isKnown = old !== undefined && deepEqual(endpoints, (old as EndpointSlice).endpoints ?? []);
  if (!isKnown) yield* endpointErrors(endpoints, addressType);
}

/** What is wrong with a change of an EndpointSlice: the type of its addresses stays. */
export function* endpointSliceUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* endpointSliceErrors(object, old);
  const { addressType } = object as EndpointSlice;
  if (addressType !== (old as EndpointSlice).addressType)
    yield invalidWord("addressType", addressType, "field is immutable");
}

const addressTypes = ["FQDN", "IPv4", "IPv6"];
const protocols = ["SCTP", "TCP", "UDP"];

function* slicePortErrors(ports: readonly EndpointSlicePort[]): FieldErrors {
  if (ports.length > 20_000) return yield tooManyValues("ports", ports.length, 20_000);
  const names = new Set<string>();
  for (const [index, { name = "", protocol = "TCP", appProtocol }] of ports.entries()) {
    const at = `ports[${index}]`;
    if (name !== "") yield* invalidBecause(`${at}.name`, name, dns1123Label(name));
    if (names.has(name)) yield duplicateValue(`${at}.name`, name);
    names.add(name);
    if (!protocols.includes(protocol)) yield unsupportedValue(`${at}.protocol`, protocol, protocols);
    if (appProtocol !== undefined)
      yield* invalidBecause(`${at}.appProtocol`, appProtocol, qualifiedName(appProtocol));
  }
}

function* endpointErrors(endpoints: readonly Endpoint[], addressType: string): FieldErrors {
  if (endpoints.length > 1000) return yield tooManyValues("endpoints", endpoints.length, 1000);
  for (const [index, endpoint] of endpoints.entries()) {
    const at = `endpoints[${index}]`;
    const addresses = endpoint.addresses ?? [];
    if (addresses.length === 0) yield requiredValue(`${at}.addresses`, "must contain at least 1 address");
    else if (addresses.length > 100) yield tooManyValues(`${at}.addresses`, addresses.length, 100);
    for (const [position, address] of addresses.entries())
      yield* addressErrors(`${at}.addresses`, position, address, addressType);
    const { nodeName, hostname, hints } = endpoint;
    if (nodeName !== undefined) yield* invalidBecause(`${at}.nodeName`, nodeName, dns1123Subdomain(nodeName));
    yield* labelErrors(`${at}.deprecatedTopology`, endpoint.deprecatedTopology);
    if (hostname !== undefined) yield* invalidBecause(`${at}.hostname`, hostname, dns1123Label(hostname));
    yield* hintErrors(`${at}.hints.forZones`, hints?.forZones, labelValue);
    yield* hintErrors(`${at}.hints.forNodes`, hints?.forNodes, dns1123Subdomain);
  }
}

function* addressErrors(list: string, index: number, address: string, addressType: string): FieldErrors {
  const field = `${list}[${index}]`;
  if (addressType === "FQDN") return yield* domainNameErrors(field, address);
  if (addressType !== "IPv4" && addressType !== "IPv6") return;
  // Only IPv6, which came later, must be written in the one way.
  const errors = [...(addressType === "IPv6" ? canonicalIpErrors(field, address) : ipErrors(field, address))];
  if (errors.length > 0) return yield* errors;
  if (parseIp(address)?.family !== (addressType === "IPv4" ? 4 : 6))
    yield invalidValue(list, address, `must be an ${addressType} address`);
  yield* endpointIpErrors(field, address);
}

/** IsFullyQualifiedDomainName */
function* domainNameErrors(field: string, address: string): FieldErrors {
  if (address === "") return yield requiredValue(field);
  const name = address.replace(/\.$/, "");
  const reasons = dns1123Subdomain(name);
  if (reasons.length > 0) return yield invalidValue(field, name, reasons.join(","));
  const labels = name.split(".");
  if (labels.length < 2)
    return yield invalidValue(field, name, "should be a domain with at least two segments separated by dots");
  const bad = labels.find((label) => dns1123Label(label).length > 0);
  if (bad !== undefined) yield invalidValue(field, bad, dns1123Label(bad).join(","));
}

function* hintErrors(
  field: string,
  hints: readonly { readonly name?: string }[] | undefined,
  check: (name: string) => string[],
): FieldErrors {
  if ((hints ?? []).length > 8) return yield tooManyValues(field, (hints ?? []).length, 8);
  const seen = new Set<string>();
  for (const [index, { name = "" }] of (hints ?? []).entries()) {
    if (seen.has(name)) yield duplicateValue(`${field}[${index}].name`, name);
    seen.add(name);
    yield* invalidBecause(`${field}[${index}].name`, name, check(name));
  }
}
