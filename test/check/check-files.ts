import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { seaworthy, type Finished } from "../seaworthy-command.ts";

/** Runs `seaworthy check` in a folder with these files, where no tool renders anything unless it is named. */
export async function checkFiles(
  context: TestContext,
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  const bare = { PATH: dirname(process.execPath), KUBECTL: "", ...env };
  return { ...(await seaworthy(["check", ...args], { cwd: folder, env: bare, timeoutMs: 20_000 })), folder };
}
