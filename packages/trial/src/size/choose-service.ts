import { findRoutes, type Route, type RouteWishes } from "@seaworthy/app";
import { SeaworthyError } from "@seaworthy/errors";
import type { Deployment, Manifest } from "@seaworthy/kube";
import { isScalerOf } from "../autoscaling/is-scaler-of.ts";

/** The Deployment that is sized, and the ways to it. */
export interface SizedService {
  readonly manifest: Manifest;
  readonly deployment: Deployment;
  readonly routes: readonly Route[];
}

/** Finds the Deployment that is meant: the one that is named, or the only one that a route leads to. */
export function chooseService(
  manifests: readonly Manifest[],
  name: string | undefined,
  wishes: RouteWishes,
): SizedService {
  const { routes } = findRoutes(
    manifests.map(({ object }) => object),
    wishes,
  );
  const served = [...new Set(routes.flatMap(({ deployments }) => deployments))];
  const chosen = name ?? (served.length === 1 ? served[0] : undefined);
  const manifest = manifests.find(
    ({ object }) => object.kind === "Deployment" && object.metadata.name === chosen,
  );
  if (chosen !== undefined && manifest !== undefined && served.includes(chosen))
    return {
      manifest,
      deployment: manifest.object as Deployment,
      routes: routes.filter(({ deployments }) => deployments.includes(chosen)),
    };
  const why =
    served.length === 0
      ? "no Service or Ingress of these manifests leads to one"
      : `those that are asked are ${served.join(", ")}`;
  throw new SeaworthyError(
    "SW1002",
    name === undefined ? "it is not clear which Deployment is to be sized" : `there is no Deployment ${name}`,
    {
      field: "--deployment",
      why,
      next: served.length === 0 ? ["add the Service"] : served.map((each) => `--deployment ${each}`),
    },
  );
}

/** The same manifests with one pod of the Deployment, and nobody who makes it more or fewer. */
export function withOnePod(manifests: readonly Manifest[], { manifest }: SizedService): Manifest[] {
  return manifests
    .filter(({ object }) => !isScalerOf(object, manifest.object.metadata.name))
    .map((each) => {
      if (each !== manifest) return each;
      const { spec } = each.object as Deployment;
      return { ...each, object: { ...each.object, spec: { ...spec, replicas: 1 } } };
    });
}
