import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { type Container, type Probe, portNumber } from "@seaworthy/kube";
import type { PodSandbox } from "../runtime/pod-runtime.ts";
import { dialMessage } from "./dial-message.ts";
import { probeGrpc } from "./probe-grpc.ts";
import type { ProbeResult } from "./probe-worker.ts";

/** What an HTTP action names: of a probe, or of a hook. */
export type HttpGet = NonNullable<Probe["httpGet"]>;

/** Runs a command in the container; undefined when there is nothing to run it in (a stand-in). */
export type RunCommand = (
  argv: readonly string[],
  timeoutMs: number,
) => Promise<{ exitCode: number; output: string; timedOut: boolean }>;

const maxRedirects = 10;

/** Probes a container once, as pkg/kubelet/prober does, with its messages. */
export async function runProbe(
  probe: Probe,
  container: Container,
  sandbox: PodSandbox,
  exec: RunCommand,
): Promise<ProbeResult> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  try {
    if (probe.httpGet !== undefined) return await probeHttp(probe.httpGet, container, sandbox, timeoutMs);
    if (probe.grpc !== undefined) return await probeGrpc(probe.grpc, sandbox, timeoutMs);
    if (probe.tcpSocket !== undefined) {
      const port = resolvePort(probe.tcpSocket.port, container);
      try {
        (await sandbox.dial(port, timeoutMs)).destroy();
      } catch (error) {
        return { success: false, message: dialMessage(error, sandbox.ip, port) };
      }
    } else if (probe.exec !== undefined) {
      const result = await exec(probe.exec.command ?? [], timeoutMs);
      const success = result.exitCode === 0 && !result.timedOut;
      return {
        success,
        message: result.timedOut ? `command timed out: ${timeoutMs / 1000}s` : result.output.trim(),
      };
    }
    return { success: true, message: "" };
  } catch (error) {
    return { success: false, message: (error as Error).message };
  }
}

/** A port by number, or by the name that the container gives it. */
export function resolvePort(port: string | number, container: Container): number {
  const number = portNumber(port, [container]);
  if (number === undefined) throw new Error(`couldn't find port: ${port}`);
  return number;
}

/** Sends the GET of a probe or a hook and returns the answer's status; follows redirects to the same host. */
export async function httpGet(
  action: HttpGet,
  container: Container,
  sandbox: PodSandbox,
  timeoutMs: number,
  userAgent = "kube-probe/1.36",
): Promise<{ status: number; url: string }> {
  const port = resolvePort(action.port, container);
  const scheme = (action.scheme ?? "HTTP").toLowerCase();
  const path = action.path ?? "/";
  let url = new URL(`${scheme}://${sandbox.ip}:${port}${path.startsWith("/") ? path : `/${path}`}`);
  const headers: Record<string, string> = { "user-agent": userAgent, accept: "*/*", connection: "close" };
  for (const { name, value } of action.httpHeaders ?? []) headers[name.toLowerCase()] = value;
  const deadlineMs = performance.now() + timeoutMs;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await getOnce(url, headers, sandbox, Math.max(1, deadlineMs - performance.now()));
    const target = answer.location === undefined ? undefined : new URL(answer.location, url);
    // A redirect to another host counts as a success, with a warning event in Kubernetes.
    const follow = target !== undefined && target.hostname === url.hostname && redirects < maxRedirects;
    if (!follow || answer.status < 300 || answer.status > 399)
      return { status: answer.status, url: url.href };
    url = target;
  }
}

async function probeHttp(
  action: HttpGet,
  container: Container,
  sandbox: PodSandbox,
  timeoutMs: number,
): Promise<ProbeResult> {
  const { status } = await httpGet(action, container, sandbox, timeoutMs);
  const success = status >= 200 && status < 400;
  return { success, message: success ? "" : `HTTP probe failed with statuscode: ${status}` };
}

async function getOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  sandbox: PodSandbox,
  timeoutMs: number,
): Promise<{ status: number; location: string | undefined }> {
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const startedMs = performance.now();
  let socket: Socket;
  try {
    socket = await sandbox.dial(port, timeoutMs);
  } catch (error) {
    throw new Error(`Get "${url.href}": ${dialMessage(error, sandbox.ip, port)}`, { cause: error });
  }
  const isTls = url.protocol === "https:";
  const options: RequestOptions = {
    method: "GET",
    path: url.pathname + url.search,
    host: url.hostname,
    port,
    headers: { host: url.host, ...headers },
    createConnection: () => (isTls ? tlsConnect({ socket, rejectUnauthorized: false }) : socket),
  };
  const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs));
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)(options, (response: IncomingMessage) => {
      clearTimeout(timer);
      response.on("error", () => {});
      resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      response.resume();
      socket.destroySoon();
    });
    const timer = setTimeout(() => {
      request.destroy(
        new Error("context deadline exceeded (Client.Timeout exceeded while awaiting headers)"),
      );
      socket.destroy();
    }, leftMs);
    request.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      socket.destroy();
      const why = error.code === "ECONNRESET" ? "EOF" : error.message;
      reject(new Error(`Get "${url.href}": ${why}`, { cause: error }));
    });
    request.end();
  });
}
