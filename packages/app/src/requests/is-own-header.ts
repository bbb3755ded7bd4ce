import { isOwnHeader as isSetByLoad } from "@seaworthy/load";

/** Whether a header follows from the request and its connection, or, as Host, from the route. */
export function isOwnHeader(name: string): boolean {
  return /^host$/i.test(name) || isSetByLoad(name);
}
