import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { freePort } from "./free-port.ts";

/** A Redis server of a test. */
export interface RedisServer {
  readonly url: string;
  /** Ends the server, as when its node goes away. */
  stop(): Promise<void>;
  /** Makes the server answer nothing until it resumes, while its connections stay. */
  freeze(): void;
  resume(): void;
}

const command = process.env["REDIS_SERVER"] ?? "redis-server";

/** Why there is no Redis server here, for a test's `skip`; false when there is one. */
export const noRedisServer: string | false =
  spawnSync(command, ["--version"]).status === 0
    ? false
    : `no ${command}: install redis-server, or name one in REDIS_SERVER`;

/** Starts a real server without a disk on a free port, or on the port that is given. */
export async function startRedisServer(t: TestContext, port?: number): Promise<RedisServer> {
  const chosen = port ?? (await freePort());
  const options = ["--port", String(chosen), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn(command, options, { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes("Ready to accept connections")) break;
  child.stdout.resume();
  return {
    url: `redis://127.0.0.1:${chosen}`,
    stop: () => stop(child),
    freeze: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
