import assert from "node:assert/strict";
import type { Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";

/** What clients ask before anything else. */
export const discoveryItems: readonly Item[] = [
  {
    number: 1,
    title: "/version parses; /healthz, /livez and /readyz say ok",
    async check({ ask, get }) {
      const version = await get("/version");
      assert.match(version.major, /^\d+$/);
      assert.match(version.minor, /^\d+\+?$/);
      assert.match(version.gitVersion, /^v1\.\d+\.\d+/);
      for (const path of ["/healthz", "/livez", "/readyz"]) {
        const { code, text } = await ask("GET", path);
        assert.deepEqual([code, text], [200, "ok"], path);
      }
    },
  },
  {
    number: 2,
    title:
      "aggregated and legacy discovery list the same kinds, verbs and short names; each group prefers a version",
    async check(asker) {
      assert.deepEqual(await aggregated(asker), await legacy(asker));
      const { groups } = await asker.get("/apis");
      for (const { name, versions, preferredVersion } of groups) {
        const offered = versions.map(({ groupVersion }: Json) => groupVersion);
        assert.ok(offered.includes(preferredVersion.groupVersion), name);
      }
    },
  },
];

type Listed = readonly [
  resource: string,
  kind: string,
  namespaced: boolean,
  verbs: string,
  shortNames: string,
];

async function aggregated({ ask }: Asker): Promise<Record<string, Listed[]>> {
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const found: Record<string, Listed[]> = {};
  for (const root of ["/api", "/apis"]) {
    const { json } = await ask("GET", root, { accept });
    assert.equal(json.kind, "APIGroupDiscoveryList");
    for (const { metadata, versions } of json.items) {
      for (const { version, resources } of versions) {
        found[`${metadata.name ?? ""}/${version}`] = (resources ?? []).flatMap((resource: Json) => {
          const namespaced = resource.scope === "Namespaced";
          const self: Listed = [
            resource.resource,
            resource.responseKind.kind,
            namespaced,
            sorted(resource.verbs),
            sorted(resource.shortNames),
          ];
          const subs: Listed[] = (resource.subresources ?? []).map((sub: Json) => [
            `${resource.resource}/${sub.subresource}`,
            sub.responseKind.kind,
            namespaced,
            sorted(sub.verbs),
            "",
          ]);
          return [self, ...subs];
        });
      }
    }
  }
  return inOrder(found);
}

async function legacy({ get }: Asker): Promise<Record<string, Listed[]>> {
  const { versions } = await get("/api");
  const { groups } = await get("/apis");
  const groupVersions = [
    ...versions,
    ...groups.flatMap((group: Json) => group.versions.map(({ groupVersion }: Json) => groupVersion)),
  ] as string[];
  const found: Record<string, Listed[]> = {};
  for (const groupVersion of groupVersions) {
    const isCore = !groupVersion.includes("/");
    const { resources } = await get(isCore ? `/api/${groupVersion}` : `/apis/${groupVersion}`);
    found[isCore ? `/${groupVersion}` : groupVersion] = resources.map(
      ({ name, kind, namespaced, verbs, shortNames }: Json): Listed => [
        name,
        kind,
        namespaced,
        sorted(verbs),
        sorted(shortNames),
      ],
    );
  }
  return inOrder(found);
}

function sorted(words: readonly string[] | undefined): string {
  return [...(words ?? [])].toSorted().join(" ");
}

function inOrder(found: Record<string, Listed[]>): Record<string, Listed[]> {
  const byName = Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byName.map(([name, listed]) => [name, listed.toSorted(([a], [b]) => (a < b ? -1 : 1))]),
  );
}
