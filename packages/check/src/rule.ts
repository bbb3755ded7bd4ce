import type { FieldPath, Manifest } from "@seaworthy/kube";
import type { ObjectSet } from "./objects/object-set.ts";

/** `error`: breaks, or is refused. `warning`: breaks when something else happens as well. `advice`: is better otherwise. */
export type Severity = "error" | "warning" | "advice";

/** The other tools whose checks a rule answers to. */
export type Peer = "kube-score" | "kube-linter" | "polaris";

/** What a page about a rule says. */
export interface RulePage {
  /** As users write it in settings and ignores, in kebab-case. It never changes its meaning. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in a few words: "a Service selects no pod". */
  readonly title: string;
  /** Why it breaks production: Markdown, a few sentences. */
  readonly why: string;
  /** How to mend it: Markdown, a few sentences. */
  readonly mend: string;
  /** Where the facts are from: addresses. */
  readonly sources: readonly string[];
  /** Whether a rollout of the Deployment loses requests by it, so that a trial can show what it costs. */
  readonly losesRequests?: true;
  /** `strict` holds those of `default` as well. A rule without a profile is for views of peers, or asked for by its id. */
  readonly profile?: "default" | "strict";
  /** The level of the Pod Security Standards that demands it; `restricted` holds `baseline` as well. */
  readonly podSecurity?: "baseline" | "restricted";
  /** Rules that know more of the same field: where one of them speaks, this one is silent. */
  readonly givesWayTo?: readonly string[];
  /** The checks of other tools that find the same, by their names there. */
  readonly peers?: Partial<Record<Peer, readonly string[]>>;
}

/** A rule: a pure function over objects that knows where they are written. */
export interface Rule extends RulePage {
  check(set: ObjectSet): Iterable<Finding>;
}

/** One place where a rule is broken. */
export interface Finding extends FoundField {
  readonly manifest: Manifest;
}

/** What was found about a field. */
export interface FoundField {
  /** The field that is wrong, or the one that should be there: then its nearest ancestor is shown. */
  readonly path: FieldPath;
  /** Shows the field's key and not its value. */
  readonly atKey?: boolean;
  /** What is wrong, with names: the line that stands alone. */
  readonly message: string;
  /** What is wrong at that spot, in a few words, behind the caret. */
  readonly label?: string;
  /** Why it matters here, where that is more than the rule's own `why` in one sentence. */
  readonly because?: string;
  /** Evidence: other places and values, for example `k8s/app.yaml:14 labels its pods app=shop`. */
  readonly seen?: readonly string[];
  /** What to do: an edit or a command, best first. */
  readonly next: readonly string[];
  readonly fix?: Fix;
}

/** How files are to be changed so that a finding goes away. */
export interface Fix {
  /** Whether nobody can be surprised by it: what it changes is what the finding is about, and the value is certain. */
  readonly isSafe: boolean;
  readonly edits: readonly Edit[];
}

/** A change of one field. `set` makes the field and those above it where they are absent. */
export type Edit = { readonly manifest: Manifest; readonly path: FieldPath } & (
  | { readonly op: "set"; readonly value: unknown }
  | { readonly op: "remove" }
  | { readonly op: "rename"; readonly key: string }
);
