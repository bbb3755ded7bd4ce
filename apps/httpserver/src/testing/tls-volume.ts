import { createKubeletVolume } from "../../../../packages/service/src/config/testing/kubelet-volume.ts";
import { selfSigned } from "@seaworthy/certificates";

/** A mounted Secret with a certificate for localhost. */
export interface TlsVolume extends Disposable {
  readonly path: string;
  /** What a client must trust. */
  readonly ca: string;
}

/** Makes the volume in a new folder, as the kubelet does. */
export function createTlsVolume(): TlsVolume {
  const { cert, key } = selfSigned();
  const volume = createKubeletVolume({ "tls.crt": cert, "tls.key": key });
  return { path: volume.path, ca: cert, [Symbol.dispose]: () => volume[Symbol.dispose]() };
}
