import type { Probe } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";

export type ProbeKind = "startup" | "readiness" | "liveness";

/** What one probe found; the message says why it failed. */
export interface ProbeResult {
  readonly success: boolean;
  readonly message: string;
}

/** Probes one container in one way, for as long as that container runs. */
export interface ProbeWorker {
  /** Probes at once, out of turn: readiness, when the startup probe has succeeded. */
  trigger(): void;
  stop(): void;
}

export interface ProbeWorkerOptions {
  readonly clock: Clock;
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly startedAtMs: number;
  /** `NodePace.hurryMs`, for startup and readiness. */
  readonly hurryMs: number | undefined;
  /** Probes once; it must end within the probe's timeout. */
  readonly run: () => Promise<ProbeResult>;
  /** Whether the startup probe, if there is one, has succeeded. */
  readonly isStarted: () => boolean;
  /** Each single failure, for the event `Unhealthy`. */
  readonly onFailure: (message: string) => void;
  /** A result that has passed its threshold and differs from the one before. */
  readonly onResult: (result: ProbeResult) => void;
}

/**
 * Starts a probe worker. pkg/kubelet/prober/worker.go: it ticks each period, the first time at once; before
 * `initialDelaySeconds` and while the startup probe is pending a tick does nothing; after a failed startup or
 * liveness probe it holds, because the container is about to be killed. Only ticks count failures: a look in between
 * sees a success sooner and changes nothing else.
 */
export function startProbeWorker(options: ProbeWorkerOptions): ProbeWorker {
  const { clock, kind, probe, run } = options;
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  const initialDelayMs = (probe.initialDelaySeconds ?? 0) * 1000;
  let stopped = false;
  let probing = false;
  let triggered = false;
  let cancel = () => {};
  let nextTickMs = options.startedAtMs;
  let last: boolean | undefined;
  let runLength = 0;
  let published: boolean | undefined;

  function shouldProbe(isTick: boolean): boolean {
    if (isTick && clock.now() - options.startedAtMs < initialDelayMs) return false;
    return kind === "startup" ? !options.isStarted() : options.isStarted();
  }

  async function probeOnce(isTick: boolean): Promise<void> {
    const result = await run();
    if (stopped || (!result.success && !isTick)) return;
    if (!result.success) options.onFailure(result.message);
    runLength = result.success === last ? runLength + 1 : 1;
    last = result.success;
    const threshold = result.success ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    if (runLength < threshold) return;
    if (published !== result.success) {
      published = result.success;
      options.onResult(result);
    }
    if (kind !== "readiness" && !result.success) worker.stop();
    if (kind === "startup" && result.success) worker.stop();
  }

  function look(isTick: boolean): void {
    cancel();
    if (isTick) nextTickMs = clock.now() + periodMs;
    triggered = false;
    if (!shouldProbe(isTick)) return next();
    probing = true;
    void probeOnce(isTick)
      .catch(() => {})
      .finally(() => {
        probing = false;
        if (!stopped) next();
      });
  }

  /** The longer a container takes, the less a moment more counts: looks at many slow ones would keep each other waiting. */
  function hurryNow(): number {
    return Math.max(options.hurryMs ?? Infinity, (clock.now() - options.startedAtMs) * 0.1);
  }

  function next(): void {
    const untilTickMs = triggered ? 0 : Math.max(0, nextTickMs - clock.now());
    const mayHurry = kind !== "liveness" && published !== true;
    const hurryMs = mayHurry ? hurryNow() : Infinity;
    cancel = clock.after(Math.min(hurryMs, untilTickMs), () => look(untilTickMs <= hurryMs));
  }

  const worker: ProbeWorker = {
    trigger() {
      if (stopped) return;
      triggered = true;
      if (!probing) look(true);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
  look(true);
  return worker;
}
