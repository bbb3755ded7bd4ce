import { accessSync, constants, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import { findProgram } from "./find-program.ts";
import { lookAtContainer } from "./look-at-container.ts";
import {
  becomeUser,
  startNamespaceContainer,
  takeTerminal,
  userFlags,
  type NamespaceTools,
  type PodNamespaces,
} from "./namespace-container.ts";
import { becomeCommand, execStreaming } from "./exec-streaming.ts";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import type { Agent } from "../../kernel-network/start-agent.ts";
import { startKernelNetwork } from "../../kernel-network/start-kernel-network.ts";
import type { ContainerProcess, ContainerSpec, PodRuntime, PodSandbox, SandboxedPod } from "./pod-runtime.ts";
import { quote } from "./mount-script.ts";
import { readUsage } from "./read-usage.ts";
import { startRelay, type RelayProcess } from "./relay-process.ts";
import { runBounded } from "./run-bounded.ts";
import { toolPath } from "./tool-path.ts";

/** How many sandboxes are kept ready where each has a process of its own: starting one is most of a pod's start time. */
const warmCount = 2;

/**
 * Pods in Linux namespaces: each has its own network and host name, each container its own PID namespace and mounts.
 * Rejects with SW2003 where the kernel does not allow it (Docker's default seccomp profile, Ubuntu's AppArmor).
 * `network`: whether pods have a network of the kernel's together, which needs ip and nft; where it cannot be made, each
 * pod has a relay process in its namespace, by which it is reached.
 */
export async function createNamespaceRuntime(
  options: { readonly network?: "kernel" | "relay" } = {},
): Promise<PodRuntime> {
  const { tools, flags } = await chooseTools();
  const holds = flags.length === 0 && hasManyUsers() ? "users" : "privileges";
  const network = options.network === "relay" ? undefined : await startNetwork(tools, flags, options);
  if (network !== undefined)
    return {
      name: "namespace",
      holds,
      network,
      createSandbox: async (pod) =>
        pod.hostNetwork === true ? hostSandbox(tools, network, pod) : linkedSandbox(tools, network, pod),
      [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
    };
  const pool = new RelayPool(flags);
  await pool.warmUp();
  return {
    name: "namespace",
    holds,
    createSandbox: async (pod) => relayedSandbox(tools, await pool.take(), pod),
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

async function startNetwork(
  tools: NamespaceTools,
  userFlags: readonly string[],
  options: { readonly network?: "kernel" | "relay" },
): Promise<KernelNetwork | undefined> {
  const { unshare, setpriv, nsenter } = tools;
  try {
    return await startKernelNetwork({ unshare, setpriv, nsenter, userFlags, env: { PATH: toolPath() } });
  } catch (error) {
    if (options.network === "kernel" || !(error instanceof SeaworthyError)) throw error;
    return undefined;
  }
}

/** A pod at the end of a link of the kernel's network. */
async function linkedSandbox(
  tools: NamespaceTools,
  network: KernelNetwork,
  { ip, hostname }: SandboxedPod,
): Promise<PodSandbox> {
  const link = await network.addPod(ip);
  const namespaces = { pid: network.pid, netns: link.netns, hostname };
  // Who asks for a pod's own localhost is rare (`kubectl port-forward`), and only then a process in the pod is needed.
  let inside: Agent | undefined;
  let removed: Promise<void> | undefined;
  const remove = () => (removed ??= link.remove());
  return createSandbox(tools, namespaces, {
    ip,
    dial: (port, timeoutMs) => network.dial(ip, port, timeoutMs),
    async dialLocalhost(port, timeoutMs) {
      inside ??= link.startAgent();
      await inside.ready;
      return inside.dial("localhost", port, timeoutMs);
    },
    cutOff: remove,
    async remove() {
      await inside?.stop();
      await remove();
    },
  });
}

/** A pod in the network of its node, which all nodes share. */
function hostSandbox(
  tools: NamespaceTools,
  network: KernelNetwork,
  { ip, hostname }: SandboxedPod,
): PodSandbox {
  const namespaces = { pid: network.pid, netns: `/proc/${network.pid}/ns/net`, hostname };
  return createSandbox(tools, namespaces, {
    ip,
    dial: (port, timeoutMs) => network.dial(ip, port, timeoutMs),
    dialLocalhost: (port, timeoutMs) => network.dial("localhost", port, timeoutMs),
    async remove() {},
  });
}

/** A pod whose network namespace a process of its own holds open. */
async function relayedSandbox(
  tools: NamespaceTools,
  relay: RelayProcess,
  pod: SandboxedPod,
): Promise<PodSandbox> {
  // Without an address of its own the pod still answers on 127.0.0.1, which the relay then dials.
  await relay.assign(pod);
  const namespaces = { pid: relay.pid, netns: `/proc/${relay.pid}/ns/net`, hostname: pod.hostname };
  return createSandbox(tools, namespaces, {
    ip: pod.ip,
    dial: (port, timeoutMs) => relay.dial(port, timeoutMs),
    dialLocalhost: (port, timeoutMs) => relay.dial(port, timeoutMs, "localhost"),
    remove: () => relay.stop(),
  });
}

type PodPlace = Pick<PodSandbox, "ip" | "dial" | "dialLocalhost" | "cutOff"> & { remove(): Promise<void> };

function createSandbox(
  tools: NamespaceTools,
  namespaces: PodNamespaces,
  { remove, ...place }: PodPlace,
): PodSandbox {
  const containers = new Set<ContainerProcess>();
  return {
    ...place,
    async start(spec) {
      const container = await startNamespaceContainer(tools, namespaces, spec);
      containers.add(container);
      void container.exited.finally(() => containers.delete(container)).catch(() => {});
      return container;
    },
    exec(container, spec, argv, timeoutMs) {
      const change = `cd "$1" || exit 126; shift; exec "$@"`;
      const enter = [...enterContainer(tools, container.pid, spec), tools.sh, "-c", change, "sh"];
      const [first = tools.nsenter, ...words] = [...enter, spec.workingDir ?? "/", ...argv];
      return runBounded([first, ...words], { env: spec.env, cwd: "/", timeoutMs });
    },
    execStreaming(container, spec, argv, wanted) {
      const enter = (isTerminal: boolean) => [
        ...enterContainer(tools, container.pid, spec),
        ...takeTerminal(tools, isTerminal),
        tools.sh,
        "-c",
        becomeCommand,
      ];
      const command = { argv, workingDir: spec.workingDir ?? "/" };
      return execStreaming(
        { enter, env: commandEnv(tools, spec, argv), cwd: "/", folder: dirname(spec.logFile) },
        command,
        wanted,
      );
    },
    readUsage: ({ pid }) => readUsage(pid),
    look: ({ pid }, signal) => lookAtContainer(pid, signal),
    async [Symbol.asyncDispose]() {
      for (const container of containers) container.signal("SIGKILL");
      await Promise.all([...containers].map((container) => container.exited));
      await remove();
    },
  };
}

/**
 * A user namespace knows its own user alone. There tar, which takes itself for root's, cannot give the files that `kubectl cp`
 * brings to who owned them.
 */
function commandEnv(
  { user }: NamespaceTools,
  { env }: ContainerSpec,
  [command]: readonly string[],
): Readonly<Record<string, string>> {
  const isTar = command === "tar" || command?.endsWith("/tar") === true;
  return user && isTar ? { TAR_OPTIONS: "--no-same-owner", ...env } : env;
}

/** The words that enter a container as one of its processes. What runs there ends with the one that entered. */
function enterContainer(tools: NamespaceTools, pid: number, spec: ContainerSpec): string[] {
  const { controlGroups, privileges } = spec;
  const namespaces = ["--net", "--uts", "--pid", "--mount", "--root", "--wd"];
  const target = ["--target", String(pid), ...namespaces, ...userFlags(tools)];
  const become = becomeUser(tools, privileges);
  if (controlGroups === undefined) return [tools.nsenter, ...target, ...become];
  const join = [tools.sh, "-c", joinGroups(controlGroups.entrances), "sh"];
  return [...join, tools.nsenter, ...target, "--cgroup", ...become];
}

/** What a command uses counts for its container. One that may not join runs all the same. */
function joinGroups(entrances: readonly string[]): string {
  const lines = entrances.map((entrance) => `{ echo 0 >${quote(entrance)}; } 2>/dev/null`);
  return [...lines, `exec "$@"`].join("\n");
}

/** Whether this process's root can become other users: in a container of somebody's own it is often the only one. */
function hasManyUsers(): boolean {
  const ranges = readFileSync("/proc/self/uid_map", "utf8").trim().split("\n");
  return ranges.some((range) => Number(range.trim().split(/\s+/)[2]) > 1);
}

class RelayPool {
  readonly #flags: readonly string[];
  readonly #warm: RelayProcess[] = [];
  #isClosed = false;

  constructor(flags: readonly string[]) {
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
