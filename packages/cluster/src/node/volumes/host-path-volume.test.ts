import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hostPathVolume } from "./host-path-volume.ts";

test("a path is as its type says, or is made so where the type says that", async () => {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-host-path-"));
  try {
    const file = join(folder, "file");
    await writeFile(file, "x");
    for (const type of ["Directory", "DirectoryOrCreate", "", undefined])
      assert.equal(await hostPathVolume({ path: folder, ...(type === undefined ? {} : { type }) }), folder);
    assert.equal(await hostPathVolume({ path: file, type: "File" }), file);
    const refused: readonly [string, string, RegExp][] = [
      [file, "Directory", /^Error: hostPath type check failed: .*file is not a directory$/],
      [folder, "File", /is not a file$/],
      [file, "Socket", /is not a socket file$/],
      [file, "CharDevice", /is not a character device$/],
      [file, "BlockDevice", /is not a block device$/],
      [join(folder, "none"), "Directory", /none is not a directory$/],
    ];
    for (const [path, type, why] of refused) await assert.rejects(hostPathVolume({ path, type }), why);
    await hostPathVolume({ path: join(folder, "made", "file"), type: "FileOrCreate" });
    assert.ok((await stat(join(folder, "made", "file"))).isFile());
    await hostPathVolume({ path: join(folder, "other") });
    assert.ok((await stat(join(folder, "other"))).isDirectory());
  } finally {
    await rm(folder, { recursive: true });
  }
});
