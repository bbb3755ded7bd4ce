import type { UserInfo } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";

/** A question as it was posted; its spec is of the kind that the path names. */
export interface Review {
  readonly metadata?: { namespace?: string } & Readonly<Record<string, unknown>>;
  readonly spec?: unknown;
}

/** Answers one kind of question. */
export type Reviewer = (
  asked: Review,
  by: { readonly context: ApiContext; readonly user: UserInfo; readonly namespace: string },
) => { readonly metadata: unknown; readonly spec?: unknown; readonly status: unknown };
