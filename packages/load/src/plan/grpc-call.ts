import type { RequestTemplate, StreamTemplate } from "./plan.ts";

/** What a method's name looks like: `package.Service/Method`. */
export const grpcMethodPattern = /^[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/;

/**
 * The request that calls a method of gRPC, `package.Service/Method`, with one message in its own encoding (an empty message of
 * protobuf has no bytes). https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function grpcCall(
  method: string,
  message: Uint8Array = new Uint8Array(),
  headers: RequestTemplate["headers"] = [],
): RequestTemplate {
  return {
    grpc: true,
    method: "POST",
    path: `/${method}`,
    headers: [["te", "trailers"], ["content-type", "application/grpc"], ...headers],
    body: framed(message),
  };
}

/** The stream that answers a call, to be held open: the same call without what makes it a request. */
export function grpcStream(...call: Parameters<typeof grpcCall>): Omit<StreamTemplate, "connections"> {
  const { path = "/", headers = [], body } = grpcCall(...call);
  return { kind: "grpc", path, headers, ...(body === undefined ? {} : { body }) };
}

/** A message goes over the wire after a byte that says that it is not compressed, and its length. */
function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
