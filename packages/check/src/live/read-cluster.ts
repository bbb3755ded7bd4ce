import type { ReadSets } from "@seaworthy/app";
import { ApiError, listAll, type KubeClient, type ResourceType } from "@seaworthy/client";
import type { Notice } from "@seaworthy/errors";
import {
  apiVersionOf,
  definesKind,
  findBuiltInKind,
  isCustomKind,
  podTemplateOf,
  resourceTypes,
  type KubeObject,
  type Manifest,
} from "@seaworthy/kube";
import { belongsToCluster, isKeptByCluster } from "./belongs-to-cluster.ts";
import { liveManifest } from "./live-manifest.ts";

/** So many lists are asked for at once. */
const atOnce = 8;

/**
 * Reads the objects of a cluster, as one set: those of a namespace, or of all but the cluster's own. What somebody else
 * makes (the Pods of a Deployment, the objects of an operator) is known to rules and has no findings itself; neither has
 * what the cluster brings with it. What may not be listed is told of, and hides nothing else.
 */
export async function readCluster(
  client: KubeClient,
  { namespace }: { readonly namespace?: string | undefined },
): Promise<ReadSets> {
  const { types, silent } = await client.discoverAll();
  const notices = silentNotice(silent);
  const refused: Refused[] = [];
  const list = (type: ResourceType) => listOrTell(client, type, namespace, refused);
  const definitions = types.some(isDefinitions) ? await list(resourceTypes.customresourcedefinitions) : [];
  const asked = types.filter((type) => !isDefinitions(type) && isLookedAt(type, definitions));
  const lists: KubeObject[][] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async (_, worker) => {
      for (let at = worker; at < asked.length; at += atOnce) lists[at] = await list(asked[at]!);
    }),
  );
  const manifests = withoutMade([...definitions, ...lists.flat()]).map(liveManifest);
  const judges = ({ object }: Manifest) => isJudged(object, namespace);
  return {
    sets: [{ manifests, sources: [], judges }],
    problems: [],
    failures: [],
    notices: [...notices, ...refusedNotices(refused, namespace)],
  };
}

function isDefinitions({ group, plural }: ResourceType): boolean {
  return group === "apiextensions.k8s.io" && plural === "customresourcedefinitions";
}

/** Records of a cluster about itself are nobody's; what neither Kubernetes nor a definition knows is computed by some server. */
function isLookedAt(type: ResourceType, definitions: readonly KubeObject[]): boolean {
  const apiVersion = apiVersionOf(type);
  if (findBuiltInKind(apiVersion, type.kind)?.isRecord === true) return false;
  if (!isCustomKind(apiVersion, type.kind)) return true;
  return definitions.some((each) => definesKind(each, { apiVersion, kind: type.kind }));
}

/** A type that could not be listed, and what the server said. */
interface Refused {
  readonly plural: string;
  readonly error: ApiError;
}

async function listOrTell(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  refused: Refused[],
): Promise<KubeObject[]> {
  const isInside = type.namespaced && namespace !== undefined;
  try {
    return await listAll<KubeObject>(client, type, isInside ? { namespace } : {});
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refused.push({ plural: type.group === "" ? type.plural : `${type.plural}.${type.group}`, error });
    return [];
  }
}

/** What is made of a template that is there, too, is judged through it, and there is a lot of it. */
function withoutMade(objects: readonly KubeObject[]): KubeObject[] {
  const withTemplate = objects.filter((object) => podTemplateOf(object)?.spec !== undefined);
  const names = new Set(withTemplate.map((object) => nameIn(object.metadata.namespace, object)));
  return objects.filter((object) => {
    const owner = ownerOf(object);
    const isMade = owner !== undefined && names.has(nameIn(object.metadata.namespace, owner));
    return !(isMade && names.has(nameIn(object.metadata.namespace, object)));
  });
}

function nameIn(
  namespace = "",
  { kind, ...rest }: { readonly kind: string; readonly name?: string; readonly metadata?: { name: string } },
): string {
  return `${kind} ${namespace}/${rest.name ?? rest.metadata?.name ?? ""}`;
}

function ownerOf({ metadata }: KubeObject) {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

function isJudged(object: KubeObject, namespace: string | undefined): boolean {
  if (ownerOf(object) !== undefined) return false;
  if (namespace === undefined) return !belongsToCluster(object);
  // Who asks for a namespace by its name means it, whichever it is.
  return object.metadata.namespace === namespace && !isKeptByCluster(object);
}

function silentNotice(silent: readonly string[]): Notice[] {
  if (silent.length === 0) return [];
  return [{ text: "not looked at, because the server behind them does not answer", names: silent }];
}

function refusedNotices(refused: readonly Refused[], namespace: string | undefined): Notice[] {
  const forbidden = refused.filter(({ error }) => error.httpCode === 403).map(({ plural }) => plural);
  const others = refused.filter(({ error }) => error.httpCode !== 403);
  const hint = namespace === undefined ? " (--namespace NAME asks for less)" : "";
  return [
    ...(forbidden.length === 0
      ? []
      : [{ text: `not looked at, because you may not list them${hint}`, names: forbidden }]),
    ...others.map(({ plural, error }) => ({ text: `${plural} are not looked at: ${error.message}` })),
  ];
}
