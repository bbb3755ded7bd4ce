/**
 * Fields that the API server's validation requires though its schema calls them optional.
 * https://github.com/kubernetes/kubernetes/tree/master/pkg/apis: core, apps: validation/validation.go
 */
export const requiredByServer: ReadonlySet<string> = new Set([
  "core.v1.Container.image",
  "apps.v1.DaemonSet.spec",
  "apps.v1.Deployment.spec",
  "core.v1.EnvVar.name",
  "batch.v1.Job.spec",
  "batch.v1.CronJob.spec",
  "core.v1.Pod.spec",
  "core.v1.PodTemplateSpec.spec",
  "apps.v1.ReplicaSet.spec",
  "apps.v1.ReplicaSetSpec.template",
  "core.v1.Service.spec",
  "apps.v1.StatefulSet.spec",
]);
