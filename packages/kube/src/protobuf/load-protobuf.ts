import { createProtobufCodec, type ProtobufCodec } from "./protobuf-codec.ts";

let loaded: Promise<ProtobufCodec> | undefined;

/** The codec for Kubernetes' own kinds. Its table is read when it is first asked for, since most programs never do. */
export function loadProtobuf(): Promise<ProtobufCodec> {
  return (loaded ??= import("./messages.generated.json", { with: { type: "json" } }).then((file) =>
    createProtobufCodec(file.default),
  ));
}
