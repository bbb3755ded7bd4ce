import { chmod, mkdir, open, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Container } from "@seaworthy/kube";
import { readContainerLog } from "../logs/read-log.ts";
import type { Mount } from "../runtime/pod-runtime.ts";
import { cleanPath } from "./environment.ts";

/** The limits of k8s.io/kubernetes/pkg/kubelet/container/runtime.go. */
const maxMessageBytes = 4096;
const maxLogLines = 80;
const maxLogBytes = 2048;

/**
 * Makes the file into which a container may write why it ends, and gives the mount that shows it to the container.
 * Undefined when the container wants none.
 */
export async function terminationMount(
  { terminationMessagePath = "" }: Container,
  hostPath: string,
): Promise<Mount | undefined> {
  if (terminationMessagePath === "") return undefined;
  await mkdir(dirname(hostPath), { recursive: true });
  await writeFile(hostPath, "");
  // Containers of any user may write it, whatever the umask takes away.
  await chmod(hostPath, 0o666);
  return { hostPath, mountPath: cleanPath(terminationMessagePath), readOnly: false };
}

/**
 * What a container that ended says of its end: what it wrote into its file or, where it asks for that and failed, the end of its
 * log. https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/kuberuntime_container.go
 * (getTerminationMessage, readLastStringFromContainerLogs)
 */
export async function terminationMessage(
  { terminationMessagePolicy }: Container,
  exitCode: number,
  files: { readonly terminationLog: string | undefined; readonly logFile: string },
): Promise<string> {
  const message = files.terminationLog === undefined ? "" : await readEnd(files.terminationLog);
  const mayAskLog = terminationMessagePolicy === "FallbackToLogsOnError" && exitCode !== 0;
  return message === "" && mayAskLog ? await endOfLog(files.logFile) : message;
}

async function readEnd(path: string): Promise<string> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, maxMessageBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8", 0, bytesRead);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "" : `Error on reading termination log ${path}: ${message}`;
  }
}

async function endOfLog(logFile: string): Promise<string> {
  const request = {
    follow: false,
    previous: false,
    timestamps: false,
    tailLines: maxLogLines,
    signal: new AbortController().signal,
  };
  try {
    let text = "";
    for await (const part of readContainerLog(dirname(logFile), request, () => false)) text += part;
    return Buffer.from(text).subarray(-maxLogBytes).toString();
  } catch (error) {
    return `Error on reading termination message from logs of ${basename(logFile)}: ${(error as Error).message}`;
  }
}
