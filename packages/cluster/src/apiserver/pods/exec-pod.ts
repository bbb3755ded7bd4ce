import { createHash } from "node:crypto";
import type { Pod } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { textResponse } from "../http/responses.ts";
import { badRequest } from "../http/status-error.ts";
import { serveRemoteCommand } from "../remote-command/serve-remote-command.ts";
import type { ObjectRoute } from "../resource.ts";
import { generateUid } from "../verbs/create-object.ts";
import { mustFind } from "../must-find.ts";
import { chooseContainer } from "./choose-container.ts";

/** GET and POST of `pods/{name}/exec`: a command in a container, its streams over the client's connection. */
export function execInPod(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const { container, onNode } = locateContainer(context, route, request);
  const argv = request.query.getAll("command");
  return serveRemoteCommand(request, (wanted) => {
    const running = onNode();
    if (running === undefined) return textResponse(500, `container not found (${JSON.stringify(container)})`);
    const { standInFor } = running;
    if (standInFor !== undefined) throw badRequest(standInHasNoFiles(container, standInFor));
    const { stdin, tty } = wanted;
    const id = createHash("sha256").update(generateUid(context.random)).digest("hex");
    const start = () =>
      running.exec({ argv, stdin, tty }).catch((error: unknown) => failedToStart(id, error));
    return { wanted, argv, start };
  });
}

/** GET and POST of `pods/{name}/attach`: the streams of a container's own process, from now on. */
export function attachToPod(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const { container, onNode } = locateContainer(context, route, request);
  return serveRemoteCommand(request, (wanted) => {
    const running = onNode();
    if (running === undefined)
      return textResponse(
        500,
        `container ${container} not found in pod ${route.name}_${route.namespace ?? ""}`,
      );
    return { wanted, argv: [], start: () => Promise.resolve(running.attach()) };
  });
}

/** containerd's words around those of the program that starts containers. */
function failedToStart(id: string, error: unknown): never {
  const why = `OCI runtime exec failed: exec failed: ${(error as Error).message}`;
  throw new Error(`failed to start exec ${JSON.stringify(id)}: ${why}`, { cause: error });
}

/** Finds the container that a request means: 404 without the pod, 400 without the container or the node. */
function locateContainer(context: ApiContext, route: ObjectRoute, { query }: ApiRequest) {
  const pod = mustFind(context, route).object as Pod;
  const container = chooseContainer(pod, query.get("container") ?? "");
  mustHaveHost(pod);
  const onNode = () => context.kubelet.findPod(route.namespace ?? "", route.name)?.findContainer(container);
  return { container, onNode };
}

/** 400 when the pod has no node yet. */
export function mustHaveHost({ metadata, spec }: Pod): void {
  if ((spec.nodeName ?? "") === "") throw badRequest(`pod ${metadata.name} does not have a host assigned`);
}

/** Kubernetes has no words for this: there is an image behind every container. */
function standInHasNoFiles(container: string, image: string): string {
  return `container ${container} is a stand-in for the image ${image}, of which nothing is here that a command could run in; tell how the image is run, for example --run ${image}="node server.js"`;
}
