import type {
  V1LimitResponse,
  V1LimitedPriorityLevelConfiguration,
  V1PriorityLevelConfiguration,
  V1QueuingConfiguration,
} from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import {
  forbiddenValue,
  invalidValue,
  invalidWord,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { coreObjectMetaErrors } from "../../meta/object-meta-errors.ts";

const zeroSharesAnnotation = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

/** What is wrong with a PriorityLevelConfiguration, new or changed. */
export function* priorityLevelConfigurationErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1PriorityLevelConfiguration>;
  const { type = "", limited, exempt } = spec;
  yield* coreObjectMetaErrors(object);
  if (object.metadata.annotations?.[zeroSharesAnnotation] !== undefined)
    yield forbiddenValue("metadata.annotations", `annotation '${zeroSharesAnnotation}' is forbidden`);
  if ((object.metadata.name === "exempt") !== (type === "Exempt"))
    yield invalidWord("spec.type", type, "must be 'Exempt' if and only if `name` is 'exempt'");
  if (type === "Exempt") {
    if (limited !== undefined) yield forbiddenValue("spec.limited", "must be nil if the type is not Limited");
    yield* sharesErrors("spec.exempt", exempt ?? {});
  } else if (type === "Limited") {
    if (exempt !== undefined) yield forbiddenValue("spec.exempt", "must be nil if the type is Limited");
    if (limited === undefined) yield requiredValue("spec.limited", "must not be empty when type is Limited");
    else yield* limitedErrors("spec.limited", limited);
  } else if (type === "") {
    yield requiredValue("spec.type");
  } else {
    yield unsupportedValue("spec.type", type, ["Exempt", "Limited"]);
  }
}

function* sharesErrors(
  field: string,
  { nominalConcurrencyShares: shares = 0, lendablePercent: lendable = 0 }: Limited,
): FieldErrors {
  if (shares < 0)
    yield invalidValue(`${field}.nominalConcurrencyShares`, shares, "must be a non-negative integer");
  if (lendable < 0 || lendable > 100)
    yield invalidValue(`${field}.lendablePercent`, lendable, "must be between 0 and 100, inclusive");
}

type Limited = Unchecked<V1LimitedPriorityLevelConfiguration>;

function* limitedErrors(field: string, limited: Limited): FieldErrors {
  const { nominalConcurrencyShares: shares = 0, borrowingLimitPercent: borrowing = 0 } = limited;
  if (shares < 0)
    yield invalidValue(`${field}.nominalConcurrencyShares`, shares, "must be a non-negative integer");
  yield* responseErrors(`${field}.limitResponse`, limited.limitResponse ?? {});
  yield* sharesErrors(field, { lendablePercent: limited.lendablePercent ?? 0 });
  if (borrowing < 0)
    yield invalidValue(
      `${field}.borrowingLimitPercent`,
      borrowing,
      "if specified, must be a non-negative integer",
    );
}

function* responseErrors(field: string, { type = "", queuing }: Unchecked<V1LimitResponse>): FieldErrors {
  if (type === "Reject") {
    if (queuing !== undefined)
      yield forbiddenValue(`${field}.queuing`, "must be nil if limited.limitResponse.type is not Limited");
  } else if (type === "Queue") {
    if (queuing === undefined)
      yield requiredValue(`${field}.queuing`, "must not be empty if limited.limitResponse.type is Limited");
    else yield* queuingErrors(`${field}.queuing`, queuing);
  } else if (type === "") {
    yield requiredValue(`${field}.type`);
  } else {
    yield unsupportedValue(`${field}.type`, type, ["Queue", "Reject"]);
  }
}

const mostQueues = 10_000_000;
const mostEntropyBits = 60;

function* queuingErrors(field: string, queuing: Unchecked<V1QueuingConfiguration>): FieldErrors {
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing;
  if (queueLengthLimit <= 0)
    yield invalidValue(`${field}.queueLengthLimit`, queueLengthLimit, "must be positive");
  if (queues <= 0) yield invalidValue(`${field}.queues`, queues, "must be positive");
  else if (queues > mostQueues)
    yield invalidValue(`${field}.queues`, queues, `must not be greater than ${mostQueues}`);
  const at = `${field}.handSize`;
  const entropy = Math.ceil(Math.log2(queues) * handSize);
  if (handSize <= 0) yield invalidValue(at, handSize, "must be positive");
  else if (handSize > queues)
    yield invalidValue(at, handSize, `should not be greater than queues (${queues})`);
  else if (entropy > mostEntropyBits)
    yield invalidValue(
      at,
      handSize,
      `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${mostEntropyBits}`,
    );
}
