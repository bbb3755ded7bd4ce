import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { KubeClient } from "@seaworthy/client";
import { freePort } from "../../apps/httpserver/src/testing/free-port.ts";
import { clientOf, startCommand } from "../start-command.ts";

/** What `seaworthy up` brought up. The end of it ends the cluster. */
export interface System extends AsyncDisposable {
  readonly client: KubeClient;
  /** The ports of the Ingress on 127.0.0.1. */
  readonly port: number;
  readonly tlsPort: number;
  /** What it told beside the URLs, notices among it. */
  readonly told: readonly string[];
  /** The URL that it prints for what matches, such as a Service. */
  url(what: RegExp): Promise<string>;
  /** Calls kubectl, which has to go well, and gives what it printed. */
  kubectl(...words: readonly string[]): string;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
}

/** Why systems of several parts cannot be tried here; false where they can. */
export const noPodNetwork: string | false = ["ip", "nft"].every((tool) => runs(tool, "-V"))
  ? false
  : "pods reach each other on Linux only, by ip and nft";

/** Why kubectl's part of a test cannot be tried here; false where it can. */
export const noKubectl: string | false = runs(kubectlPath(), "version", "--client")
  ? false
  : "no kubectl in PATH or named by KUBECTL";

/** Runs `seaworthy up` with these words until all is ready, as somebody who tries an example does. */
export async function startUp(...words: readonly string[]): Promise<System> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const ports = ["--port", String(port), "--tls-port", String(tlsPort)];
  const command = startCommand(["up", ...words, ...ports]);
  const [, file = ""] = await command.stderr.match(/export KUBECONFIG=(\S+)/);
  return {
    client: await clientOf(file),
    port,
    tlsPort,
    told: command.stderr.all,
    url: async (what) => (await command.stdout.match(what)).input.split(" ")[0] ?? "",
    kubectl(...call) {
      const env = { ...process.env, KUBECONFIG: file };
      const { status, stdout, stderr } = spawnSync(kubectlPath(), call, { env, encoding: "utf8" });
      assert.equal(status, 0, stderr);
      return stdout;
    },
    kill: async () => void (await command.end("SIGKILL")),
    [Symbol.asyncDispose]: () => command[Symbol.asyncDispose](),
  };
}

function kubectlPath(): string {
  return process.env["KUBECTL"] ?? "kubectl";
}

function runs(program: string, ...words: readonly string[]): boolean {
  return spawnSync(program, words).status === 0;
}
