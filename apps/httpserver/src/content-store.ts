import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Keeps bytes in a folder under their SHA-256. What is kept never changes. */
export interface ContentStore {
  /** Whether a text is a SHA-256 in lower-case hexadecimal digits. */
  isHash(text: string): boolean;
  /** Keeps the bytes and gives their hash. Undefined: the store is full. */
  put(bytes: Buffer): Promise<{ readonly hash: string; readonly isNew: boolean } | undefined>;
  /** Undefined when nothing has that hash. */
  get(hash: string): Promise<Buffer | undefined>;
}

/** How many bytes all contents may have together. */
const defaultMaxBytes = 256 * 1024 * 1024;

/** Makes a store in a folder, which it creates when it is first written to. Its size is counted once, then kept. */
export function createContentStore(folder: string, maxBytes = defaultMaxBytes): ContentStore {
  let counting: Promise<void> | undefined;
  let usedBytes = 0;

  async function count(): Promise<void> {
    await mkdir(folder, { recursive: true });
    const names = (await readdir(folder)).filter(isHash);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    usedBytes = sizes.reduce((total, size) => total + size, 0);
  }

  return {
    isHash,
    async put(bytes) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      counting ??= count();
      await counting.catch((error: unknown) => {
        counting = undefined; // The next call tries again.
        throw error;
      });
      if ((await sizeOf(join(folder, hash))) !== undefined) return { hash, isNew: false };
      if (usedBytes + bytes.length > maxBytes) return undefined;
      usedBytes += bytes.length;
      try {
        await writeWhole(folder, hash, bytes);
      } catch (error) {
        usedBytes -= bytes.length;
        throw error;
      }
      return { hash, isNew: true };
    },
    async get(hash) {
      // A hash has no slash and no dot, so that nothing outside the folder can be named.
      if (!isHash(hash)) return undefined;
      return await absent(readFile(join(folder, hash)));
    },
  };
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Writes a file so that its name has the whole content or nothing, also after a crash. */
async function writeWhole(folder: string, name: string, bytes: Buffer): Promise<void> {
  const temporary = join(folder, `.${randomUUID()}`);
  try {
    await using file = await open(temporary, "wx", 0o640);
    await file.writeFile(bytes);
    await file.sync();
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await absent(stat(path)))?.size;
}

async function absent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
