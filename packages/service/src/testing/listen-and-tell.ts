import type { AddressInfo } from "node:net";
import type { AnyServer } from "../tap-server.ts";

/** Listens on a free port of loopback and tells the parent process which. */
export function listenAndTell(server: AnyServer): void {
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
}
