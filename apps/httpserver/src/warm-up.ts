import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * Runs the server once, from its start to a clean shutdown. The Dockerfile does so: with NODE_COMPILE_CACHE set, Node keeps
 * the compiled code of all that was loaded, and containers of the image need not compile it again.
 */
const main = fileURLToPath(new URL("./main.mjs", import.meta.url));
const child = spawn(process.execPath, [main], {
  env: { ...process.env, PORT: "0", DRAIN_MS: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
const exited = once(child, "exit") as Promise<[code: number | null]>;
for await (const line of createInterface({ input: child.stdout })) {
  process.stdout.write(`${line}\n`);
  if ((JSON.parse(line) as { msg?: string }).msg === "ready") child.kill("SIGTERM");
}
const [code] = await exited;
process.exitCode = code ?? 1;
