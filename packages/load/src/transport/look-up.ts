import { lookup } from "node:dns/promises";
import type { Lookup } from "./address-book.ts";

/** All addresses of a name, in the order in which the system gives them. Rejects as `dns.lookup` does. */
export const lookUp: Lookup = async (host, family) =>
  (await lookup(host, { all: true, family })).map(({ address }) => address);
