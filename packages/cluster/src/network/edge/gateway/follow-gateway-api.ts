import { createInformer, type Informer, type KubeClient } from "@seaworthy/client";
import {
  gatewayTypes,
  isConditionTrue,
  type CustomResourceDefinition,
  type Gateway,
  type GatewayClass,
  type GrpcRoute,
  type HttpRoute,
  type KubeObject,
  type ReferenceGrant,
} from "@seaworthy/kube";

/** The objects of the Gateway API, as long as somebody has defined their kinds. */
export interface GatewayObjects extends AsyncDisposable {
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly httpRoutes: readonly HttpRoute[];
  readonly grpcRoutes: readonly GrpcRoute[];
  readonly grants: readonly ReferenceGrant[];
  /** Where objects of a kind are written; undefined when nobody serves it. */
  typeOf(plural: GatewayPlural): FollowedType | undefined;
}

export type GatewayPlural = keyof typeof gatewayTypes;
type FollowedType = Omit<(typeof gatewayTypes)[GatewayPlural], "version"> & { readonly version: string };

/**
 * Follows the kinds of the Gateway API from the moment when their CustomResourceDefinitions are established to that of their
 * end. Nothing else tells whether the kinds are there: they are an administrator's, not Kubernetes' own.
 */
export function followGatewayApi(
  client: KubeClient,
  definitions: Informer<CustomResourceDefinition>,
  onChange: () => void,
): GatewayObjects {
  const followed = new Map<
    GatewayPlural,
    { readonly type: FollowedType; readonly informer: Informer<KubeObject> }
  >();
  const ending = new Set<PromiseLike<void>>();

  function stop(plural: GatewayPlural): void {
    const informer = followed.get(plural)?.informer;
    if (informer === undefined) return;
    followed.delete(plural);
    ending.add(informer[Symbol.asyncDispose]());
    onChange();
  }
  function sync(plural: GatewayPlural, definition: CustomResourceDefinition | undefined): void {
    const version = definition === undefined ? undefined : servedVersion(definition);
    if (version === followed.get(plural)?.type.version) return;
    stop(plural);
    if (version === undefined) return;
    const type = { ...gatewayTypes[plural], version };
    const informer = createInformer<KubeObject>(client, type);
    followed.set(plural, { type, informer });
    informer.onChange(onChange);
    // A kind without objects changes what is known, too: nothing waits for it any more.
    void informer.synced.then(onChange, () => {});
  }
  const unsubscribe = definitions.onChange(({ type, object }) => {
    for (const plural of pluralsOf(object)) sync(plural, type === "deleted" ? undefined : object);
  });
  const list = <T extends KubeObject>(plural: GatewayPlural) =>
    (followed.get(plural)?.informer.list() ?? []) as unknown as readonly T[];
  return {
    get classes() {
      return list<GatewayClass>("gatewayclasses");
    },
    get gateways() {
      return list<Gateway>("gateways");
    },
    get httpRoutes() {
      return list<HttpRoute>("httproutes");
    },
    get grpcRoutes() {
      return list<GrpcRoute>("grpcroutes");
    },
    get grants() {
      return list<ReferenceGrant>("referencegrants");
    },
    typeOf: (plural) => followed.get(plural)?.type,
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await Promise.all([
        ...ending,
        ...[...followed.values()].map(({ informer }) => informer[Symbol.asyncDispose]()),
      ]);
    },
  };
}

function pluralsOf({ metadata }: CustomResourceDefinition): GatewayPlural[] {
  return (Object.keys(gatewayTypes) as GatewayPlural[]).filter(
    (plural) => metadata.name === `${plural}.${gatewayTypes[plural].group}`,
  );
}

/** The version that is asked for: v1 where it is served, for each kind has it or an equal one before it. */
function servedVersion(definition: CustomResourceDefinition): string | undefined {
  if (!isConditionTrue(definition, "Established")) return undefined;
  const served = definition.spec.versions.filter((each) => each.served).map(({ name }) => name);
  return ["v1", "v1beta1", "v1alpha2"].find((name) => served.includes(name));
}
