import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { unserved } from "./unserved.ts";

interface Resource {
  readonly resource: string;
  readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly scope: string;
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly {
    readonly subresource: string;
    readonly responseKind: Resource["responseKind"];
    readonly verbs: readonly string[];
  }[];
}

interface Groups {
  readonly items: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly { readonly version: string; readonly resources: readonly Resource[] }[];
  }[];
}

/** What a real API server answered: bench/ask-real/kinds.ts asks anew. */
const real = JSON.parse(readFileSync(new URL("answers.generated.json", import.meta.url), "utf8")) as {
  readonly core: Groups;
  readonly groups: Groups;
};

test("discovery tells of the kinds, versions, verbs and names of which Kubernetes tells, but for what is listed", async () => {
  const { transport } = createApiServer({ clock: systemClock, random: seededRandom(1) });
  const ask = async (path: string) => {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const { body } = await transport({
      method: "GET",
      path,
      query: new URLSearchParams(),
      headers: { accept },
    });
    return JSON.parse(body as string) as Groups;
  };
  const ours = { ...entries(await ask("/api")), ...entries(await ask("/apis")) };
  const theirs = { ...entries(real.core), ...entries(real.groups) };
  const isUnserved = (name: string) => Object.hasOwn(unserved, name);
  for (const name of Object.keys(unserved)) {
    assert.ok(
      Object.hasOwn(theirs, name),
      `${name} is listed as not served, and Kubernetes has no such thing`,
    );
    assert.ok(!Object.hasOwn(ours, name), `${name} is served: take it out of the list`);
  }
  const expected = Object.fromEntries(Object.entries(theirs).filter(([name]) => !isUnserved(name)));
  assert.deepEqual(ours, expected);
});

/** Each resource and subresource, by its place: `apps/v1/deployments/scale`. */
function entries({ items }: Groups): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { metadata, versions } of items) {
    for (const [index, { version, resources }] of versions.entries()) {
      const at = `${metadata?.name ?? ""}/${version}`;
      for (const { resource, subresources = [], ...rest } of resources) {
        found[`${at}/${resource}`] = { ...withSortedLists(rest), isPreferred: index === 0 };
        for (const { subresource, ...sub } of subresources)
          found[`${at}/${resource}/${subresource}`] = withSortedLists(sub);
      }
    }
  }
  return found;
}

function withSortedLists(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      Array.isArray(item) ? (item as string[]).toSorted() : (item as unknown),
    ]),
  );
}
