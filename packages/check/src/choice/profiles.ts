import type { Peer, Rule } from "../rule.ts";

/** A choice of rules that has a name. */
export interface Profile {
  readonly text: string;
  has(rule: Rule): boolean;
}

const viewOf = (peer: Peer): Profile => ({
  text: `what ${peer} finds, so that a team can move from it`,
  has: ({ peers }) => (peers?.[peer] ?? []).length > 0,
});

/** The profiles by their names. */
export const profileNames: ReadonlyMap<string, Profile> = new Map<string, Profile>([
  ["default", { text: "what breaks production", has: ({ profile }) => profile === "default" }],
  [
    "strict",
    { text: "that, and what makes it harder to break", has: ({ profile }) => profile !== undefined },
  ],
  [
    "pss-baseline",
    {
      text: "the Pod Security Standard «baseline»",
      has: ({ podSecurity }) => podSecurity === "baseline",
    },
  ],
  [
    "pss-restricted",
    {
      text: "the Pod Security Standard «restricted»",
      has: ({ podSecurity }) => podSecurity !== undefined,
    },
  ],
  ["kube-score", viewOf("kube-score")],
  ["kube-linter", viewOf("kube-linter")],
  ["polaris", viewOf("polaris")],
  ["none", { text: "only what --rule or the settings name", has: () => false }],
]);
