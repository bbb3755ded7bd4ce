import assert from "node:assert/strict";
import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster } from "@seaworthy/cluster";

/** The kubectl to test with: KUBECTL, or the one in PATH. */
const kubectlPath = process.env["KUBECTL"] ?? "kubectl";
const { stdout } = spawnSync(kubectlPath, ["version", "--client"], { encoding: "utf8" });
const minor = Number(/Client Version: v1\.(\d+)/.exec(stdout ?? "")?.[1] ?? 0);

/** Why the tests with kubectl cannot be run, or false. */
export const skip = minor >= 35 ? false : "no kubectl of version 1.35 or later in PATH or named by KUBECTL";

/** What a call came to. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a call is given besides its words. */
export interface CallOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** A cluster whose image `app` is Node, and a kubectl for it. */
export interface KubectlCluster extends AsyncDisposable {
  readonly cluster: Cluster;
  /** A folder that is removed at the end. */
  readonly folder: string;
  kubectl(words: readonly string[], options?: CallOptions): Promise<Answer>;
  /** A call in a terminal of its own, by `script` of util-linux. */
  inTerminal(
    size: { readonly columns: number; readonly rows: number },
    words: readonly string[],
    options?: Pick<CallOptions, "env">,
  ): Promise<Answer>;
  /** A call that goes on until it is ended, which the end of the cluster does. */
  start(words: readonly string[], options?: Pick<CallOptions, "env">): ChildProcess;
  /** Applies a manifest. */
  apply(yaml: string): Promise<void>;
}

/** Starts a cluster of one node that runs `app` as Node, for its pods to be talked to. */
export async function startKubectlCluster(runtime?: "namespace" | "shim"): Promise<KubectlCluster> {
  const resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-kubectl-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const cluster = resources.use(
    await Cluster.start({
      profile: "instant",
      nodes: 1,
      run: { app: `'${process.execPath}'` },
      ...(runtime === undefined ? {} : { runtime }),
    }),
  );
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfigPath, HOME: folder };

  function call(program: string, words: readonly string[], { input = "", env: more = {} }: CallOptions) {
    return new Promise<Answer>((resolve) => {
      const options = { env: { ...env, ...more }, timeout: 60_000, maxBuffer: 256 * 1024 * 1024 };
      const child = execFile(program, words, options, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
      });
      // Who does not read its input may have ended before it is written.
      child.stdin?.on("error", () => {});
      child.stdin?.end(input);
    });
  }

  const kubectl = (words: readonly string[], options: CallOptions = {}) => call(kubectlPath, words, options);
  return {
    cluster,
    folder,
    kubectl,
    inTerminal({ columns, rows }, words, options = {}) {
      const quoted = [kubectlPath, ...words].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
      const command = `stty cols ${columns} rows ${rows}; exec ${quoted.join(" ")}`;
      return call("script", ["--quiet", "--return", "--command", command, "/dev/null"], options);
    },
    start(words, { env: more = {} } = {}) {
      const child = spawn(kubectlPath, words, { env: { ...env, ...more } });
      resources.defer(() => void child.kill("SIGKILL"));
      return child;
    },
    async apply(yaml) {
      const path = join(folder, "manifest.yaml");
      await writeFile(path, yaml);
      const { code, err } = await kubectl(["apply", "-f", path]);
      assert.equal(code, 0, err);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
