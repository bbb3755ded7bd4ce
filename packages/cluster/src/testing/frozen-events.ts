import type { ApiResponse, Transport } from "@seaworthy/client";

/** A transport for programs of the cluster whose watches give objects that throw when somebody changes them. */
export function frozenEvents(inner: Transport): Transport {
  return async (request) => {
    const response = await inner({ ...request, forCache: true });
    return response.events === undefined ? response : { ...response, events: frozen(response.events) };
  };
}

async function* frozen(events: NonNullable<ApiResponse["events"]>): NonNullable<ApiResponse["events"]> {
  for await (const event of events) {
    freeze(event.object);
    yield event;
  }
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const each of Object.values(value)) freeze(each);
}
