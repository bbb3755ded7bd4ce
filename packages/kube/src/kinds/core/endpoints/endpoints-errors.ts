import { deepEqual } from "../../../deep-equal.ts";
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Endpoints,
  KubeObject,
} from "../../../object.ts";
import { invalidBecause, requiredValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { endpointIpErrors, ipErrors } from "../../meta/ip-address.ts";
import { dns1123Label, dns1123Subdomain, qualifiedName } from "../../meta/names.ts";
import { portErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with the addresses behind a Service. */
export function* endpointsErrors(object: KubeObject, old?: KubeObject): FieldErrors {
  const { subsets = [] } = object as Endpoints;
  yield* coreObjectMetaErrors(object);
  if (old !== undefined && deepEqual(subsets, (old as Endpoints).subsets ?? [])) return;
  for (const [index, subset] of subsets.entries()) yield* subsetErrors(`subsets[${index}]`, subset);
}

/** What is wrong with a change of them. */
export function* endpointsUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* endpointsErrors(object, old);
}

function* subsetErrors(field: string, subset: EndpointSubset): FieldErrors {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  if (addresses.length === 0 && notReadyAddresses.length === 0)
    yield requiredValue(field, "must specify `addresses` or `notReadyAddresses`");
  for (const [index, address] of addresses.entries())
    yield* addressErrors(`${field}.addresses[${index}]`, address);
  for (const [index, address] of notReadyAddresses.entries())
    yield* addressErrors(`${field}.notReadyAddresses[${index}]`, address);
  for (const [index, port] of ports.entries())
    yield* endpointPortErrors(`${field}.ports[${index}]`, port, ports.length > 1);
}

function* addressErrors(field: string, address: EndpointAddress): FieldErrors {
  const { ip = "", hostname = "", nodeName } = address as Partial<EndpointAddress>;
  yield* ipErrors(`${field}.ip`, ip);
  if (hostname !== "") yield* invalidBecause(`${field}.hostname`, hostname, dns1123Label(hostname));
  if (nodeName !== undefined)
    yield* invalidBecause(`${field}.nodeName`, nodeName, dns1123Subdomain(nodeName));
  yield* endpointIpErrors(`${field}.ip`, ip);
}

const protocols = ["SCTP", "TCP", "UDP"];

function* endpointPortErrors(field: string, port: EndpointPort, requireName: boolean): FieldErrors {
  const { name = "", protocol = "TCP", appProtocol } = port;
  if (name !== "") yield* invalidBecause(`${field}.name`, name, dns1123Label(name));
  else if (requireName) yield requiredValue(`${field}.name`);
  yield* portErrors(`${field}.port`, port.port ?? 0);
  if (!protocols.includes(protocol)) yield unsupportedValue(`${field}.protocol`, protocol, protocols);
  if (appProtocol !== undefined)
    yield* invalidBecause(`${field}.appProtocol`, appProtocol, qualifiedName(appProtocol));
}
