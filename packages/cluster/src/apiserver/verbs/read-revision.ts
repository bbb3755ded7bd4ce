import { StatusError, tooLargeRevision } from "../http/status-error.ts";

/** A resourceVersion as a number, 0 when there is none; what is wrong with it, in the words of Kubernetes, when it is not one. */
export function parseRevision(text: string): number | string {
  if (/^\d{0,15}$/.test(text)) return Number(text);
  const why = /^\d{16,}$/.test(text) ? "value out of range" : "invalid syntax";
  const value = JSON.stringify(text);
  return `resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: ${why}`;
}

/** The resourceVersion of a get or a watch. Kubernetes answers 500 without a reason to what is not a number. */
export function readRevision(text: string): number {
  const revision = parseRevision(text);
  if (typeof revision === "string") throw new StatusError(500, "", revision);
  return revision;
}

/** Refuses a get of a state that is yet to come. */
export function checkNotFuture(text: string, current: number): void {
  const revision = readRevision(text);
  if (revision > current) throw tooLargeRevision(revision, current);
}
