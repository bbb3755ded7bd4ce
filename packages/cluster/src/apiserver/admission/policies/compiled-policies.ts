import { compilePolicy, type CompiledPolicy } from "@seaworthy/kube";
import type { Policy } from "./policy-objects.ts";

/** The expressions of a policy, read once: a stored object never changes. */
export function compiledPolicy(policy: Policy): CompiledPolicy {
  const known = compiled.get(policy) ?? compilePolicy(policy.spec);
  compiled.set(policy, known);
  return known;
}

const compiled = new WeakMap<Policy, CompiledPolicy>();
