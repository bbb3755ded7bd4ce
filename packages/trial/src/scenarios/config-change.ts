import { findReferences, type Reference } from "@seaworthy/app";
import { isNotFound } from "@seaworthy/client";
import { resourceTypes, type Deployment, type KubeObject } from "@seaworthy/kube";
import { waitForRollout, type RolloutTarget } from "@seaworthy/release";
import { isRolled } from "../is-rolled.ts";
import type { PodLife } from "../timeline/timeline.ts";
import { servingPods, untilGone } from "./serving-pods.ts";
import type { Scenario, Stage } from "./scenario.ts";
import { withTemplate, type Template } from "./with-template.ts";

/** What holds settings, and where the API has it. */
const settingsTypes = { ConfigMap: resourceTypes.configmaps, Secret: resourceTypes.secrets } as const;

/** The copy's name says whose it is, should a trial be cut short. */
const suffix = "-seaworthy-trial";

/**
 * The settings change by name, as with kustomize's generated names: each ConfigMap and Secret of the pods is copied, the pod
 * template names the copies, the Deployment rolls, and then rolls back.
 */
export const configChange: Scenario = {
  name: "config-change",
  pods: "asked",
  async unfit({ manifests, deployments }) {
    const own = manifests.filter(({ object }) => isRolled(object, deployments));
    return own.some(({ object }) => settingsOf(object).length > 0)
      ? undefined
      : "its pods have no ConfigMap and no Secret";
  },
  estimateMs: ({ startMs, endMs, replicas }) => 2 * (replicas * startMs + endMs),
  async act(stage) {
    stage.onEvent({ type: "round-start", round: 1, rounds: 1 });
    await Promise.all(stage.deployments.map((each) => changeAndBack(stage, each)));
    return 1;
  },
};

type SettingsReference = Reference & { readonly kind: keyof typeof settingsTypes };

/** Where the pods of a workload name a ConfigMap or a Secret. */
function settingsOf(object: KubeObject): SettingsReference[] {
  return findReferences(object).filter(
    (reference): reference is SettingsReference =>
      reference.kind in settingsTypes && reference.key === undefined,
  );
}

async function changeAndBack(stage: Stage, target: RolloutTarget): Promise<void> {
  const { client } = stage;
  const { namespace, name } = target;
  const references = settingsOf(await client.get<Deployment>(resourceTypes.deployments, namespace, name));
  if (references.length === 0) return;
  const named = Map.groupBy(references, ({ kind, name: referred }) => `${kind}/${referred}`);
  const originals = [...named.values()].map(([first]) => first!);
  try {
    await Promise.all(originals.map((each) => copy(stage, namespace, each)));
    const first = servingPods(stage, [target]);
    let second: readonly PodLife[] = [];
    await withTemplate(
      stage,
      target,
      (template) => withCopies(template, references),
      async () => {
        await untilReplaced(stage, target, first);
        second = servingPods(stage, [target]);
      },
    );
    await untilReplaced(stage, target, second);
  } finally {
    await Promise.all(originals.map((each) => removeCopy(stage, namespace, each)));
  }
}

async function untilReplaced(stage: Stage, target: RolloutTarget, pods: readonly PodLife[]): Promise<void> {
  const { client, timeoutMs, signal } = stage;
  await waitForRollout(client, target, { timeoutMs, signal });
  await untilGone(stage, pods);
}

/** The template with the copies' names in place of the originals'. */
function withCopies(template: Template, references: readonly SettingsReference[]): Template {
  const changed = structuredClone(template);
  for (const { name, path } of references) {
    const within = path.slice(templatePath.length);
    let place = changed as unknown as Record<string | number, unknown>;
    for (const step of within.slice(0, -1)) place = place[step] as typeof place;
    place[within.at(-1)!] = `${name}${suffix}`;
  }
  return changed;
}

/** Where a Deployment has its template. */
const templatePath = ["spec", "template"];

async function copy({ client }: Stage, namespace: string, { kind, name }: SettingsReference): Promise<void> {
  const { apiVersion, metadata, ...content } = await client.get<KubeObject>(
    settingsTypes[kind],
    namespace,
    name,
  );
  const { labels, annotations } = metadata;
  await client.create<KubeObject>(settingsTypes[kind], {
    apiVersion,
    metadata: {
      name: `${name}${suffix}`,
      namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...content,
  });
}

async function removeCopy(
  { client }: Stage,
  namespace: string,
  { kind, name }: SettingsReference,
): Promise<void> {
  await client.delete(settingsTypes[kind], namespace, `${name}${suffix}`).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
