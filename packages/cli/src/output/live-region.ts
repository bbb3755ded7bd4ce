/** Some lines at the bottom of a terminal that are drawn again and again, below lines that stay. */
export interface LiveRegion {
  /** Draws, but at most five times a second. */
  draw(lines: () => readonly string[]): void;
  /** Writes a line that stays, above the region. */
  print(line: string): void;
  clear(): void;
}

const shortestPauseMs = 200;
const eraseBelow = "\u001B[J";

/** Makes a live region on a terminal. It never clears the screen nor leaves the normal buffer, so logs stay readable. */
export function createLiveRegion(stream: NodeJS.WritableStream): LiveRegion {
  let drawn = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let current: readonly string[] = [];
  const up = () => (drawn === 0 ? "" : `\u001B[${drawn}A\r`);
  const write = (before: string) => {
    stream.write(`${up()}${eraseBelow}${before}${current.map((line) => `${line}\n`).join("")}`);
    drawn = current.length;
  };
  return {
    draw(lines) {
      const now = performance.now();
      if (now - lastAt < shortestPauseMs) return;
      lastAt = now;
      current = lines();
      write("");
    },
    print(line) {
      write(`${line}\n`);
    },
    clear() {
      current = [];
      write("");
    },
  };
}
