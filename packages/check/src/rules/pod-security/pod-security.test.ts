import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Manifest, Pod } from "@seaworthy/kube";
import { createObjectSet } from "../../objects/object-set.ts";
import { rules } from "../rules.ts";

/**
 * What Kubernetes' own evaluator says of these pods at each level (k8s.io/pod-security-admission v0.36.3), by the words of its
 * warnings. A kube-apiserver v1.36.3 answered the same, but for the two with debug containers, which it lets nobody create.
 */
const answers = JSON.parse(
  readFileSync(`${import.meta.dirname}/testing/pod-security-answers.json`, "utf8"),
) as { name: string; pod: Pod; baseline: string[]; restricted: string[] }[];

/** By what words a level tells that a rule is broken. At `restricted` some controls are part of stricter ones. */
const words: Readonly<Record<string, string | { baseline: string; restricted: string }>> = {
  privileged: "privileged",
  "host-network": "host namespaces",
  "host-pid": "host namespaces",
  "host-ipc": "host namespaces",
  "host-path": { baseline: "hostPath volumes", restricted: "restricted volume types" },
  "host-port": "hostPort",
  "probe-host": "probe or lifecycle host",
  "capability-of-node": { baseline: "non-default capabilities", restricted: "unrestricted capabilities" },
  "capability-added": { baseline: "non-default capabilities", restricted: "unrestricted capabilities" },
  "capabilities-kept": "unrestricted capabilities",
  "privilege-escalation": "allowPrivilegeEscalation != false",
  "run-as-non-root": "runAsNonRoot != true",
  "run-as-root": "runAsUser=0",
  "proc-mount": "procMount",
  "proc-mount-in-user-namespace": "procMount",
  "restricted-volume": "restricted volume types",
  "seccomp-unset": "seccompProfile",
  "seccomp-unconfined": "seccompProfile",
  "app-armor-unconfined": "forbidden AppArmor profile",
  "selinux-options": "seLinuxOptions",
  "unsafe-sysctl": "forbidden sysctls",
  "windows-host-process": "hostProcess",
};

test("each rule of the Pod Security Standards stands for a control", () => {
  const ids = rules.filter(({ podSecurity }) => podSecurity !== undefined).map(({ id }) => id);
  assert.deepEqual(ids.toSorted(), Object.keys(words).toSorted());
});

for (const level of ["baseline", "restricted"] as const) {
  const chosen = rules.filter(({ podSecurity }) => podSecurity === level || podSecurity === "baseline");
  describe(`what breaks the level ${level} is what Kubernetes says`, () => {
    for (const { name, pod, ...answer } of answers) {
      test(name, () => {
        const set = createObjectSet([manifestOf(pod)]);
        const broken = chosen.filter((rule) => [...rule.check(set)].length > 0).map(({ id }) => words[id]!);
        const told = broken.map((word) => (typeof word === "string" ? word : word[level]));
        assert.deepEqual([...new Set(told)].toSorted(), answer[level].toSorted());
      });
    }
  });
}

function manifestOf(object: Pod): Manifest {
  const place = { file: "pod.json", line: 1, column: 1 };
  const origin = { document: 0, path: [] };
  return { object, file: "pod.json", line: 1, origin, locate: () => place, locateKey: () => place };
}
