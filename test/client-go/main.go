// What an operator does, by client-go: it reads its configuration, elects a leader, follows objects by informers, writes
// them and their status, applies, and meets conflicts. Its requests are in protobuf, as those of all typed clients are.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	appsapply "k8s.io/client-go/applyconfigurations/apps/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/util/retry"
)

const namespace = "operator"

var everything = labels.Everything()

var deployments = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	config.QPS = 1000
	config.Burst = 1000
	client := kubernetes.NewForConfigOrDie(config)
	for _, step := range []struct {
		name string
		run  func(context.Context, *rest.Config, *kubernetes.Clientset) error
	}{
		{"typed", typed}, {"informers", follow}, {"conflict", conflict}, {"apply", apply}, {"dynamic", untyped},
		{"metadata", metadataOnly}, {"pages", pages}, {"eviction", evict}, {"leader", lead}, {"errors", refusals},
	} {
		if err := step.run(ctx, config, client); err != nil {
			fmt.Printf("%s: %v\n", step.name, err)
			os.Exit(1)
		}
		fmt.Println("ok", step.name)
	}
}

func deployment(name string, replicas int32) *apps.Deployment {
	labels := map[string]string{"app": name}
	return &apps.Deployment{
		ObjectMeta: meta.ObjectMeta{Name: name, Namespace: namespace, Labels: labels},
		Spec: apps.DeploymentSpec{
			Replicas: &replicas,
			Selector: &meta.LabelSelector{MatchLabels: labels},
			Template: core.PodTemplateSpec{
				ObjectMeta: meta.ObjectMeta{Labels: labels},
				Spec:       core.PodSpec{Containers: []core.Container{{Name: "c", Image: "pause"}}},
			},
		},
	}
}

func typed(ctx context.Context, _ *rest.Config, client *kubernetes.Clientset) error {
	if _, err := client.CoreV1().Namespaces().Create(ctx, &core.Namespace{ObjectMeta: meta.ObjectMeta{Name: namespace}}, meta.CreateOptions{}); err != nil {
		return err
	}
	created, err := client.AppsV1().Deployments(namespace).Create(ctx, deployment("web", 2), meta.CreateOptions{})
	if err != nil {
		return err
	}
	if created.Spec.Strategy.RollingUpdate.MaxSurge.String() != "25%" || created.CreationTimestamp.IsZero() || created.UID == "" {
		return fmt.Errorf("it came without its defaults: %v", created)
	}
	secret := &core.Secret{ObjectMeta: meta.ObjectMeta{Name: "bytes", Namespace: namespace}, Data: map[string][]byte{"all": {0, 255, 10}}}
	if _, err := client.CoreV1().Secrets(namespace).Create(ctx, secret, meta.CreateOptions{}); err != nil {
		return err
	}
	read, err := client.CoreV1().Secrets(namespace).Get(ctx, "bytes", meta.GetOptions{})
	if err != nil {
		return err
	}
	if string(read.Data["all"]) != "\x00\xff\n" {
		return fmt.Errorf("bytes came as %q", read.Data["all"])
	}
	return nil
}

// Waits until an informer has seen the Deployment with its pods running.
func follow(ctx context.Context, _ *rest.Config, client *kubernetes.Clientset) error {
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
	lister := factory.Apps().V1().Deployments().Lister()
	pods := factory.Core().V1().Pods().Lister()
	changed := make(chan struct{}, 1000)
	tell := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { changed <- struct{}{} },
		UpdateFunc: func(any, any) { changed <- struct{}{} },
	}
	if _, err := factory.Apps().V1().Deployments().Informer().AddEventHandler(tell); err != nil {
		return err
	}
	if _, err := factory.Core().V1().Pods().Informer().AddEventHandler(tell); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	for {
		select {
		case <-ctx.Done():
			return errors.New("the Deployment did not become available")
		case <-changed:
		}
		web, err := lister.Deployments(namespace).Get("web")
		if err != nil || web.Status.AvailableReplicas < 2 {
			continue
		}
		all, err := pods.Pods(namespace).List(everything)
		if err != nil || len(all) != 2 {
			return fmt.Errorf("%d pods: %v", len(all), err)
		}
		return nil
	}
}

func conflict(ctx context.Context, _ *rest.Config, client *kubernetes.Clientset) error {
	stale, err := client.AppsV1().Deployments(namespace).Get(ctx, "web", meta.GetOptions{})
	if err != nil {
		return err
	}
	stale.ResourceVersion = "1"
	if _, err := client.AppsV1().Deployments(namespace).Update(ctx, stale, meta.UpdateOptions{}); !apierrors.IsConflict(err) {
		return fmt.Errorf("no conflict: %v", err)
	}
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		fresh, err := client.AppsV1().Deployments(namespace).Get(ctx, "web", meta.GetOptions{})
		if err != nil {
			return err
		}
		fresh.Annotations = map[string]string{"seen": "yes"}
		_, err = client.AppsV1().Deployments(namespace).Update(ctx, fresh, meta.UpdateOptions{})
		return err
	})
}

func apply(ctx context.Context, _ *rest.Config, client *kubernetes.Clientset) error {
	wanted := appsapply.Deployment("web", namespace).WithSpec(appsapply.DeploymentSpec().WithReplicas(1))
	_, err := client.AppsV1().Deployments(namespace).Apply(ctx, wanted, meta.ApplyOptions{FieldManager: "operator"})
	if !apierrors.IsConflict(err) {
		return fmt.Errorf("no conflict: %v", err)
	}
	applied, err := client.AppsV1().Deployments(namespace).Apply(ctx, wanted, meta.ApplyOptions{FieldManager: "operator", Force: true})
	if err != nil {
		return err
	}
	extracted, err := appsapply.ExtractDeployment(applied, "operator")
	if err != nil {
		return err
	}
	if *extracted.Spec.Replicas != 1 {
		return fmt.Errorf("it owns %v", extracted.Spec)
	}
	scale, err := client.AppsV1().Deployments(namespace).GetScale(ctx, "web", meta.GetOptions{})
	if err != nil {
		return err
	}
	scale.Spec.Replicas = 2
	_, err = client.AppsV1().Deployments(namespace).UpdateScale(ctx, "web", scale, meta.UpdateOptions{})
	return err
}

func untyped(ctx context.Context, config *rest.Config, _ *kubernetes.Clientset) error {
	client := dynamic.NewForConfigOrDie(config).Resource(deployments).Namespace(namespace)
	read, err := client.Get(ctx, "web", meta.GetOptions{})
	if err != nil {
		return err
	}
	if replicas, _, _ := unstructured.NestedInt64(read.Object, "spec", "replicas"); replicas != 2 {
		return fmt.Errorf("%d replicas", replicas)
	}
	_, err = client.Patch(ctx, "web", types.MergePatchType, []byte(`{"metadata":{"labels":{"patched":"yes"}}}`), meta.PatchOptions{})
	return err
}

func metadataOnly(ctx context.Context, config *rest.Config, _ *kubernetes.Clientset) error {
	factory := metadatainformer.NewFilteredSharedInformerFactory(metadata.NewForConfigOrDie(config), 0, namespace, nil)
	informer := factory.ForResource(deployments)
	lister := informer.Lister()
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	read, err := lister.ByNamespace(namespace).Get("web")
	if err != nil {
		return err
	}
	if partial := read.(*meta.PartialObjectMetadata); partial.Labels["patched"] != "yes" {
		return fmt.Errorf("labels %v", partial.Labels)
	}
	return nil
}

func pages(ctx context.Context, _ *rest.Config, client *kubernetes.Clientset) error {
	for index := range 25 {
		each := &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: fmt.Sprint("page-", index), Labels: map[string]string{"paged": "yes"}}}
		if _, err := client.CoreV1().ConfigMaps(namespace).Create(ctx, each, meta.CreateOptions{}); err != nil {
			return err
		}
	}
	options := meta.ListOptions{LabelSelector: "paged=yes", Limit: 10}
	sizes := []int{}
	for {
		page, err := client.CoreV1().ConfigMaps(namespace).List(ctx, options)
		if err != nil {
			return err
		}
		sizes = append(sizes, len(page.Items))
		if options.Continue = page.Continue; options.Continue == "" {
			break
		}
	}
	if fmt.Sprint(sizes) != "[10 10 5]" {
		return fmt.Errorf("pages of %v", sizes)
	}
	grace := int64(0)
	background := meta.DeletePropagationBackground
	return client.CoreV1().ConfigMaps(namespace).DeleteCollection(ctx,
		meta.DeleteOptions{GracePeriodSeconds: &grace, PropagationPolicy: &background}, meta.ListOptions{LabelSelector: "paged=yes"})
}

func evict(ctx context.Context, _ *rest.Config, client *kubernetes.Clientset) error {
	pods, err := client.CoreV1().Pods(namespace).List(ctx, meta.ListOptions{LabelSelector: "app=web"})
	if err != nil {
		return err
	}
	return client.PolicyV1().Evictions(namespace).Evict(ctx, &policy.Eviction{ObjectMeta: meta.ObjectMeta{Name: pods.Items[0].Name, Namespace: namespace}})
}

func lead(ctx context.Context, _ *rest.Config, client *kubernetes.Clientset) error {
	lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, "leader", client.CoreV1(), client.CoordinationV1(), resourcelock.ResourceLockConfig{Identity: "me"})
	if err != nil {
		return err
	}
	leading, cancel := context.WithCancel(ctx)
	led := false
	leaderelection.RunOrDie(leading, leaderelection.LeaderElectionConfig{
		Lock: lock, LeaseDuration: 3 * time.Second, RenewDeadline: 2 * time.Second, RetryPeriod: 200 * time.Millisecond, ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { led = true; cancel() },
			OnStoppedLeading: func() {},
		},
	})
	if !led {
		return errors.New("nobody was elected")
	}
	return nil
}

func refusals(ctx context.Context, _ *rest.Config, client *kubernetes.Clientset) error {
	_, err := client.AppsV1().Deployments(namespace).Get(ctx, "none", meta.GetOptions{})
	if !apierrors.IsNotFound(err) {
		return fmt.Errorf("not found: %v", err)
	}
	invalid := deployment("Not_A_Name", 1)
	if _, err = client.AppsV1().Deployments(namespace).Create(ctx, invalid, meta.CreateOptions{}); !apierrors.IsInvalid(err) {
		return fmt.Errorf("invalid: %v", err)
	}
	if _, err = client.AppsV1().Deployments(namespace).Create(ctx, deployment("web", 1), meta.CreateOptions{}); !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("already exists: %v", err)
	}
	return nil
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
