type Sqlite = typeof import("node:sqlite");

/**
 * Loads SQLite, which only those need who keep a cluster. Some versions of Node 24 say that it is experimental; users can
 * do nothing about that, so it is not printed.
 */
export function loadSqlite(): Sqlite {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
