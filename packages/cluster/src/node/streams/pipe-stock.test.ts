import assert from "node:assert/strict";
import { closeSync, mkdtempSync, readdirSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createPipeStock, type OutputPipe } from "./pipe-stock.ts";

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pipe-stock-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Takes what is left, so that nothing stays open. */
async function empty(take: () => Promise<OutputPipe>, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) close(await take());
}

function close({ read, write }: OutputPipe): void {
  closeSync(write);
  closeSync(read);
}

test("those who come at once get a pipe each, and none has a name any more", async (t) => {
  const folder = folderFor(t);
  const stock = createPipeStock();
  const pipes = await Promise.all(Array.from({ length: 40 }, () => stock.take(folder)));
  for (const [index, { write }] of pipes.entries()) writeSync(write, `pipe ${index}`);
  const said = pipes.map(({ read }) => {
    const bytes = Buffer.alloc(20);
    return bytes.toString("utf8", 0, readSync(read, bytes));
  });
  assert.deepEqual(
    said,
    pipes.map((_, index) => `pipe ${index}`),
  );
  assert.deepEqual(readdirSync(folder), []);
  pipes.forEach(close);
  await empty(() => stock.take(folder), 64 - 40);
});

test("a pod whose folder is gone fails alone, and who waited for its pipes makes them", async (t) => {
  const folder = folderFor(t);
  const stock = createPipeStock();
  const gone = stock.take(join(folder, "gone"));
  const other = stock.take(folder);
  await assert.rejects(gone, { code: "ENOENT" });
  close(await other);
  await empty(() => stock.take(folder), 31);
});
