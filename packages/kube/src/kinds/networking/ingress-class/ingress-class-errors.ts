import type { IngressClass, KubeObject } from "../../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  tooLongValue,
  unsupportedText,
  type FieldErrors,
} from "../../field-error.ts";
import { domainPrefixedPathErrors } from "../../meta/domain-prefixed-path-errors.ts";
import { byteLength, dns1123Label, dns1123Subdomain, pathSegmentName } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with an IngressClass. */
export function* ingressClassErrors(object: KubeObject): FieldErrors {
  const { controller = "", parameters } = (object as IngressClass).spec ?? {};
  yield* coreObjectMetaErrors(object);
  if (byteLength(controller) > 250) yield tooLongValue("spec.controller", 250);
  yield* domainPrefixedPathErrors("spec.controller", controller);
  if (parameters !== undefined) yield* parameterErrors("spec.parameters", parameters);
}

/** What is wrong with a change of an IngressClass: its controller stays. */
export function* ingressClassUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  const { controller = "" } = (object as IngressClass).spec ?? {};
  if (controller !== ((old as IngressClass).spec?.controller ?? ""))
    yield invalidValue("spec.controller", controller, "field is immutable");
  yield* ingressClassErrors(object);
}

const scopes = ["Cluster", "Namespace"];

function* parameterErrors(
  field: string,
  parameters: NonNullable<NonNullable<IngressClass["spec"]>["parameters"]>,
): FieldErrors {
  const {
    apiGroup,
    kind = "",
    name = "",
    namespace,
    scope = "Cluster",
  } = parameters as Partial<typeof parameters>;
  if (apiGroup !== undefined)
    yield* invalidBecause(`${field}.apiGroup`, apiGroup, dns1123Subdomain(apiGroup));
  for (const [part, value] of Object.entries({ kind, name })) {
    if (value === "") yield requiredValue(`${field}.${part}`);
    else yield* invalidBecause(`${field}.${part}`, value, pathSegmentName(value));
  }
  if (!scopes.includes(scope)) yield unsupportedText(`${field}.scope`, scope, scopes);
  if (scope === "Namespace") {
    if (namespace === undefined)
      yield requiredValue(`${field}.namespace`, "`parameters.scope` is set to 'Namespace'");
    else yield* invalidBecause(`${field}.namespace`, namespace, dns1123Label(namespace));
  }
  if (scope === "Cluster" && namespace !== undefined)
    yield forbiddenValue(`${field}.namespace`, "`parameters.scope` is set to 'Cluster'");
}
