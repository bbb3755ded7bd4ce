import { conflict, type NamedType, type StatusError } from "../../http/status-error.ts";

/** How often a write is tried anew whose object others changed while it waited. */
export const mostTries = 10;

/** 409 for a write that others were always faster than. */
export function changedTooOften(type: NamedType, name: string): StatusError {
  const why = "the object has been modified; please apply your changes to the latest version and try again";
  return conflict(type, name, why);
}
