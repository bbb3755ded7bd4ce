import type { Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import type { RemoteProcess } from "../../remote-process.ts";
import type { RemoteStreams } from "./remote-streams.ts";

/**
 * Joins a client and a process until the process has ended and all that it wrote is sent. A client that goes away ends
 * it: the process is let go. Never rejects.
 */
export async function runRemoteCommand(
  streams: RemoteStreams,
  start: () => Promise<RemoteProcess>,
): Promise<void> {
  let process: RemoteProcess;
  try {
    process = await start();
  } catch (error) {
    streams.end({ failure: (error as Error).message });
    return;
  }
  const release = () => process.release();
  streams.gone.addEventListener("abort", release, { once: true });
  if (streams.gone.aborted) release();
  streams.onResize((size) => process.resize?.(size));
  void feed(streams.stdin, process.stdin);
  try {
    const [exitCode] = await Promise.all([
      process.exited,
      copy(process.stdout, streams.stdout),
      copy(process.stderr, streams.stderr),
    ]);
    streams.end({ exitCode });
  } catch {
    // The client is gone.
  } finally {
    streams.gone.removeEventListener("abort", release);
    release();
  }
}

/** What the process does not read is thrown away, or the client's other messages would not come through. */
async function feed(from: Readable | undefined, to: Writable | undefined): Promise<void> {
  if (from === undefined) return;
  try {
    if (to !== undefined) await pipeline(from, to);
  } catch {
    // The process is gone, or reads no more.
  } finally {
    from.resume();
  }
}

async function copy(from: Readable | undefined, to: Writable | undefined): Promise<void> {
  if (from === undefined) return;
  if (to !== undefined) return await pipeline(from, to);
  from.resume();
  await finished(from);
}
