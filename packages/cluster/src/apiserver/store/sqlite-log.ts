import { closeSync, existsSync, openSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { SeaworthyError } from "@seaworthy/errors";
import { loadSqlite } from "./load-sqlite.ts";
import { pastAfterCrash, type LoggedWrite, type Past, type Recovered, type StoreLog } from "./store-log.ts";

/** How much of the past a log keeps, so that watches can go on over a restart. */
export interface SqliteLogOptions {
  /** How many writes that later ones have replaced. Default 10,000. */
  readonly historyLimit?: number;
}

/** "Swth", which tells our files from other SQLite databases. */
const applicationId = 0x53777468;
const formatVersion = 1;
/** At most so many characters of replaced objects are kept, about 64 MB. */
const historyCharacters = 64_000_000;
/** After so many writes the disk itself is waited for, so that a power failure costs no more. */
const syncEvery = 10_000;

/**
 * Opens a log of writes in a SQLite file, or begins one; nobody else can open it until it is disposed of. Rejects with
 * SW2006 when another process has it, and with SW2007 when it cannot be read.
 *
 * A commit is in the hands of the operating system when `append` returns (journal_mode WAL, synchronous NORMAL,
 * https://www.sqlite.org/pragma.html#pragma_synchronous), so that a killed process loses nothing that was answered. When
 * the machine loses power, the file stays whole and the last writes may be gone; numbers of lost writes are not used again.
 */
export function openSqliteLog(path: string, options: SqliteLogOptions = {}): StoreLog {
  let database: DatabaseSync | undefined;
  try {
    // SQLite would make it readable to all. One that is there is left alone: closing any descriptor of a file gives up
    // all locks that this process has on it (fcntl).
    if (!existsSync(path)) closeSync(openSync(path, "wx", 0o600));
    database = new (loadSqlite().DatabaseSync)(path, { timeout: 0 });
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    takeFormat(path, database);
    return new SqliteLog(path, database, options.historyLimit ?? 10_000);
  } catch (error) {
    database?.close();
    throw explain(path, error);
  }
}

class SqliteLog implements StoreLog {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #drop: StatementSync;
  readonly #setMeta: StatementSync;
  readonly #historyLimit: number;
  /** Writes that can be dropped, and since when, the oldest first. */
  readonly #replaced: { readonly revision: number; readonly at: number; readonly characters: number }[] = [];
  #characters = 0;
  #unsynced = 0;

  constructor(path: string, database: DatabaseSync, historyLimit: number) {
    this.#path = path;
    this.#database = database;
    this.#historyLimit = historyLimit;
    this.#insert = database.prepare(
      "INSERT INTO writes (revision, collection, key, deletion, object, checksum) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#drop = database.prepare("DELETE FROM writes WHERE revision = ?");
    this.#setMeta = database.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)");
  }

  recover(): Recovered {
    try {
      const meta = this.#readMeta();
      const writes = this.#read();
      const before: Past = {
        compacted: meta.get("compacted") ?? 0,
        gap: { from: meta.get("gapFrom") ?? meta.get("revision") ?? 0, to: meta.get("revision") ?? 0 },
      };
      // Who opened it last did not close it: the newest writes may be lost, though clients have seen their numbers.
      const past =
        meta.get("open") === 1 ? pastAfterCrash(before, writes.at(-1)?.revision ?? 0, syncEvery) : before;
      this.#setMeta.run("open", 1);
      this.#setMeta.run("compacted", past.compacted);
      this.#setMeta.run("gapFrom", past.gap.from);
      this.#setMeta.run("revision", past.gap.to);
      this.#sync();
      return { writes, ...past };
    } catch (error) {
      throw explain(this.#path, error);
    }
  }

  append(writes: readonly LoggedWrite[]): void {
    const dropped = this.#droppable();
    this.#database.exec("BEGIN");
    try {
      for (const { revision } of dropped) this.#drop.run(revision);
      const compacted = dropped.at(-1)?.at;
      if (compacted !== undefined) this.#setMeta.run("compacted", compacted);
      for (const write of writes) {
        const { revision, collection, key, isDeletion, object } = write;
        this.#insert.run(revision, collection, key, isDeletion ? 1 : 0, object, checksumOf(write));
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
    this.#replaced.splice(0, dropped.length);
    for (const { characters } of dropped) this.#characters -= characters;
    for (const write of writes) this.#noteReplaced(write);
    this.#unsynced += writes.length;
    if (this.#unsynced >= syncEvery / 2) this.#sync();
  }

  [Symbol.dispose](): void {
    if (!this.#database.isOpen) return;
    this.#setMeta.run("open", 0);
    this.#sync();
    this.#database.close();
  }

  #readMeta(): Map<string, number> {
    const rows = this.#database.prepare("SELECT name, value FROM meta").all();
    return new Map(rows.map(({ name, value }) => [String(name), Number(value)]));
  }

  #read(): LoggedWrite[] {
    const rows = this.#database.prepare("SELECT * FROM writes ORDER BY revision").all();
    const latest = new Map<string, LoggedWrite["replaces"]>();
    return rows.map((row) => {
      const [revision, object] = [Number(row["revision"]), String(row["object"])];
      const [collection, key] = [String(row["collection"]), String(row["key"])];
      const place = `${collection} ${key}`;
      const isDeletion = row["deletion"] === 1;
      const write = { revision, collection, key, isDeletion, object, replaces: latest.get(place) };
      if (row["checksum"] !== checksumOf(write))
        throw unreadable(this.#path, `write ${revision}, of ${place}, is damaged`);
      latest.set(place, isDeletion ? undefined : { revision, characters: object.length });
      this.#noteReplaced(write);
      return write;
    });
  }

  #noteReplaced({ revision, replaces, isDeletion, object }: LoggedWrite): void {
    if (replaces !== undefined) this.#canGo(replaces.revision, revision, replaces.characters);
    if (isDeletion) this.#canGo(revision, revision, object.length);
  }

  #canGo(revision: number, at: number, characters: number): void {
    this.#replaced.push({ revision, at, characters });
    this.#characters += characters;
  }

  /** The oldest of what was replaced, beyond what is kept. A deletion goes together with what it deleted. */
  #droppable(): readonly { readonly revision: number; readonly at: number; readonly characters: number }[] {
    let characters = this.#characters;
    let count = 0;
    let last = 0;
    for (const replaced of this.#replaced) {
      const isKept = this.#replaced.length - count <= this.#historyLimit && characters <= historyCharacters;
      if (isKept && replaced.at !== last) break;
      characters -= replaced.characters;
      last = replaced.at;
      count += 1;
    }
    return this.#replaced.slice(0, count);
  }

  #sync(): void {
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#unsynced = 0;
  }
}

function takeFormat(path: string, database: DatabaseSync): void {
  const pragma = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"];
  if (tables === 0) {
    database.exec(`
      BEGIN;
      CREATE TABLE writes (
        revision INTEGER PRIMARY KEY, collection TEXT NOT NULL, key TEXT NOT NULL,
        deletion INTEGER NOT NULL, object TEXT NOT NULL, checksum INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      PRAGMA application_id = ${applicationId};
      PRAGMA user_version = ${formatVersion};
      COMMIT`);
    return;
  }
  const version = pragma("user_version");
  if (pragma("application_id") !== applicationId)
    throw unreadable(path, "it is a database of another program");
  if (version !== formatVersion)
    throw unreadable(path, `its format is ${version}, and this version of seaworthy reads ${formatVersion}`, [
      "use the version of seaworthy that wrote it",
    ]);
}

/** SQLite notices damage to its own structure, but not to what it keeps. */
function checksumOf({ collection, key, object }: LoggedWrite): number {
  return crc32(object, crc32(`${collection} ${key}`));
}

/** https://www.sqlite.org/rescode.html */
function explain(path: string, error: unknown): unknown {
  if (error instanceof SeaworthyError) return error;
  const { errcode, message } = error as { readonly errcode?: number; readonly message: string };
  const primary = (errcode ?? 0) & 0xff;
  if (primary === 5 || primary === 6) {
    return new SeaworthyError("SW2006", `another process has the cluster in ${path}`, {
      why: "two clusters on the same objects would destroy each other's work",
      next: ["end the other seaworthy cluster", "or name another folder: --data-dir DIR"],
      cause: error,
    });
  }
  return unreadable(path, message, [], error);
}

function unreadable(
  path: string,
  what: string,
  next: readonly string[] = [],
  cause?: unknown,
): SeaworthyError {
  return new SeaworthyError("SW2007", `the cluster in ${path} cannot be read: ${what}`, {
    why: "what is left of it cannot be told from what is missing, so nothing of it is used",
    next: [...next, `begin anew, and keep the old file: mv ${path} ${path}.old`, "or name another folder"],
    cause,
  });
}
