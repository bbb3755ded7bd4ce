import { SeaworthyError } from "@seaworthy/errors";
import type { ReadManifestsOptions, ToolResult } from "@seaworthy/app";
import type { CommandContext } from "../command.ts";

/** What reading manifests may touch of the world: the folder, stdin, and the tools that render manifests. */
export function manifestOptions(
  context: CommandContext,
  command: "check" | "size" | "trial" | "up",
): Omit<ReadManifestsOptions, "allowCustomKinds"> {
  return {
    cwd: context.cwd,
    command,
    stdin: () => readStdin(context, command),
    runTool: (tool, args) => runTool(context, tool, args),
  };
}

/** Where the settings of a set of manifests are looked for. */
export function settingsStart(paths: readonly string[]): string {
  return paths.find((path) => path !== "-") ?? ".";
}

const mostBytes = 64 * 1024 * 1024;

async function readStdin({ stdin }: CommandContext, command: string): Promise<string> {
  if (stdin.isTTY === true) throw emptyStdin("stdin is this terminal", command);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > mostBytes)
      throw new SeaworthyError("SW1003", "stdin has more than 64 MiB", {
        next: ["give fewer manifests at once"],
      });
    chunks.push(buffer);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") throw emptyStdin("the command before the pipe printed nothing", command);
  return text;
}

function emptyStdin(seen: string, command: string): SeaworthyError {
  return new SeaworthyError("SW1009", "there are no manifests in stdin", {
    why: "the path `-` stands for what another command prints",
    seen: [seen],
    next: [
      `helm template . | seaworthy ${command} -`,
      "run the command before the pipe alone, and look at what it says",
    ],
  });
}

const toolTimeoutMs = 60_000;

/** KUBECTL names the kubectl to use, as in the tests of Kubernetes. */
async function runTool(
  { cwd, env, signal }: CommandContext,
  tool: string,
  args: readonly string[],
): Promise<ToolResult | undefined> {
  const file = tool === "kubectl" ? env["KUBECTL"] || tool : tool;
  const { default: processes } = await import("node:child_process");
  const options = { cwd, env: { ...env }, signal, timeout: toolTimeoutMs, maxBuffer: mostBytes };
  return await new Promise((resolve, reject) => {
    processes.execFile(file, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr });
      else if (error.code === "ENOENT") resolve(undefined);
      else if (error.name === "AbortError") reject(error);
      else if (error.killed === true)
        resolve({
          exitCode: 124,
          stdout,
          stderr: `${stderr}\nit did not end within ${toolTimeoutMs / 1000} s`,
        });
      else
        resolve({
          exitCode: typeof error.code === "number" ? error.code : 1,
          stdout,
          stderr: stderr || error.message,
        });
    });
  });
}
