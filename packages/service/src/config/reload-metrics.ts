import type { MetricsRegistry } from "../metrics/metrics-registry.ts";

/** The metrics of something that is loaded again and again. */
export interface ReloadMetrics {
  /** The first load is no reload and is only noted as the time of the last success. */
  loaded(isReload: boolean): void;
  failed(): void;
}

/** Makes `PREFIX_reloads_total{result}`, `PREFIX_last_reload_successful` and `…_success_timestamp_seconds`. */
export function createReloadMetrics(
  registry: MetricsRegistry | undefined,
  prefix: string,
  nowMs: () => number,
): ReloadMetrics {
  const reloads = registry?.counter(`${prefix}_reloads_total`, "Reloads by their result.", ["result"]);
  const successful = registry?.gauge(
    `${prefix}_last_reload_successful`,
    "1 when the last load succeeded, 0 while the last good one stays in use after a failure.",
  );
  const succeededAt = registry?.gauge(
    `${prefix}_last_reload_success_timestamp_seconds`,
    "When the last successful load was.",
  );
  for (const result of ["success", "failure"]) reloads?.increment([result], 0);
  return {
    loaded(isReload) {
      if (isReload) reloads?.increment(["success"]);
      successful?.set(1);
      succeededAt?.set(nowMs() / 1_000);
    },
    failed() {
      reloads?.increment(["failure"]);
      successful?.set(0);
    },
  };
}
