import type { Informer } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import type { Service } from "@seaworthy/kube";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import { serviceRange } from "../../kernel-network/start-kernel-network.ts";
import type { EndpointView } from "../endpoints/endpoint-view.ts";
import { serviceRules, type ServiceRules } from "./service-rules.ts";

/** What keeps the kernel's rules for Services. Disposing it leaves the rules as they are. */
export interface KeptServiceRules extends AsyncDisposable {
  /** Resolves when what the view believes now is in force. */
  settled(): Promise<void>;
}

/**
 * Writes the rules for Services whenever the view learns something, as late as the view is. One run of nft at a time: what
 * comes while it runs is written by the next together.
 */
export function keepServiceRules(options: {
  readonly services: Informer<Service>;
  readonly view: EndpointView;
  readonly network: KernelNetwork;
  readonly onProblem: (error: SeaworthyError) => void;
}): KeptServiceRules {
  const { services, view, network, onProblem } = options;
  let known: readonly Service[] = services.list();
  let inForce: ServiceRules | undefined;
  let isWanted = false;
  let writing: Promise<void> | undefined;
  let isOver = false;

  async function writeAll(): Promise<void> {
    while (isWanted && !isOver) {
      isWanted = false;
      const endpointsOf = (service: string) => view.get(service);
      const rules = serviceRules({ services: known, endpointsOf, serviceRange }, inForce);
      if (rules.text === inForce?.text) continue;
      try {
        await network.applyRules(rules.text);
        inForce = rules;
      } catch (error) {
        if (!isOver && error instanceof SeaworthyError) onProblem(error);
      }
    }
  }

  function write(): void {
    isWanted = true;
    writing ??= writeAll().finally(() => {
      writing = undefined;
      // It may have been asked for after the last look.
      if (isWanted && !isOver) write();
    });
  }

  view.onChange(write);
  const unsubscribe = services.onChange(() =>
    view.reload(() => {
      known = services.list();
      write();
    }),
  );
  write();

  return {
    async settled() {
      while (writing !== undefined) await writing;
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      unsubscribe();
      await writing;
    },
  };
}
