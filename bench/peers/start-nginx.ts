import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../apps/httpserver/src/testing/free-port.ts";
import { canConnect } from "./can-connect.ts";

/** An nginx with one worker that answers every request with the same few bytes. */
export interface Nginx extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Requests that it served so far, this question among them. */
  requests(): Promise<number>;
}

/** Starts it, on the given CPU or on any. Undefined, with a line on stderr: there is no nginx. */
export async function startNginx(cpu?: number): Promise<Nginx | undefined> {
  if (spawnSync("nginx", ["-v"]).error !== undefined) {
    process.stderr.write("skipped: nginx is not on the PATH (Debian: apt-get install nginx-light)\n");
    return undefined;
  }
  const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-nginx-"));
  const port = await freePort();
  const file = path.join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, port));
  const command = ["nginx", "-e", "stderr", "-p", folder, "-c", file];
  const [program = "", ...args] = cpu === undefined ? command : ["taskset", "-c", `${cpu}`, ...command];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  await untilListening(port);
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async requests() {
      const text = await (await fetch(`http://127.0.0.1:${port}/status`)).text();
      // "server accepts handled requests" and, below, a number for each.
      return Number(/^ \d+ \d+ (\d+)/m.exec(text)?.[1]);
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(folder: string, port: number): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit;
events { worker_connections 16384; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h; default_type text/plain;
  ${kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ")}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { return 200 "ok\\n"; }
    location = /status { stub_status; }
  }
}
`;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await canConnect(port)) return;
    await sleep(25);
  }
  throw new Error(`nginx does not listen on ${port}`);
}
