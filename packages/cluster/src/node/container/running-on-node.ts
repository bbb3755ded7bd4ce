import type { Readable } from "node:stream";
import { PassThrough, Writable } from "node:stream";
import type { Container } from "@seaworthy/kube";
import type { ContainerOnNode, ContainerUsage } from "../../kubelet.ts";
import type { RemoteProcess } from "../../remote-process.ts";
import type { ContainerProcess, ContainerSpec, PodSandbox } from "../runtime/pod-runtime.ts";
import type { ProcessUsage } from "../runtime/read-usage.ts";

/** A container that runs, as the kubelet's server shows it and measures it. */
export interface RunningOnNode extends ContainerOnNode {
  readonly startedAtMs: number;
  /** Its first process. */
  readonly pid: number;
  readUsage(): (ProcessUsage & Pick<ContainerUsage, "throttledNanoseconds">) | undefined;
}

/** One run of a container. */
interface Run {
  readonly process: ContainerProcess;
  readonly spec: ContainerSpec;
  readonly sandbox: PodSandbox;
  readonly container: Container;
  readonly standIn: boolean;
  readonly startedAtMs: number;
  /** See `Confinement`. */
  readonly throttledNanoseconds: () => number | undefined;
}

/** Makes what others may do with one run of a container. */
export function runningOnNode(run: Run): RunningOnNode {
  const { process, spec, sandbox, container, standIn, startedAtMs } = run;
  const taps = { stdout: createTaps(process.streams.stdout), stderr: createTaps(process.streams.stderr) };
  return {
    standInFor: standIn ? (container.image ?? "") : undefined,
    startedAtMs,
    pid: process.pid,
    readUsage() {
      const usage = sandbox.readUsage?.(process);
      const throttledNanoseconds = run.throttledNanoseconds();
      return usage && { ...usage, ...(throttledNanoseconds === undefined ? {} : { throttledNanoseconds }) };
    },
    exec: ({ argv, stdin, tty }) => sandbox.execStreaming(process, spec, argv, { stdin, tty }),
    attach: () => attach(run, taps),
  };
}

interface Taps {
  open(): PassThrough | undefined;
}

/**
 * Who attaches sees what the container writes from now on. The end of their input ends the attachment, unless the
 * container reads from the first who attaches only (`stdinOnce`): then its own input ends.
 * https://github.com/containerd/containerd/blob/main/internal/cri/io/container_io.go (Attach)
 */
function attach(
  { process, container: { stdinOnce = false, tty = false } }: Run,
  taps: { readonly stdout: Taps; readonly stderr: Taps },
): RemoteProcess {
  const { stdin, resize } = process.streams;
  const stdout = taps.stdout.open() ?? new PassThrough();
  const stderr = taps.stderr.open();
  const ended = Promise.withResolvers<void>();
  const release = () => {
    stdout.destroy();
    stderr?.destroy();
    if (stdinOnce) stdin?.end();
    ended.resolve();
  };
  const over = Promise.race([ended.promise, process.exited.then(() => {})]).catch(() => {});
  const endOutputs = () => {
    stdout.end();
    stderr?.end();
  };
  return {
    ...(stdin === undefined
      ? {}
      : {
          stdin: passOn(stdin, () => {
            if (stdinOnce && !tty) stdin.end();
            else {
              ended.resolve();
              endOutputs();
            }
          }),
        }),
    stdout,
    ...(stderr === undefined ? {} : { stderr }),
    ...(resize === undefined ? {} : { resize }),
    // How the container ended is told by its status, not to those who attached.
    exited: over.then(() => {
      endOutputs();
      return 0;
    }),
    release,
  };
}

/** A writable of one's own that writes to another, which stays open. */
function passOn(target: Writable, onEnd: () => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (target.destroyed || target.writableEnded) return done();
      target.write(chunk, () => done());
    },
    final(done) {
      onEnd();
      done();
    },
  });
}

/** Lets several read one stream, each from when they begin. The slowest holds it up, so that nobody loses anything. */
function createTaps(source: Readable | undefined): Taps {
  const full = new Set<PassThrough>();
  const drained = (tap: PassThrough) => {
    full.delete(tap);
    if (full.size === 0) source?.resume();
  };
  return {
    open() {
      if (source === undefined) return undefined;
      const tap = new PassThrough();
      const take = (chunk: Buffer) => {
        if (tap.writableEnded || tap.destroyed || tap.write(chunk)) return;
        full.add(tap);
        source.pause();
      };
      const end = () => tap.end();
      source.on("data", take);
      source.once("end", end);
      tap.on("drain", () => drained(tap));
      tap.once("close", () => {
        source.off("data", take);
        source.off("end", end);
        drained(tap);
      });
      return tap;
    },
  };
}
