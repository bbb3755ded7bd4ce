import type { KubeObject } from "@seaworthy/kube";
import { ApiError } from "./api-error.ts";
import type { KubeClient, ListOptions, ResourceType } from "./kube-client.ts";

const pageSize = 500;
const mostPages = 10_000;

/**
 * All objects of a type, page by page, so that no answer is too large. When a page cannot be had any more, because the
 * list took longer than the server remembers, all are asked for at once, as client-go's pager does.
 * https://github.com/kubernetes/client-go/blob/master/tools/pager/pager.go
 */
export async function listAll<T extends KubeObject>(
  client: Pick<KubeClient, "list">,
  type: ResourceType,
  options: ListOptions = {},
): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    try {
      const from = next === undefined ? {} : { continue: next };
      const list = await client.list<T>(type, { ...options, limit: pageSize, ...from });
      items.push(...list.items);
      next = list.continue;
    } catch (error) {
      const isForgotten = next !== undefined && error instanceof ApiError && error.httpCode === 410;
      if (!isForgotten) throw error;
      return (await client.list<T>(type, options)).items;
    }
    if (next === undefined) break;
  }
  return items;
}
