import type { Container } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { findSecretValue } from "../find-secret-value.ts";
import { mayBeSecret, namesSecret } from "../secret-names.ts";

/** A password among the arguments of a program. */
export const secretInArgs = containerRule(
  {
    id: "secret-in-args",
    severity: "warning",
    title: "a password stands among a program's arguments",
    why: `Everybody who may look at the pod can read it, and so can every process of its container and of the node, in the
list of processes. It is in the repository and its history as well.`,
    mend: `Put it into a Secret, and let the program read it from a file or from a variable. Where it takes an argument only,
\`--password=$(DB_PASSWORD)\` with a variable from a Secret keeps it out of the repository at least.`,
    sources: [
      "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
      "https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#use-environment-variables-to-define-arguments",
    ],
    profile: "default",
  },
  function* look({ container }) {
    for (const { flag, value, path } of flagsOf(container)) {
      if (!namesSecret(flag) || !mayBeSecret(value) || findSecretValue(value, flag) !== undefined) continue;
      yield {
        path,
        message: `${flag} of container ${container.name} stands in plain text, where everyone who sees the pod reads it`,
        label: "readable by everyone who sees the pod",
        next: ["a variable from a Secret, and $(NAME) here if the program takes no variable itself"],
      };
    }
  },
);

interface Flag {
  readonly flag: string;
  readonly value: string;
  readonly path: readonly (string | number)[];
}

/** `--password=hunter2`, and `--password` before `hunter2`. */
function* flagsOf(container: Container): Generator<Flag> {
  for (const list of ["command", "args"] as const) {
    const texts = container[list] ?? [];
    for (const [index, text] of texts.entries()) {
      const [, flag, value] = /^--?([a-z][\w.-]*)(?:=(.*))?$/is.exec(text) ?? [];
      if (flag === undefined) continue;
      if (value !== undefined) yield { flag: `--${flag}`, value, path: [list, index] };
      else if (texts[index + 1]?.startsWith("-") === false)
        yield { flag: `--${flag}`, value: texts[index + 1] ?? "", path: [list, index + 1] };
    }
  }
}
