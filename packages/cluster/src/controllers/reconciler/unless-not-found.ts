import { isNotFound } from "@seaworthy/client";

/** For `catch`: an object that is not there, or is there no more, is undefined; any other error is thrown again. */
export function unlessNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
  return undefined;
}
