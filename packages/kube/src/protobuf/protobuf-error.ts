/** Bytes that are not the message that they should be. The text is that of Kubernetes' own decoder. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

/** The bytes end before what they begin. */
export function unexpectedEnd(): ProtobufError {
  return new ProtobufError("unexpected EOF");
}
