package main

import (
	"context"
	"encoding/json"
	"math"
	"math/rand"
	"os"

	"github.com/karmada-io/karmada/pkg/estimator/pb"
	"github.com/karmada-io/karmada/pkg/estimator/server/framework"
	"github.com/karmada-io/karmada/pkg/estimator/server/framework/plugins/noderesource"
	"github.com/karmada-io/karmada/pkg/estimator/server/framework/plugins/resourcequota"
	"github.com/karmada-io/karmada/pkg/features"
	schedcache "github.com/karmada-io/karmada/pkg/util/lifted/scheduler/cache"
	"k8s.io/client-go/informers"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/fake"
)

type handle struct {
	factory informers.SharedInformerFactory
}

func (handle) ClientSet() clientset.Interface                           { return nil }
func (h handle) SharedInformerFactory() informers.SharedInformerFactory { return h.factory }
func (handle) Parallelism() int                                         { return 1 }

func (c *Case) answer() {
	stop := make(chan struct{})
	defer close(stop)
	cache := schedcache.New(0, stop)
	for _, node := range c.Nodes {
		cache.AddNode(node)
	}
	for _, pod := range c.Pods {
		if err := cache.AddPod(pod); err != nil {
			panic(err)
		}
	}
	snapshot := schedcache.NewEmptySnapshot()
	if err := cache.UpdateSnapshot(snapshot); err != nil {
		panic(err)
	}
	if snapshot.NumNodes() == 0 {
		return
	}
	h := handle{informers.NewSharedInformerFactory(fake.NewClientset(), 0)}
	for _, quota := range c.Quotas {
		if err := h.factory.Core().V1().ResourceQuotas().Informer().GetIndexer().Add(quota); err != nil {
			panic(err)
		}
	}
	var assumed []*pb.AssumedWorkload
	for _, each := range c.Assumed {
		assumed = append(assumed, &pb.AssumedWorkload{Namespace: each.Namespace, Components: messages(each.Components)})
	}
	needs := &pb.ReplicaRequirements{
		NodeClaim: c.Requirements.NodeClaim.message(), Namespace: c.Requirements.Namespace,
		PriorityClassName: c.Requirements.PriorityClassName,
	}
	needs.MustSetResourceRequest(c.Requirements.ResourceRequest)
	replicas := framework.ReplicaEstimationContext{Snapshot: snapshot, ReplicaRequirements: needs, AssumedWorkloads: assumed}
	sets := framework.ComponentEstimationContext{
		Snapshot: snapshot, Components: messages(c.Components), Namespace: "shop", AssumedWorkloads: assumed,
	}
	c.Replicas, c.Sets = math.MaxInt32, math.MaxInt32
	for _, create := range []func(framework.Handle) (framework.Plugin, error){noderesource.New, resourcequota.New} {
		plugin, err := create(h)
		if err != nil {
			panic(err)
		}
		count, result := plugin.(framework.EstimateReplicasPlugin).Estimate(context.Background(), replicas)
		if result.IsFailed() {
			panic(result.AsError())
		}
		c.Replicas = min(c.Replicas, count)
		count, result = plugin.(framework.EstimateComponentsPlugin).EstimateComponents(context.Background(), sets)
		if result.IsFailed() {
			panic(result.AsError())
		}
		c.Sets = min(c.Sets, count)
	}
	c.Replicas, c.Sets = max(c.Replicas, 0), max(c.Sets, 0)
}

// printEstimates makes up clusters: a line of JSON for each, with the cluster, the questions, and what Karmada's own
// plugins answer.
func printEstimates(count int, seed int64) {
	if err := features.FeatureGate.Set("ResourceQuotaEstimate=true,SchedulingOvercommitProtection=true"); err != nil {
		panic(err)
	}
	m := maker{rand.New(rand.NewSource(seed))}
	encoder := json.NewEncoder(os.Stdout)
	for range count {
		made := m.make()
		made.answer()
		if err := encoder.Encode(made); err != nil {
			panic(err)
		}
	}
}
