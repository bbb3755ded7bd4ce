import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

/** The ports on 127.0.0.1 by which clients know a cluster. */
export interface Ports {
  readonly api: number;
  readonly ingress: number;
  readonly ingressTls: number;
}

/** The ports that the cluster in a data folder had when it ran last, as far as they are free; 0 for any. */
export async function freePortsOfBefore(dataDir: string): Promise<Ports> {
  let before: Partial<Ports> = {};
  try {
    before = JSON.parse(await readFile(portsFile(dataDir), "utf8")) as Partial<Ports>;
  } catch {
    // There is none yet, or it was not written to its end: any port will do.
  }
  const [api, ingress, ingressTls] = await Promise.all([
    ifFree(before.api),
    ifFree(before.ingress),
    ifFree(before.ingressTls),
  ]);
  return { api, ingress, ingressTls };
}

/** Writes the ports down for the next start. */
export async function keepPorts(dataDir: string, ports: Ports): Promise<void> {
  await writeFile(portsFile(dataDir), `${JSON.stringify(ports)}\n`);
}

function portsFile(dataDir: string): string {
  return join(dataDir, "ports.json");
}

async function ifFree(port: number | undefined): Promise<number> {
  if (!Number.isInteger(port) || port === undefined || port < 1 || port > 65_535) return 0;
  return await new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(0));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}
