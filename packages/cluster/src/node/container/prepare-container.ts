import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { type Container, type Pod, type Service, isSidecar } from "@seaworthy/kube";
import { ImagePullError, type ContainerFiles, type Preparation } from "./container-context.ts";
import { containerEnvironment, type ReadData } from "./environment.ts";
import { expandVariables } from "./expand-variables.ts";
import { findProgram } from "../runtime/find-program.ts";
import { answersBadlyImage, type ImageSource, type ResolvedImage } from "./images.ts";
import { keepVisible } from "../volumes/keep-visible.ts";
import type { ContainerSpec, Mount, PodRuntime } from "../runtime/pod-runtime.ts";
import { containerSecurity, type ContainerSecurity } from "../security/container-security.ts";
import type { AccountFiles } from "../security/container-user.ts";
import { verifyNonRoot } from "../security/verify-non-root.ts";
import { standInPorts } from "../stand-in/stand-in-ports.ts";
import { standInCommand } from "../stand-in/stand-in.ts";
import { containerMounts } from "../volumes/container-mounts.ts";
import { terminationMount } from "./termination-message.ts";
import type { VolumeAt } from "../volumes/set-up-volumes.ts";

/** What a container's start is resolved from. */
export interface PreparationSources {
  readonly images: ImageSource;
  readonly services: () => readonly Service[];
  readonly readData: ReadData;
  readonly runtime: Pick<PodRuntime, "holds">;
  readonly volumes: ReadonlyMap<string, VolumeAt>;
  /** The files of its pod that every container sees: /etc/hosts, and /etc/resolv.conf where there are names to look up. */
  readonly podFiles: readonly Mount[];
}

/** Resolves everything of one start of a container: image, environment, command line and mounts. */
export async function prepareContainer(
  pod: Pod,
  container: Container,
  { logFile, terminationLog }: ContainerFiles,
  sources: PreparationSources,
): Promise<Preparation> {
  const resolved = sources.images.resolve(container.image ?? "");
  if ("error" in resolved) throw new ImagePullError(resolved.error);
  const image = isEphemeral(pod, container) && resolved.standIn ? shell : resolved;
  const { holds } = sources.runtime;
  // An image without USER is root's. Of a stand-in's image nobody knows, and where users are not in force it matters not.
  const isRoots = image.user === undefined && !image.standIn && holds === "users";
  verifyNonRoot(pod, container, isRoots ? "0" : image.user);
  const services = sources.services();
  const own = await containerEnvironment(pod, container, services, sources.readData);
  const env = { ...machineEnvironment(pod), ...image.env, ...own };
  // A stand-in has nothing to say of its end.
  const termination = image.standIn ? undefined : await terminationMount(container, terminationLog);
  const ofVolumes = await containerMounts(container, sources.volumes, own);
  const mounts = [
    // A container that mounts something of its own in a file's place has that.
    ...sources.podFiles.filter((file) => ofVolumes.every(({ mountPath }) => mountPath !== file.mountPath)),
    ...ofVolumes,
    ...(termination === undefined ? [] : [termination]),
  ];
  const argv = image.standIn
    ? standInArgv(pod, container, services, sources.images, brokenPaths(container, own))
    : // `command` takes the place of ENTRYPOINT; `args` of CMD, which a given command line has none of.
      [...(expandAll(container.command, own) ?? image.entrypoint), ...(expandAll(container.args, own) ?? [])];
  const workingDir = image.standIn ? "/" : (container.workingDir ?? image.workingDir);
  const { stdin = false, tty = false } = image.standIn ? {} : container;
  const needed = filesOfImage({ argv, env, workingDir }, image);
  const files = { accounts: readAccounts, stat: statSync, needed: needed.filter((path) => existsSync(path)) };
  const { home, notice, ...security }: Partial<ContainerSecurity> = image.standIn
    ? {}
    : containerSecurity(pod, container, image.user, holds, files);
  const spec = {
    ...security,
    name: container.name,
    argv,
    env: {
      // containerd gives this to every container with a terminal.
      ...(tty ? { TERM: "xterm" } : {}),
      ...env,
      ...(home === undefined ? {} : { HOME: own["HOME"] ?? image.env?.["HOME"] ?? home }),
    },
    workingDir,
    logFile,
    stdin,
    tty,
  };
  return {
    spec: { ...spec, mounts: keepVisible(mounts, needed, security.readOnlyRoot) },
    terminationLog: termination?.hostPath,
    standIn: image.standIn,
    stopSignal: image.stopSignal ?? "SIGTERM",
    notice,
  };
}

/** Who adds a container to a pod that runs wants to look around in it, for which this machine has programs. */
const shell: ResolvedImage = { entrypoint: ["sh"], standIn: false };

function isEphemeral({ spec }: Pod, { name }: Container): boolean {
  return spec.ephemeralContainers?.some((container) => container.name === name) === true;
}

/** What an image would bring along and here lies on the machine: the program, where it works, the files that it is given. */
function filesOfImage(
  { argv, env, workingDir = "/" }: Pick<ContainerSpec, "argv" | "env" | "workingDir">,
  image: ResolvedImage,
): string[] {
  const named = argv.slice(1).filter((word) => isAbsolute(word) && existsSync(word));
  return [
    ...findProgram(argv[0] ?? "", env["PATH"] ?? "", workingDir),
    ...(image.workingDir === undefined ? [] : [image.workingDir]),
    ...named,
  ];
}

/** The machine's users. Its groups are left out: who is in one here, may be in it to rule the machine. */
function readAccounts(): AccountFiles {
  return { passwd: readFileSync("/etc/passwd", "utf8"), group: "" };
}

function standInArgv(
  pod: Pod,
  container: Container,
  services: readonly Service[],
  images: ImageSource,
  brokenPaths: readonly string[],
): string[] {
  const isInit = pod.spec.initContainers?.some(({ name }) => name === container.name) === true;
  // An init container prepares something; its stand-in has nothing to prepare and is done.
  if (isInit && !isSidecar(container)) return ["true"];
  const ports = standInPorts(pod, container, services);
  return standInCommand({ ports, ...images.standIn, podName: pod.metadata.name, brokenPaths });
}

/** Where a version answers badly that a trial made bad on purpose; nowhere in any other. */
function brokenPaths({ image }: Container, env: Readonly<Record<string, string>>): string[] {
  return image === answersBadlyImage ? (env["BROKEN_PATHS"] ?? "").split(",") : [];
}

function expandAll(
  words: readonly string[] | undefined,
  values: Readonly<Record<string, string>>,
): string[] | undefined {
  return words === undefined || words.length === 0
    ? undefined
    : words.map((word) => expandVariables(word, values));
}

/** What an image would bring along: without a PATH no command of this machine is found. */
function machineEnvironment(pod: Pod): Record<string, string> {
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
  };
  for (const name of ["HOME", "LANG"]) if (process.env[name] !== undefined) env[name] = process.env[name];
  return env;
}
