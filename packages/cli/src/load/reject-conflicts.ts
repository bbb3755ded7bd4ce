import { SeaworthyError } from "@seaworthy/errors";
import type { FlagValues } from "../command.ts";

type Conflict = readonly [one: string, other: string, why: string];

const conflicts: readonly Conflict[] = [
  ["rate", "concurrency", "a closed loop sends when an answer has come, at no rate"],
  ["stage", "concurrency", "a closed loop sends when an answer has come, at no rate"],
  ["poisson", "concurrency", "a closed loop sends when an answer has come, not at times that were drawn"],
  ["rate", "stage", "each stage says its rate"],
  ["duration", "stage", "each stage says how long it is"],
  ["data", "data-file", "a request has one body"],
  ["mix", "replay", "both say what is asked"],
  ["mix", "openapi", "both say what is asked"],
  ["replay", "openapi", "both say what is asked"],
  ["openapi", "method", "only GET operations are asked"],
  ["openapi", "data", "only GET operations are asked"],
  ["openapi", "data-file", "only GET operations are asked"],
  ["replay", "method", "the log says the method of each request"],
  ["replay", "data", "a log has no bodies, so only requests without one are asked"],
  ["replay", "data-file", "a log has no bodies, so only requests without one are asked"],
  ["mix", "method", "the mix says the method of each request"],
  ["mix", "data", "the mix says the body of each request"],
  ["mix", "data-file", "the mix says the body of each request"],
  ["grpc", "method", "a call is a POST"],
  ["grpc", "data", "the message of a call is bytes, given by --message or --data-file"],
  ["grpc", "template", "the message of a call is sent as it is"],
  ["message", "data-file", "a call has one message"],
  ["grpc", "mix", "both say what is asked"],
  ["grpc", "replay", "both say what is asked"],
  ["grpc", "openapi", "both say what is asked"],
  ["insecure", "cacert", "one trusts everybody, the other only who is named"],
  ["ipv4", "ipv6", "together they leave no address"],
  ["unix-socket", "dns", "a Unix socket has no name to look up"],
  ["unix-socket", "ipv4", "a Unix socket has no IP address"],
  ["unix-socket", "ipv6", "a Unix socket has no IP address"],
  ["unix-socket", "source-address", "a Unix socket has no IP address"],
];

const companions: readonly Conflict[] = [
  ["cert", "key", "a certificate is worth nothing without its key"],
  ["message", "grpc", "only a call has a message; a request has --data"],
  ["key", "cert", "a key is worth nothing without its certificate"],
];

/** Throws SW1002 for flags of `seaworthy load` that contradict each other, naming both. */
export function rejectConflicts(urls: readonly string[], flags: FlagValues): void {
  const isGiven = (name: string) => flags[name] !== undefined;
  for (const [one, other, why] of conflicts) {
    if (isGiven(one) && isGiven(other))
      throw wrongUse(`--${one} and --${other} exclude each other`, one, why, [
        `leave out --${one} or --${other}`,
      ]);
  }
  for (const [one, other, why] of companions) {
    if (isGiven(one) && !isGiven(other))
      throw wrongUse(`--${one} needs --${other}`, one, why, [`give --${other}, too`]);
  }
  if (urls.length > 1 && isGiven("unix-socket"))
    throw wrongUse(
      `--unix-socket takes one URL, not ${urls.length}`,
      "unix-socket",
      "all of them would go to one socket",
      ["run it once for each URL"],
    );
}

function wrongUse(message: string, flag: string, why: string, next: readonly string[]): SeaworthyError {
  return new SeaworthyError("SW1002", message, { field: `--${flag}`, why, next });
}
