import { SeaworthyError } from "@seaworthy/errors";

/** The error for a file that is not there, or not for this user to read. */
export function unreadable(
  name: string,
  error: NodeJS.ErrnoException,
  next: string = "check the path",
): SeaworthyError {
  const reason = error.code === "ENOENT" ? "it does not exist" : error.message;
  return new SeaworthyError("SW1003", `${name} cannot be read: ${reason}`, { next: [next], cause: error });
}
