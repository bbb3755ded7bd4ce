import { parseQuantity, type KubeObject, type LimitedPart, type LimitRange } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden } from "../http/status-error.ts";
import type { Resource } from "../resource.ts";

/**
 * The second half of the admission plugin LimitRanger: what an object asks for is within the bounds of its namespace.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/limitranger/admission.go
 */
export function admitLimits(
  { store }: ApiContext,
  { type }: Resource,
  object: KubeObject,
  old?: KubeObject,
): void {
  if (type.limitedParts === undefined) return;
  if (old !== undefined && (type.limitsUpdates !== true || old.metadata.deletionTimestamp !== undefined))
    return;
  const { namespace, name } = object.metadata;
  const ranges = store.list("/limitranges", namespace);
  if (ranges.length === 0) return;
  const parts = type.limitedParts(object);
  for (const range of ranges) {
    const errors = new Set(
      ((range.object as LimitRange).spec?.limits ?? []).flatMap((bounds) =>
        parts.filter((part) => part.type === bounds.type).flatMap((part) => [...findErrors(bounds, part)]),
      ),
    );
    if (errors.size === 0) continue;
    const texts = [...errors].join(", ");
    throw forbidden(type, name, errors.size === 1 ? texts : `[${texts}]`);
  }
}

type Bounds = NonNullable<NonNullable<LimitRange["spec"]>["limits"]>[number];

function* findErrors({ min, max, maxLimitRequestRatio }: Bounds, part: LimitedPart): Generator<string> {
  const limits = part.limits ?? {};
  for (const [resource, bound] of sorted(min)) {
    const [request, limit] = [part.requests[resource], limits[resource]];
    const rule = `minimum ${resource} usage per ${part.type} is ${bound}`;
    if (request === undefined) yield `${rule}.  No request is specified`;
    else if (millis(request) < millis(bound)) yield `${rule}, but request is ${request}`;
    else if (limit !== undefined && millis(limit) < millis(bound)) yield `${rule}, but limit is ${limit}`;
  }
  for (const [resource, bound] of sorted(max)) {
    const request = part.requests[resource];
    const rule = `maximum ${resource} usage per ${part.type} is ${bound}`;
    // Where nothing can be limited, what is requested is held against the bound.
    const [limit, noun] = part.limits === undefined ? [request, "request"] : [limits[resource], "limit"];
    if (limit === undefined) yield `${rule}.  No ${noun} is specified`;
    else if (millis(limit) > millis(bound)) yield `${rule}, but ${noun} is ${limit}`;
    else if (request !== undefined && millis(request) > millis(bound))
      yield `${rule}, but request is ${request}`;
  }
  if (part.limits === undefined) return;
  for (const [resource, bound] of sorted(maxLimitRequestRatio)) {
    const [request, limit] = [millis(part.requests[resource]), millis(limits[resource])];
    const rule = `${resource} max limit to request ratio per ${part.type} is ${bound}`;
    if (request === 0) yield `${rule}, but no request is specified or request is 0`;
    else if (limit === 0) yield `${rule}, but no limit is specified or limit is 0`;
    else if ((limit / request) * 1000 > millis(bound))
      yield `${rule}, but provided ratio is ${(limit / request).toFixed(6)}`;
  }
}

function sorted(quantities: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(quantities ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** In thousandths, rounded up, as they are compared; 0 for what is not there. */
function millis(quantity: string | undefined): number {
  const nanos = parseQuantity(quantity ?? "0");
  const whole = nanos / 1_000_000n;
  return Number(whole * 1_000_000n < nanos ? whole + 1n : whole);
}
