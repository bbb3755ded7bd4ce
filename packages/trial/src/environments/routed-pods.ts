import type { SeenEndpoint } from "@seaworthy/cluster";
import { until } from "../until.ts";

/** Which pods the parts of a cluster's data plane send requests to, by what they tell. */
export class RoutedPods {
  /** The Services of each address, by the part that takes it for ready. */
  readonly #services = { services: new Map<string, Set<string>>(), edge: new Map<string, Set<string>>() };
  readonly #listeners = new Set<() => void>();

  heard({ by, ip, service, ready }: SeenEndpoint): void {
    const services = this.#services[by].get(ip) ?? new Set();
    this.#services[by].set(ip, services);
    if (ready) services.add(service);
    else services.delete(service);
    for (const listener of this.#listeners) listener();
  }

  /** Resolves once every part sends requests to all of these addresses; after `mostMs` at the latest. */
  async untilAll(ips: readonly string[], mostMs: number, signal: AbortSignal): Promise<void> {
    await this.#until((isRouted) => ips.every((ip) => isRouted(ip)), mostMs, signal);
  }

  /** Resolves once no part sends requests to any of these addresses; after `mostMs` at the latest. */
  async untilNone(ips: readonly string[], mostMs: number, signal: AbortSignal): Promise<void> {
    await this.#until((isRouted) => !ips.some((ip) => isRouted(ip)), mostMs, signal);
  }

  /** `holds` is to hold for each part. */
  async #until(
    holds: (isRouted: (ip: string) => boolean) => boolean,
    mostMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const holdForAll = () =>
      Object.values(this.#services).every((routed) => holds((ip) => (routed.get(ip)?.size ?? 0) > 0));
    const onChange = (listener: () => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    };
    await until(holdForAll, onChange, mostMs, signal);
  }
}
