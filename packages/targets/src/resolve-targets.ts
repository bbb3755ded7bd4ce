import { grpcCall, type Dial, type Expectation, type RequestTemplate, type Target } from "@seaworthy/load";
import type { ChosenTarget } from "./choose-targets.ts";

/** Targets as the load takes them, and what the failures of each can be joined to. */
export interface ResolvedTargets {
  readonly targets: readonly Target[];
  readonly methods: readonly string[];
  /** The calls of targets that speak gRPC, where nobody said what users ask. */
  readonly calls: readonly RequestTemplate[];
  /** What is asked, where somebody said what users ask; else it is the methods at the path of each target. */
  readonly requests: readonly RequestTemplate[] | undefined;
  readonly dial: Dial | undefined;
  /** The Service behind each target, by the target's name. */
  readonly services: Readonly<Record<string, { readonly namespace: string; readonly name: string }>>;
  /** The names of the targets where an edge stands between. */
  readonly edges: readonly string[];
  /** The Deployments whose pods answer, as `namespace/name`. */
  readonly deployments: readonly string[];
}

/** Statuses that are good, unless a target always answers with another. */
export const goodStatuses: Expectation["status"] = [[200, 399]];

/** Makes load targets of what was chosen. A target that takes GET only gets it twice, and so its share of the requests. */
export function resolveTargets(
  chosen: readonly ChosenTarget[],
  requests?: readonly RequestTemplate[],
): ResolvedTargets {
  const called = chosen.filter((target) => isCalled(target));
  const taken = (["GET", "POST"] as const).filter((method) =>
    chosen.some((target) => !isCalled(target) && target.methods.includes(method)),
  );
  // What is steady at a target's own path is not good at every other.
  const isSteady = chosen.some(({ steady }) => steady !== undefined);
  const byName = new Map(chosen.map((target) => [target.name, target]));
  const dial: Dial = async (name, timeoutMs) => {
    const target = byName.get(name);
    if (target === undefined) throw new Error(`no target is named ${name}`);
    const { way } = target;
    return way.lead === undefined ? way.dial(timeoutMs) : way.lead(timeoutMs);
  };
  return {
    targets: chosen.map((target): Target => {
      const { way, name, path, methods: own, steady } = target;
      return {
        name,
        via: way.via,
        ...(way.tls === undefined ? {} : { tls: way.tls }),
        hostHeader: way.route.hostHeader,
        path,
        // Whole numbers: a target with all methods has one share for each.
        ...(requests === undefined && (own.length < taken.length || called.length > 0)
          ? { methods: own, weight: Math.max(1, taken.length / own.length) }
          : {}),
        ...(isCalled(target)
          ? { protocol: "h2" as const }
          : steady === undefined
            ? {}
            : { status: [...goodStatuses, [steady, steady] as const] }),
      };
    }),
    methods: requests === undefined ? taken : [...new Set(requests.map(({ method }) => method))],
    calls: requests === undefined ? called.map((target) => callOf(target)) : [],
    requests: isSteady
      ? requests?.map((request) => (request.grpc === true ? request : { status: goodStatuses, ...request }))
      : requests,
    dial: chosen.some(({ way }) => way.via.kind === "dialed") ? dial : undefined,
    services: Object.fromEntries(
      chosen.map(({ way: { route }, name }) => [name, { namespace: route.namespace, name: route.service }]),
    ),
    edges: chosen.filter(({ way }) => way.isEdge).map(({ name }) => name),
    deployments: [
      ...new Set(
        chosen.flatMap(({ way: { route } }) => route.deployments.map((name) => `${route.namespace}/${name}`)),
      ),
    ],
  };
}

/** Whether what is asked of a target are calls of gRPC. */
function isCalled({ way }: ChosenTarget): boolean {
  return way.route.isGrpc === true;
}

/** An empty message will do: any answer that is given each time can be judged. */
function callOf({ name, path, steady }: ChosenTarget): RequestTemplate {
  const status: Expectation["status"] = [
    [0, 0],
    ...(steady === undefined ? [] : [[steady, steady] as const]),
  ];
  return { ...grpcCall(path.slice(1)), targets: [name], status };
}
