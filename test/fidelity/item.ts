import type { Asker } from "./asker.ts";

/** Something that an API server does, asked of it through requests alone. */
export interface Item {
  /** Its number, which stays when others come and go. */
  readonly number: number;
  readonly title: string;
  /** What has to be there beside an API server. */
  readonly needs?: readonly Need[];
  /** Fails where the server does something else. */
  check(asker: Asker): Promise<void>;
}

/** What an item may need: programs, controllers, or a server that has forgotten its first writes. */
export type Need = "controllers" | "forgetfulness" | "kubectl" | "helm";
