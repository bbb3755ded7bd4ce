import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import type { Duplex } from "node:stream";
import { SeaworthyError } from "@seaworthy/errors";
import { writeContainerLog } from "../logs/container-log.ts";
import { firstWords } from "./first-words.ts";
import { planMounts, type MachinePaths } from "./mount-plan.ts";
import { mountScript, quote } from "./mount-script.ts";
import type { ContainerProcess, ContainerSpec, ExitStatus } from "./pod-runtime.ts";
import { privilegeWords } from "./privilege-words.ts";
import { openStreams } from "../streams/standard-streams.ts";
import { toolPath } from "./tool-path.ts";

/** Where a container is started: the tools' absolute paths and how to join the pod's namespaces. */
export interface NamespaceTools {
  readonly nsenter: string;
  readonly setpriv: string;
  readonly unshare: string;
  readonly sh: string;
  /** Makes a terminal the controlling one; undefined where it is not installed. */
  readonly setsid: string | undefined;
  /** Whether the pods' namespaces belong to a user namespace of their own. */
  readonly user: boolean;
  /** Whether a fresh /proc may be mounted. */
  readonly mountProc: boolean;
}

/** What a container joins: a user namespace, where there is one, and its pod's network; and the host name that it has. */
export interface PodNamespaces {
  /** The process of the user namespace. */
  readonly pid: number;
  /** Where the network namespace is found. */
  readonly netns: string;
  readonly hostname: string;
}

/**
 * Starts a container as PID 1 of a new PID namespace, in its pod's network.
 * The kernel then gives it PID 1's signal semantics, and takes everything it started with it when it ends.
 */
export async function startNamespaceContainer(
  tools: NamespaceTools,
  pod: PodNamespaces,
  spec: ContainerSpec,
): Promise<ContainerProcess> {
  const streams = await openStreams(
    { stdin: spec.stdin === true, tty: spec.tty === true },
    dirname(spec.logFile),
  );
  const joinPod = ["--target", String(pod.pid), `--net=${pod.netns}`, ...userFlags(tools)];
  const diesWithCluster = [tools.setpriv, "--pdeathsig", "KILL"];
  const newNamespaces = [...processNamespace(tools, spec), "--mount", "--uts"];
  const script = waitScript(launchScript(tools, pod, spec, streams.isTerminal));
  const child = spawn(
    tools.nsenter,
    [
      ...joinPod,
      ...diesWithCluster,
      ...newNamespaces,
      tools.sh,
      "-c",
      script,
      "sh",
      ...withOddVariables(spec),
    ],
    { cwd: "/", detached: true, env: { ...spec.env }, stdio: [...streams.far, "pipe"] },
  );
  streams.closeFar();
  const logged = writeContainerLog(spec.logFile, streams, Date.now);
  const exited = exitOf(child).then(async (status) => {
    await logged;
    return status;
  });
  exited.catch(() => {});
  const pid = await letGo(child, spec);
  let running = true;
  child.once("exit", () => (running = false));
  return {
    pid,
    streams,
    exited,
    signal(name) {
      // The launcher lives as long as PID 1, so while it does the process id still means this container.
      if (running) signalProcess(pid, name);
    },
  };
}

/** The words that give a container processes of its own, or those of another one. */
function processNamespace({ nsenter, unshare }: NamespaceTools, { besidePid }: ContainerSpec): string[] {
  return besidePid === undefined
    ? [unshare, "--pid"]
    : [nsenter, `--pid=/proc/${besidePid}/ns/pid`, "--no-fork", unshare];
}

/** Flags of nsenter to join the user namespace, when there is one. */
export function userFlags(tools: NamespaceTools): string[] {
  return tools.user ? ["--user", "--preserve-credentials"] : [];
}

/**
 * The first child after `unshare --pid` is PID 1: a shell that becomes the app by a script. The outer one waits for it to tell its
 * exit status; `unshare --fork` (util-linux 2.38) answers 1 for every signal. Its own "Killed" message must not come into the
 * container's log.
 */
function waitScript(script: string): string {
  return `exec 4>&2 2>/dev/null\n(\nexec 2>&4 4>&-\n${script}\n)\nexit $?`;
}

function launchScript(
  tools: NamespaceTools,
  { hostname }: PodNamespaces,
  spec: ContainerSpec,
  isTerminal: boolean,
): string {
  const path = quote(toolPath());
  const { mounts = [], unseen, entrances = [] } = spec.controlGroups ?? {};
  const entering = entrances.map((entrance, index) => ({ file: quote(entrance), fd: 5 + index }));
  const plan = planMounts([...mounts, ...spec.mounts], machine, {
    withProc: tools.mountProc,
    readOnlyRoot: spec.readOnlyRoot === true,
    unseen,
  });
  const workingDir = quote(spec.workingDir ?? "/");
  // Until it becomes the app it ends with the cluster because nobody lets it go then.
  const become = [
    // By now it is in its groups, with which the namespace is to begin.
    ...(spec.controlGroups === undefined ? [] : [tools.unshare, "--cgroup"]),
    ...takeTerminal(tools, isTerminal),
    ...becomeUser(tools, spec.privileges),
  ];
  const start = `
cd ${workingDir} 2>/dev/null || { echo workdir >&3; exit 126; }
command -v ${quote(spec.argv[0] ?? "")} >/dev/null 2>&1 || { echo missing >&3; exit 127; }
${entering.map(({ fd }) => `{ echo 0 >&${fd}; } 2>/dev/null`).join("\n")}
echo ready >&3
read -r _ <&3 || exit 1
exec ${become.map(quote).join(" ")} "$@" 3>&- ${entering.map(({ fd }) => `${fd}>&-`).join(" ")}`;
  const enter =
    plan.root === undefined
      ? start
      : `PATH=${path} exec chroot ${quote(plan.root)} ${tools.sh} -c ${quote(`PATH=$1; shift; ${start}`)} sh "$PATH" "$@"`;
  // In a shell of its own, so that none of its variables gets into the app's environment.
  // Groups are joined behind the mounts, which are not to count, and by files that may be covered by then.
  return `${entering.map(({ file, fd }) => `true 2>/dev/null >${file} && exec ${fd}>${file}`).join("\n")}
(
exec 2>/dev/null
PATH=${path}
printf %s ${quote(hostname)} >/proc/sys/kernel/hostname || hostname ${quote(hostname)} || busybox hostname ${quote(hostname)}
fail() { echo "mount $1" >&3; exit 126; }
${sysctlLines(spec)}
${mountScript(plan)}
exit 0
) || exit 126
${enter}`;
}

/** The words before a command that give it a container's privileges, and its end when its parent ends. */
export function becomeUser({ setpriv }: NamespaceTools, privileges: ContainerSpec["privileges"]): string[] {
  return [setpriv, "--pdeathsig", "KILL", ...privilegeWords(privileges)];
}

/** Like containerd since 2.0, pods let every user open the ports below 1024 (`enable_unprivileged_ports`). */
function sysctlLines({ privileges, sysctls = {} }: ContainerSpec): string {
  const ports = privileges === undefined ? {} : { "net.ipv4.ip_unprivileged_port_start": "0" };
  return Object.entries({ ...ports, ...sysctls })
    .map(([name, value]) => `echo ${quote(value)} >${quote(`/proc/sys/${name.replaceAll(".", "/")}`)}`)
    .join("\n");
}

const machine: MachinePaths = {
  isPresent: existsSync,
  isFile: (path) => statSync(path).isFile(),
  access(path) {
    const { mode, uid, gid } = statSync(path);
    return { mode: (mode & 0o7777).toString(8), owner: `${uid}:${gid}` };
  },
  realPath: realpathSync,
  topEntries: () =>
    readdirSync("/", { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: entry.isSymbolicLink() ? "link" : entry.isDirectory() ? "folder" : "file",
    })),
};

/** The words before a command that make its standard input its controlling terminal. */
export function takeTerminal({ setsid }: Pick<NamespaceTools, "setsid">, isTerminal: boolean): string[] {
  return isTerminal && setsid !== undefined ? [setsid, "--ctty"] : [];
}

/** A shell drops variables that it could not name itself, as `my.key`; `env` passes them on. */
function withOddVariables(spec: ContainerSpec): string[] {
  const odd = Object.entries(spec.env).filter(([name]) => !/^[A-Za-z_]\w*$/.test(name));
  return odd.length === 0
    ? [...spec.argv]
    : ["env", ...odd.map(([name, value]) => `${name}=${value}`), ...spec.argv];
}

/** Waits until the launcher is about to become the app, notes its process id, and lets it go. */
async function letGo(child: ChildProcess, spec: ContainerSpec): Promise<number> {
  const said = await firstWords(child);
  if (said !== "ready") {
    killGroup(child);
    throw startError(said, spec);
  }
  const pid = Number(
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ")[0],
  );
  spec.onProcess?.(pid);
  (child.stdio[3] as Duplex).end("go\n");
  return pid;
}

function startError(said: string, spec: ContainerSpec): SeaworthyError {
  if (said === "missing")
    return new SeaworthyError("SW2002", `exec: "${spec.argv[0]}": executable file not found in $PATH`, {
      seen: [`PATH=${spec.env["PATH"] ?? ""}`],
    });
  if (said === "workdir")
    return new SeaworthyError("SW2002", `the working directory ${spec.workingDir} does not exist`);
  if (said.startsWith("mount ")) return new SeaworthyError("SW2003", `cannot mount at ${said.slice(6)}`);
  return new SeaworthyError("SW2003", `the container could not be started: ${said}`);
}

function exitOf(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      const exitCode = code ?? 128 + (constants.signals[signal ?? "SIGKILL"] ?? 9);
      resolve({ exitCode, signal: signalName(exitCode) });
    });
  });
}

function signalName(exitCode: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number + 128 === exitCode)?.[0];
}

/** Ends a detached child and all that is in its process group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined) signalProcess(-child.pid, "SIGKILL");
}

function signalProcess(pid: number, name: NodeJS.Signals | number): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
