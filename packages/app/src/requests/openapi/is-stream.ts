import { asList, asPart, resolved, type ApiDocument, type Part } from "./api-document.ts";

const events = "text/event-stream";

/** Whether an operation answers with a stream of events, which begins well and never ends. */
export function isStream(operation: Part, document: ApiDocument): boolean {
  if (asList(operation["produces"]).includes(events)) return true;
  return Object.values(asPart(operation["responses"]) ?? {}).some((response) =>
    Object.keys(asPart(resolved(response, document)?.["content"]) ?? {}).some((type) =>
      type.startsWith(events),
    ),
  );
}
