import type { V1IPAddress } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { invalidBecause, requiredValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { canonicalIpErrors } from "../../meta/ip-address.ts";
import { dns1123Subdomain, pathSegmentName } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new IPAddress, whose name is the address. */
export function* ipAddressErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object, addressName);
  const parent = (object as Unchecked<V1IPAddress>).spec?.parentRef;
  const field = "spec.parentRef";
  if (parent === undefined) return yield requiredValue(field);
  const { group = "", resource = "", name = "", namespace = "" } = parent;
  if (group !== "") yield* invalidBecause(`${field}.group`, group, dns1123Subdomain(group));
  for (const [part, value] of Object.entries({ resource, name })) {
    if (value === "") yield requiredValue(`${field}.${part}`);
    else yield* invalidBecause(`${field}.${part}`, value, pathSegmentName(value));
  }
  if (namespace !== "") yield* invalidBecause(`${field}.namespace`, namespace, pathSegmentName(namespace));
}

/** What is wrong with a change of an IPAddress: what it belongs to stays. */
export function* ipAddressUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const parent = (object as Unchecked<V1IPAddress>).spec?.parentRef;
  yield* ipAddressErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* immutableFieldErrors(
    "spec.parentRef",
    parent,
    (old as Unchecked<V1IPAddress>).spec?.parentRef,
    inGo("*networking.ParentReference", parent),
  );
}

function addressName(name: string): string[] {
  return Array.from(canonicalIpErrors("", name), ({ message }) =>
    message.slice(`Invalid value: ${JSON.stringify(name)}: `.length),
  );
}
