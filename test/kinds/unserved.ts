/** What Kubernetes serves and the embedded cluster does not, by its place in discovery, and why. */
export const unserved: Readonly<Record<string, string>> = {
  "/v1/bindings": "the scheduler binds by pods/binding",
  "/v1/componentstatuses": "deprecated since v1.19; there are no such components",
  "/v1/nodes/proxy": "there is no kubelet to be asked",
};
