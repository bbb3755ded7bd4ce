import type { SeaworthyError } from "@seaworthy/errors";
import { formatTold } from "./output/format-told.ts";
import { plainPaint, type Paint } from "./output/paint.ts";

/** An error for people, in the one shape of what is told. */
export function formatError(error: SeaworthyError, paint: Paint = plainPaint): string {
  const label = error.fault === "proof" ? "proves nothing" : "error";
  const heading = paint(["bold", "red"], `${label}[${error.code}]`);
  return formatTold({ heading, message: error.message, details: error.details }, { paint });
}

/** The same object as data. */
export function errorAsData(error: SeaworthyError): Record<string, unknown> {
  const { place, object, field, why, seen, next } = error.details;
  return {
    code: error.code,
    fault: error.fault,
    message: error.message,
    ...(place === undefined ? {} : { file: place.file, line: place.line, column: place.column }),
    ...(object === undefined ? {} : { object }),
    ...(field === undefined ? {} : { field }),
    ...(why === undefined ? {} : { why }),
    seen: seen ?? [],
    next: next ?? [],
  };
}
