// Prints requests and an answer of the estimator service as Karmada's own library writes them, by method, in base64. What
// it prints is src/fleet/estimator/testdata/messages.json; methods.test.ts says what they mean.
package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/karmada-io/karmada/pkg/estimator/pb"
	"google.golang.org/protobuf/proto"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

func component() *pb.Component {
	needs := &pb.ComponentReplicaRequirements{PriorityClassName: "low"}
	needs.MustSetResourceRequest(corev1.ResourceList{"memory": resource.MustParse("1Gi")})
	return &pb.Component{Name: "worker", Replicas: 2, ReplicaRequirements: needs}
}

func requirements() *pb.ReplicaRequirements {
	zone := corev1.NodeSelectorRequirement{Key: "zone", Operator: "In", Values: []string{"a", "b"}}
	term := corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{zone}}
	seconds := int64(30)
	claim := &pb.NodeClaim{NodeSelector: map[string]string{"disk": "ssd"}}
	claim.MustSetNodeAffinity(&corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{term}})
	claim.MustSetTolerations([]corev1.Toleration{
		{Key: "gpu", Operator: "Equal", Value: "a", Effect: "NoSchedule", TolerationSeconds: &seconds},
	})
	needs := &pb.ReplicaRequirements{NodeClaim: claim, Namespace: "shop", PriorityClassName: "high"}
	needs.MustSetResourceRequest(corev1.ResourceList{
		"cpu": resource.MustParse("250m"), "memory": resource.MustParse("1Gi"),
	})
	return needs
}

func main() {
	messages := map[string]proto.Message{
		"maxAvailableReplicas": &pb.MaxAvailableReplicasRequest{
			Cluster:             "member1",
			ReplicaRequirements: requirements(),
			AssumedWorkloads:    []*pb.AssumedWorkload{{Namespace: "shop", Components: []*pb.Component{component()}}},
		},
		"maxAvailableComponentSets": &pb.MaxAvailableComponentSetsRequest{
			Cluster: "member1", Namespace: "shop", Components: []*pb.Component{component()},
		},
		"unschedulableReplicas": &pb.UnschedulableReplicasRequest{
			Cluster:                "member1",
			Resource:               &pb.ObjectReference{ApiVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "web"},
			UnschedulableThreshold: int64(5 * time.Minute),
		},
		"answer": &pb.MaxAvailableReplicasResponse{MaxReplicas: 300},
	}
	written := map[string][]byte{}
	for name, message := range messages {
		bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
		if err != nil {
			panic(err)
		}
		written[name] = bytes
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(written); err != nil {
		panic(err)
	}
}
