import type {
  V1IPBlock,
  V1NetworkPolicy,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
} from "@kubernetes/client-node";
import type { KubeObject, LabelSelector, Unchecked } from "../../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { cidrErrors, cidrWarnings, isWithin, parseCidr } from "../../meta/ip-address.ts";
import { labelSelectorErrors } from "../../meta/label-errors.ts";
import { portName } from "../../meta/names.ts";
import { portErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

type Spec = NonNullable<Unchecked<V1NetworkPolicy>["spec"]>;
type Peer = Unchecked<V1NetworkPolicyPeer>;

/** What is wrong with a new NetworkPolicy. */
export function* networkPolicyErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors(specOf(object), []);
}

/** What is wrong with a change of a NetworkPolicy. Ranges that were there are not looked at again. */
export function* networkPolicyUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const known = [...peersOf(specOf(old))].flatMap(([, { ipBlock }]) => [
    ...(ipBlock?.cidr === undefined ? [] : [ipBlock.cidr]),
    ...(ipBlock?.except ?? []),
  ]);
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors(specOf(object), known);
}

/** What the API server warns of in a NetworkPolicy, which it takes nevertheless. */
export function* networkPolicyWarnings(object: KubeObject): Generator<string> {
  for (const [field, { ipBlock }] of peersOf(specOf(object))) {
    if (ipBlock === undefined) continue;
    yield* cidrWarnings(`${field}.ipBlock.cidr`, ipBlock.cidr ?? "");
    for (const [index, range] of (ipBlock.except ?? []).entries())
      yield* cidrWarnings(`${field}.ipBlock.except[${index}]`, range);
  }
}

function specOf(object: KubeObject): Spec {
  return (object as Unchecked<V1NetworkPolicy>).spec ?? {};
}

function* peersOf(spec: Spec): Generator<readonly [field: string, peer: Peer]> {
  for (const [index, { from = [] }] of (spec.ingress ?? []).entries())
    for (const [position, peer] of from.entries()) yield [`spec.ingress[${index}].from[${position}]`, peer];
  for (const [index, { to = [] }] of (spec.egress ?? []).entries())
    for (const [position, peer] of to.entries()) yield [`spec.egress[${index}].to[${position}]`, peer];
}

function* specErrors(spec: Spec, known: readonly string[]): FieldErrors {
  yield* labelSelectorErrors("spec.podSelector", spec.podSelector as LabelSelector | undefined);
  for (const [index, { ports = [], from = [] }] of (spec.ingress ?? []).entries())
    yield* ruleErrors(`spec.ingress[${index}]`, ports, "from", from, known);
  for (const [index, { ports = [], to = [] }] of (spec.egress ?? []).entries())
    yield* ruleErrors(`spec.egress[${index}]`, ports, "to", to, known);
  const { policyTypes = [] } = spec;
  const supported = ["Ingress", "Egress"];
  if (policyTypes.length > supported.length)
    return yield invalidValue("spec.policyTypes", policyTypes, "may not specify more than two policyTypes");
  for (const [index, type] of policyTypes.entries())
    if (!supported.includes(type)) yield unsupportedValue(`spec.policyTypes[${index}]`, type, supported);
}

function* ruleErrors(
  field: string,
  ports: readonly Unchecked<V1NetworkPolicyPort>[],
  direction: "from" | "to",
  peers: readonly Peer[],
  known: readonly string[],
): FieldErrors {
  for (const [index, port] of ports.entries()) yield* policyPortErrors(`${field}.ports[${index}]`, port);
  for (const [index, peer] of peers.entries())
    yield* peerErrors(`${field}.${direction}[${index}]`, peer, known);
}

const protocols = ["TCP", "UDP", "SCTP"];

function* policyPortErrors(field: string, policyPort: Unchecked<V1NetworkPolicyPort>): FieldErrors {
  const { protocol, endPort } = policyPort;
  const port = policyPort.port;
  if (protocol !== undefined && !protocols.includes(protocol))
    yield unsupportedValue(`${field}.protocol`, protocol, protocols);
  if (typeof port === "number") {
    yield* portErrors(`${field}.port`, port);
    if (endPort === undefined) return;
    // What is shown is the port, not its end.
    if (endPort < port)
      yield invalidValue(`${field}.endPort`, port, "must be greater than or equal to `port`");
    return yield* portErrors(`${field}.endPort`, endPort);
  }
  if (endPort !== undefined)
    yield invalidValue(
      `${field}.endPort`,
      endPort,
      `may not be specified when \`port\` is ${port === undefined ? "not specified" : "non-numeric"}`,
    );
  if (port !== undefined) yield* invalidBecause(`${field}.port`, port, portName(port));
}

function* peerErrors(field: string, peer: Peer, known: readonly string[]): FieldErrors {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  yield* labelSelectorErrors(`${field}.podSelector`, podSelector as LabelSelector | undefined);
  yield* labelSelectorErrors(`${field}.namespaceSelector`, namespaceSelector as LabelSelector | undefined);
  if (ipBlock !== undefined) yield* blockErrors(`${field}.ipBlock`, ipBlock, known);
  const count = [podSelector, namespaceSelector, ipBlock].filter((one) => one !== undefined).length;
  if (count === 0) yield requiredValue(field, "must specify a peer");
  if (count > 1 && ipBlock !== undefined)
    yield forbiddenValue(field, "may not specify both ipBlock and another peer");
}

function* blockErrors(
  field: string,
  { cidr = "", except = [] }: Unchecked<V1IPBlock>,
  known: readonly string[],
): FieldErrors {
  if (cidr === "") return yield requiredValue(`${field}.cidr`);
  yield* cidrErrors(`${field}.cidr`, cidr, known);
  if (parseCidr(cidr) === undefined) return;
  for (const [index, range] of except.entries()) {
    const at = `${field}.except[${index}]`;
    yield* cidrErrors(at, range, known);
    if (parseCidr(range) !== undefined && !isWithin(range, cidr))
      yield invalidValue(at, range, "must be a strict subset of `cidr`");
  }
}
