import { SeaworthyError } from "@seaworthy/errors";
import { placeAt, type Source } from "./source-map.ts";

/** The error for text that is not YAML; a template that was never rendered gets its own advice. */
export function brokenYaml(source: Source, message: string, range: readonly number[]): SeaworthyError {
  const [start = 0, end = start + 1] = range;
  const place = placeAt(source, Math.min(start, source.text.length - source.offset), end);
  const isTemplate = place.sourceLine?.includes("{{") === true;
  return new SeaworthyError("SW1101", `broken YAML: ${message}`, {
    place: { ...place, label: "cannot be read from here" },
    next: isTemplate
      ? ["this is a template: render it first, for example with `helm template`, and give the result"]
      : ["check the indentation, the brackets and the quotes at this line and the one above"],
  });
}
