import { join } from "node:path";
import type { Credentials } from "./apiserver/authentication/credentials.ts";
import { keepCredentials } from "./apiserver/authentication/keep-credentials.ts";
import { openSqliteLog } from "./apiserver/store/sqlite-log.ts";
import { Store } from "./apiserver/store/store.ts";
import { freePortsOfBefore, type Ports } from "./kept-ports.ts";

/** What a data folder keeps of a cluster from one start to the next. */
export interface KeptCluster {
  readonly store: Store;
  readonly credentials: Credentials;
  readonly ports: Ports;
}

/** Opens the cluster in a data folder, or begins one. Rejects with SW2006 or SW2007 when it cannot be had. */
export async function openKeptCluster(dataDir: string, nowMs: number): Promise<KeptCluster> {
  // The lock of the log comes first: who has it is the only one to write the other files.
  const log = openSqliteLog(join(dataDir, "objects.sqlite"));
  try {
    const store = new Store({ log });
    const credentials = keepCredentials(join(dataDir, "credentials.json"), nowMs);
    return { store, credentials, ports: await freePortsOfBefore(dataDir) };
  } catch (error) {
    log[Symbol.dispose]();
    throw error;
  }
}
