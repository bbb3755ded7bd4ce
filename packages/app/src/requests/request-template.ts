import type { RequestTemplate } from "@seaworthy/load";
import type { MixRequest } from "./mix-request.ts";

/** A request as the load takes it. */
export function requestTemplate({
  method,
  path,
  headers,
  body,
  weight,
  status,
  grpc,
}: MixRequest): RequestTemplate {
  return {
    ...(grpc === undefined ? {} : { grpc }),
    method,
    path,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    weight,
    ...(status === undefined ? {} : { status }),
  };
}
