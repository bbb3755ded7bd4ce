import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/**
 * Where a command is found, as execvp(3) looks for it: in the folders of PATH, or by its own path. Both the path and what
 * a link there leads to; nothing when there is no such program.
 */
export function findProgram(command: string, path: string, workingDir: string): string[] {
  const folders = command.includes("/") ? [workingDir] : path.split(":");
  for (const folder of folders) {
    const file = isAbsolute(command) ? command : join(folder, command);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return [...new Set([file, realpathSync(file)])];
    } catch {
      // Not there.
    }
  }
  return [];
}
