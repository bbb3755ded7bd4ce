import { countText } from "@seaworthy/load";

/** `3 of 2,000 requests were lost`. */
export function lostText(lost: number, scheduled: number): string {
  return `${countText(lost)} of ${countText(scheduled)} requests were lost`;
}
