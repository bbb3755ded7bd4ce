import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { SeaworthyError } from "@seaworthy/errors";
import type { HttpConnection } from "./http-transport.ts";

/** The `exec` part of a kubeconfig user. */
export interface ExecPlugin {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
}

/**
 * Credentials from a client-go credential plugin, as cloud providers' kubeconfigs use them.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function execCredential(plugin: ExecPlugin, folder: string): Promise<Partial<HttpConnection>> {
  let status = await runPlugin(plugin, folder);
  const certificate = {
    ...(status.clientCertificateData === undefined ? {} : { cert: status.clientCertificateData }),
    ...(status.clientKeyData === undefined ? {} : { key: status.clientKeyData }),
  };
  if (status.token === undefined) return certificate;
  const token = async (): Promise<string> => {
    if (Date.parse(status.expirationTimestamp ?? "9999-01-01T00:00:00Z") <= Date.now()) {
      status = await runPlugin(plugin, folder);
    }
    return status.token ?? "";
  };
  return { ...certificate, token };
}

interface ExecStatus {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

const pluginTimeoutMs = 60_000;

async function runPlugin(plugin: ExecPlugin, folder: string): Promise<ExecStatus> {
  const apiVersion = plugin.apiVersion ?? "client.authentication.k8s.io/v1";
  const execInfo = JSON.stringify({ kind: "ExecCredential", apiVersion, spec: { interactive: false } });
  const env = { ...process.env, KUBERNETES_EXEC_INFO: execInfo };
  for (const { name, value } of plugin.env ?? []) Object.assign(env, { [name]: value });
  try {
    // A bare name is looked up in PATH; a relative path starts from the kubeconfig's folder.
    const command = /[\\/]/.test(plugin.command) ? resolve(folder, plugin.command) : plugin.command;
    const { stdout } = await promisify(execFile)(command, [...(plugin.args ?? [])], {
      env,
      timeout: pluginTimeoutMs,
    });
    const credential = JSON.parse(stdout) as { status?: ExecStatus };
    if (credential.status === undefined) throw new Error("it printed no status");
    return credential.status;
  } catch (cause) {
    throw new SeaworthyError(
      "SW1005",
      `the credential plugin ${plugin.command} failed: ${(cause as Error).message}`,
      {
        next:
          plugin.installHint === undefined
            ? ["run kubectl get nodes to see the plugin's own message"]
            : [plugin.installHint],
        cause,
      },
    );
  }
}
