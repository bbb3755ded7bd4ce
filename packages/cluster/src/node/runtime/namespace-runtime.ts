import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import { findProgram } from "./find-program.ts";
import { lookAtContainer } from "./look-at-container.ts";
import {
  startNamespaceContainer,
  takeTerminal,
  userFlags,
  type NamespaceTools,
} from "./namespace-container.ts";
import { becomeCommand, execStreaming } from "./exec-streaming.ts";
import type { ContainerProcess, PodRuntime, PodSandbox } from "./pod-runtime.ts";
import { readUsage } from "./read-usage.ts";
import { startRelay, type RelayProcess } from "./relay-process.ts";
import { runBounded } from "./run-bounded.ts";
import { toolPath } from "./tool-path.ts";

/** How many sandboxes are kept ready: starting one is most of a pod's start time. */
const warmCount = 2;

/**
 * Pods in Linux namespaces: each has its own network, host name and mounts, each container its own PID namespace.
 * Rejects with SW2003 where the kernel does not allow it (Docker's default seccomp profile, Ubuntu's AppArmor).
 */
export async function createNamespaceRuntime(): Promise<PodRuntime> {
  const pool = new RelayPool(await chooseTools());
  await pool.warmUp();
  return {
    name: "namespace",
    async createSandbox(pod) {
      const relay = await pool.take();
      // Without an address of its own the pod still answers on 127.0.0.1, which the relay then dials.
      await relay.assign(pod);
      return createSandbox(pool.tools, relay, pod.ip);
    },
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

function createSandbox(tools: NamespaceTools, relay: RelayProcess, ip: string): PodSandbox {
  const containers = new Set<ContainerProcess>();
  return {
    ip,
    async start(spec) {
      const container = await startNamespaceContainer(tools, relay.pid, spec);
      containers.add(container);
      void container.exited.finally(() => containers.delete(container)).catch(() => {});
      return container;
    },
    exec(container, spec, argv, timeoutMs) {
      const change = `cd "$1" || exit 126; shift; exec "$@"`;
      const enter = [...enterContainer(tools, container.pid), tools.sh, "-c", change, "sh"];
      const [first = tools.nsenter, ...words] = [...enter, spec.workingDir ?? "/", ...argv];
      return runBounded([first, ...words], { env: spec.env, cwd: "/", timeoutMs });
    },
    execStreaming(container, spec, argv, wanted) {
      const enter = (isTerminal: boolean) => [
        ...enterContainer(tools, container.pid),
        ...takeTerminal(tools, isTerminal),
        tools.sh,
        "-c",
        becomeCommand,
      ];
      const command = { argv, workingDir: spec.workingDir ?? "/" };
      return execStreaming({ enter, env: spec.env, cwd: "/" }, command, wanted);
    },
    dialLocalhost: (port, timeoutMs) => relay.dial(port, timeoutMs, "localhost"),
    dial: (port, timeoutMs) => relay.dial(port, timeoutMs),
    readUsage: ({ pid }) => readUsage(pid),
    look: ({ pid }, signal) => lookAtContainer(pid, signal),
    async [Symbol.asyncDispose]() {
      for (const container of containers) container.signal("SIGKILL");
      await Promise.all([...containers].map((container) => container.exited));
      await relay.stop();
    },
  };
}

/** The words that enter a container's namespaces. What runs there ends with the one that entered. */
function enterContainer(tools: NamespaceTools, pid: number): string[] {
  const namespaces = ["--net", "--uts", "--pid", "--mount", "--root", "--wd"];
  const target = ["--target", String(pid), ...namespaces, ...userFlags(tools)];
  return [tools.nsenter, ...target, tools.setpriv, "--pdeathsig", "KILL"];
}

class RelayPool {
  readonly tools: NamespaceTools;
  readonly #flags: readonly string[];
  readonly #warm: RelayProcess[] = [];
  #isClosed = false;

  constructor({ tools, flags }: { tools: NamespaceTools; flags: readonly string[] }) {
    this.tools = tools;
    this.#flags = flags;
  }

  async warmUp(): Promise<void> {
    while (this.#warm.length < warmCount) this.#warm.push(startRelay(this.#flags));
    await this.#warm[0]?.ready;
  }

  async take(): Promise<RelayProcess> {
    const relay = this.#warm.shift() ?? startRelay(this.#flags);
    await relay.ready;
    // Not before this pod runs: on a busy machine a spare sandbox would delay it.
    setTimeout(() => {
      if (!this.#isClosed && this.#warm.length < warmCount) this.#warm.push(startRelay(this.#flags));
    }, 100).unref();
    return relay;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#warm.splice(0).map((relay) => relay.stop()));
  }
}

/** Finds the tools and the first set of namespace flags that this kernel allows. */
async function chooseTools(): Promise<{ tools: NamespaceTools; flags: readonly string[] }> {
  if (process.platform !== "linux") throw new SeaworthyError("SW2003", "Linux namespaces need Linux");
  const [nsenter, setpriv, unshare, sh] = ["nsenter", "setpriv", "unshare", "sh"].map(findTool);
  for (const tool of ["mkfifo", "mount", "chroot"]) findTool(tool);
  const userNamespace = ["--user", "--map-root-user"];
  const candidates = [
    // Root needs no user namespace, and without one the app may read files of every owner.
    ...(process.getuid?.() === 0 ? [{ flags: [], mountProc: true }] : []),
    { flags: userNamespace, mountProc: true },
    { flags: userNamespace, mountProc: false },
  ];
  let output = "";
  for (const { flags, mountProc } of candidates) {
    const check = mountProc ? "mount -t proc proc /proc" : "true";
    const result = await runBounded(
      [unshare!, ...flags, "--net", "--uts", "--pid", "--mount", "--fork", sh!, "-c", check],
      { env: { PATH: toolPath() }, cwd: "/", timeoutMs: 5000 },
    );
    if (result.exitCode === 0) {
      const tools = {
        nsenter: nsenter!,
        setpriv: setpriv!,
        unshare: unshare!,
        sh: sh!,
        setsid: findProgram("setsid", toolPath(), "/")[0],
        user: flags.length > 0,
        mountProc,
      };
      return { tools, flags };
    }
    output = result.output.trim();
  }
  throw new SeaworthyError("SW2003", `this kernel does not allow namespaces: ${output}`);
}

function findTool(name: string): string {
  for (const folder of toolPath().split(":")) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new SeaworthyError("SW2003", `the command ${name} is not installed`);
}
