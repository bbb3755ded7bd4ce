// Tells which files of tests take longest: npm test -- --durations
const shown = 40;

/** A reporter of node:test that prints the slowest files at the end, with their seconds. */
export default async function* reportDurations(events) {
  const seconds = new Map();
  for await (const { type, data } of events) {
    const file = fileOf(type, data);
    if (file !== undefined) seconds.set(file, (data.duration_ms ?? data.details.duration_ms) / 1000);
  }
  const slowest = [...seconds].sort(([, a], [, b]) => b - a);
  const total = slowest.reduce((sum, [, each]) => sum + each, 0);
  yield `\n${slowest.length} files took ${total.toFixed(1)} s one after the other, the slowest of them:\n`;
  for (const [file, each] of slowest.slice(0, shown)) yield `${each.toFixed(1).padStart(7)} s  ${file}\n`;
}

/** The file whose end an event tells: that of a process, or that of a suite which stands for a file. */
function fileOf(type, data) {
  const isTest = (file) => file?.endsWith(".test.ts") === true;
  if (type === "test:summary" && isTest(data.file)) return data.file.replace(`${process.cwd()}/`, "");
  const isOver = type === "test:pass" || type === "test:fail";
  if (isOver && data.nesting === 0 && data.details.type === "suite" && isTest(data.name)) return data.name;
  return undefined;
}
