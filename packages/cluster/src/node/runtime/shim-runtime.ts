import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import { writeContainerLog } from "../logs/container-log.ts";
import { hasHandler, lookAtContainer } from "./look-at-container.ts";
import { dialAddress } from "../../kernel-network/dial-address.ts";
import { findProgram } from "./find-program.ts";
import type {
  ContainerProcess,
  ContainerSpec,
  PodRuntime,
  PodSandbox,
  Reachable,
  SandboxedPod,
} from "./pod-runtime.ts";
import { readUsage } from "./read-usage.ts";
import { becomeCommand, execStreaming } from "./exec-streaming.ts";
import { runBounded } from "./run-bounded.ts";
import { shim } from "./shim.ts";
import { openStreams } from "../streams/standard-streams.ts";
import { toolPath } from "./tool-path.ts";

/**
 * Pods as plain processes, each pod with a loopback address (127.x.y.z) that a shim makes Node servers listen on.
 * For Node apps only; it needs no rights. docs/fidelity.md lists what differs from real pods.
 */
export async function createShimRuntime(): Promise<PodRuntime> {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-shim-"));
  const shimFile = join(folder, "shim.cjs");
  writeFileSync(shimFile, `(${shim.toString()})();\n`);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeFolder);
  const setpriv = await hasSetpriv();
  return {
    name: "shim",
    holds: "nothing",
    createSandbox: (pod) => Promise.resolve(createSandbox(pod, shimFile, setpriv)),
    [Symbol.asyncDispose]() {
      process.off("exit", removeFolder);
      removeFolder();
      return Promise.resolve();
    },
  };
}

function createSandbox(pod: SandboxedPod, shimFile: string, setpriv: boolean): PodSandbox {
  const { ip } = pod;
  const containers = new Set<ContainerProcess>();
  return {
    ip,
    async start(spec) {
      const container = await startContainer(spec, shimEnv(spec, pod, shimFile), setpriv);
      containers.add(container);
      void container.exited.finally(() => containers.delete(container)).catch(() => {});
      return container;
    },
    exec(_container, spec, argv, timeoutMs) {
      const [command = "", ...rest] = argv;
      const env = shimEnv(spec, pod, shimFile);
      return runBounded([command, ...rest], { env, cwd: spec.workingDir ?? "/", timeoutMs });
    },
    execStreaming(_container, spec, argv, wanted) {
      const enter = (isTerminal: boolean) => [
        ...(isTerminal ? takeTerminal() : []),
        ...(setpriv ? ["setpriv", "--pdeathsig", "KILL"] : []),
        "sh",
        "-c",
        becomeCommand,
      ];
      const command = { argv, workingDir: spec.workingDir ?? "/" };
      return execStreaming(
        { enter, env: shimEnv(spec, pod, shimFile), cwd: "/", folder: dirname(spec.logFile) },
        command,
        wanted,
      );
    },
    // The shim has what listens on localhost listen on the pod's address.
    dialLocalhost: (port, timeoutMs) => dialAddress(ip, port, timeoutMs),
    dial: (port, timeoutMs) => dialAddress(ip, port, timeoutMs),
    readUsage: ({ pid }) => readUsage(pid),
    look: ({ pid }, signal) => lookAtContainer(pid, signal),
    async [Symbol.asyncDispose]() {
      for (const container of containers) container.signal("SIGKILL");
      await Promise.all([...containers].map((container) => container.exited));
    },
  };
}

async function startContainer(
  spec: ContainerSpec,
  env: Record<string, string>,
  setpriv: boolean,
): Promise<ContainerProcess> {
  assertRunnable(spec);
  const streams = await openStreams(
    { stdin: spec.stdin === true, tty: spec.tty === true },
    dirname(spec.logFile),
  );
  const argv = [
    ...(streams.isTerminal ? takeTerminal() : []),
    ...(setpriv ? ["setpriv", "--pdeathsig", "KILL"] : []),
    ...spec.argv,
  ];
  const child = spawn(argv[0]!, argv.slice(1), {
    cwd: spec.workingDir ?? "/",
    env: { ...env, SEAWORTHY_PARENT: String(process.pid) },
    detached: !streams.isTerminal,
    stdio: [...streams.far],
  });
  if (child.pid !== undefined) spec.onProcess?.(child.pid);
  const stopWatchdog = startWatchdog(child.pid);
  streams.closeFar();
  const logged = writeContainerLog(spec.logFile, streams, Date.now);
  await Promise.race([
    once(child, "spawn"),
    once(child, "error").then(([error]) => Promise.reject(error as Error)),
  ]);
  const exited = (async () => {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    // PID 1 takes everything it started with it.
    signalGroup(child, "SIGKILL");
    stopWatchdog();
    await logged;
    const exitCode = code ?? 128 + constants.signals[signal ?? "SIGKILL"];
    return { exitCode, signal: signal ?? undefined };
  })();
  return {
    pid: child.pid!,
    streams,
    exited,
    signal(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (signal === "SIGKILL") signalGroup(child, signal);
      else if (wouldReachPid1(child.pid!, signal)) child.kill(signal);
    },
  };
}

function takeTerminal(): string[] {
  const [setsid] = findProgram("setsid", toolPath(), "/");
  return setsid === undefined ? [] : [setsid, "--ctty"];
}

/** Kills a process group when the cluster ends, however it ends: then the watchdog's descriptor 3 does. */
function startWatchdog(group: number | undefined): () => void {
  if (group === undefined) return () => {};
  const watchdog = spawn("sh", ["-c", 'read -r line <&3; kill -s KILL -- "-$1"', "sh", String(group)], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  watchdog.on("error", () => {});
  const lifeline = watchdog.stdio[3] as Socket | null;
  lifeline?.on("error", () => {});
  lifeline?.unref();
  watchdog.unref();
  return () => watchdog.kill("SIGKILL");
}

/** PID 1 gets only those signals that it has a handler for: pid_namespaces(7). */
function wouldReachPid1(pid: number, signal: NodeJS.Signals | number): boolean {
  try {
    return hasHandler(readFileSync(`/proc/${pid}/status`, "utf8"), signal);
  } catch {
    return true;
  }
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, name);
  } catch {
    // Nothing of the group is left.
  }
}

function shimEnv(
  spec: ContainerSpec,
  { ip, reachable }: SandboxedPod,
  shimFile: string,
): Record<string, string> {
  const mounts = spec.mounts
    .map((mount) => ({ from: mount.mountPath, to: mount.hostPath }))
    .sort((a, b) => b.from.length - a.from.length);
  return {
    ...reachable.reduce(localizeVariables, spec.env),
    NODE_OPTIONS: `--require ${JSON.stringify(shimFile)} ${spec.env["NODE_OPTIONS"] ?? ""}`.trim(),
    SEAWORTHY_POD_IP: ip,
    SEAWORTHY_MOUNTS: JSON.stringify(mounts),
  };
}

/**
 * No address of the cluster leads anywhere from a plain process, so that the variables which name one (`…_SERVICE_HOST`,
 * `…_SERVICE_PORT`, `…_PORT_443_TCP`) name its port on this machine.
 */
function localizeVariables(
  env: Readonly<Record<string, string>>,
  { ip, port, localPort }: Reachable,
): Readonly<Record<string, string>> {
  const service = Object.keys(env).find((name) => name.endsWith("_SERVICE_HOST") && env[name] === ip);
  if (service === undefined) return env;
  const prefix = service.slice(0, -"SERVICE_HOST".length);
  const localize = (value: string) =>
    value === String(port)
      ? String(localPort)
      : value.replace(ip, "127.0.0.1").replace(new RegExp(`:${port}$`), `:${localPort}`);
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, name.startsWith(prefix) ? localize(value) : value]),
  );
}

function assertRunnable(spec: ContainerSpec): void {
  const [command = ""] = spec.argv;
  const found = findProgram(command, spec.env["PATH"] ?? "", spec.workingDir ?? "/");
  if (found.length === 0)
    throw new SeaworthyError("SW2002", `exec: "${command}": executable file not found in $PATH`);
}

async function hasSetpriv(): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const env = { PATH: process.env["PATH"] ?? "" };
  const result = await runBounded(["setpriv", "--pdeathsig", "KILL", "true"], {
    env,
    cwd: "/",
    timeoutMs: 5000,
  });
  return result.exitCode === 0;
}
