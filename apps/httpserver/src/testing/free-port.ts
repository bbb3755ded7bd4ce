import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below those that the system gives to connections, and to who takes any port (32768 and more), and below node ports. */
const ports = { first: 20_000, count: 9_000 };
const mostTries = 20;

/**
 * A port of loopback that nobody has, for a program that cannot be told to take any. Nobody is given it by chance until that
 * program has it.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const port = ports.first + randomInt(ports.count);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port was found in ${mostTries} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
