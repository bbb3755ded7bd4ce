import { SeaworthyError } from "@seaworthy/errors";
import type { KernelNetwork } from "./kernel-network.ts";
import { runInTurn } from "./run-in-turn.ts";

/** What keeps rules of the kernel as they should be. Disposing it leaves the rules as they are. */
export interface KeptRules extends AsyncDisposable {
  /** Resolves when what is known now is in force. */
  settled(): Promise<void>;
}

/**
 * Puts rules in force, first at once and then after each change. One run of nft at a time: what changes while it runs is written
 * by the next together. `make` gets the rules that are in force, which its text is to change in one step.
 */
export function keepRules<T extends { readonly text: string }>(options: {
  readonly make: (inForce: T | undefined) => T;
  /** Calls `changed` whenever something has changed that the rules are made of. Returns what ends that. */
  readonly watch: (changed: () => void) => readonly (() => void)[];
  readonly network: Pick<KernelNetwork, "applyRules">;
  readonly onProblem: (error: SeaworthyError) => void;
}): KeptRules {
  const { make, watch, network, onProblem } = options;
  let inForce: T | undefined;
  let isOver = false;

  const turns = runInTurn(async () => {
    const rules = make(inForce);
    if (rules.text === inForce?.text) return;
    try {
      await network.applyRules(rules.text);
      inForce = rules;
    } catch (error) {
      if (!isOver && error instanceof SeaworthyError) onProblem(error);
    }
  });
  turns.request();
  const unsubscribe = watch(() => turns.request());

  return {
    settled: () => turns.settled(),
    async [Symbol.asyncDispose]() {
      isOver = true;
      for (const end of unsubscribe) end();
      await turns[Symbol.asyncDispose]();
    },
  };
}
