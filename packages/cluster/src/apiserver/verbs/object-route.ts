import type { Route } from "../route.ts";

/** A route to one object. */
export type ObjectRoute = Route & { readonly name: string };
