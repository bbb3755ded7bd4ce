import { readFile } from "node:fs/promises";
import type { FixedFile } from "@seaworthy/check";
import { SeaworthyError } from "@seaworthy/errors";
import { writeFileWhole } from "./write-file-whole.ts";

/** Writes mended files. One that is not what was read any more, or that is not UTF-8, is left as it is, and told of. */
export async function writeFixes(files: readonly FixedFile[]): Promise<SeaworthyError[]> {
  const failures: SeaworthyError[] = [];
  for (const { source, after } of files) {
    try {
      const bytes = await readFile(source.path!);
      if (!bytes.equals(Buffer.from(source.text)))
        failures.push(
          new SeaworthyError("SW1003", `${source.name} is not mended: it is not what was read`, {
            why: "it was changed meanwhile, or it holds bytes that are no UTF-8 and would be lost",
            next: ["run the command again; if that helps nothing, store the file as UTF-8"],
          }),
        );
      else await writeFileWhole(source.path!, after.join(""));
    } catch (cause) {
      failures.push(
        new SeaworthyError("SW1003", `${source.name} cannot be written: ${(cause as Error).message}`, {
          next: ["let yourself write to the file and its folder"],
          cause,
        }),
      );
    }
  }
  return failures;
}
