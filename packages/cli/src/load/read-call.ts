import { SeaworthyError } from "@seaworthy/errors";
import { grpcCall, grpcCode, grpcMethodPattern, type RequestTemplate, type Target } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { readInput } from "./read-input.ts";
import { headersOf } from "./read-request.ts";

/** The call of gRPC that `--grpc`, `--message`, `--data-file`, `--header` and `--expect-status` describe. Throws SW1002 and SW1003. */
export async function readCall(method: string, flags: FlagValues, cwd: string): Promise<RequestTemplate> {
  if (!grpcMethodPattern.test(method))
    throw wrong("grpc", method, "--grpc grpc.health.v1.Health/Check, as the .proto file has them");
  const expected = textFlag(flags, "expect-status");
  return {
    ...grpcCall(method, await readMessage(flags, cwd), headersOf(flags)),
    ...(expected === undefined ? {} : { status: readCodes(expected) }),
  };
}

/** Throws SW1002 when a URL has a path, which is that of the method. */
export function rejectPaths(targets: readonly Target[]): void {
  const other = targets.find(({ path }) => path !== "/");
  if (other === undefined) return;
  throw new SeaworthyError("SW1002", `with --grpc the URL has no path, and this one has ${other.path}`, {
    field: "URL",
    why: "the path of a call is the name of its service and method",
    next: [`leave it out: http://${other.hostHeader}`],
  });
}

async function readMessage(flags: FlagValues, cwd: string): Promise<Buffer | undefined> {
  const text = textFlag(flags, "message");
  const file = textFlag(flags, "data-file");
  if (file !== undefined) return await readInput(file, "data-file", cwd);
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") === text) return bytes;
  throw wrong("message", text, "base64: --message CgdjYXJ0LTQy, or the bytes of a file: --data-file FILE");
}

function readCodes(text: string): (readonly [from: number, to: number])[] {
  return text.split(",").map((part) => {
    const code = grpcCode(part.trim());
    if (code !== undefined) return [code, code] as const;
    throw wrong("expect-status", text, "codes of gRPC: --expect-status OK,NOT_FOUND");
  });
}

function wrong(flag: string, text: string, instead: string): SeaworthyError {
  return new SeaworthyError("SW1002", `--${flag} cannot be ${text}`, {
    field: `--${flag}`,
    next: [`give ${instead}`],
  });
}
