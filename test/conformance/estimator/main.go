// What Karmada's own estimators say, for the tests of ours. `messages` prints requests and an answer of the service as its
// library writes them, by method, in base64: src/fleet/estimator/testdata/messages.json. `estimates` prints what its
// plugins answer about made-up clusters, as many as named: src/fleet/estimator/testdata/estimates.jsonl.
package main

import (
	"encoding/json"
	"os"
	"strconv"
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

func printMessages() {
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

func main() {
	if len(os.Args) == 2 && os.Args[1] == "messages" {
		printMessages()
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "estimates" {
		if count, err := strconv.Atoi(os.Args[2]); err == nil {
			printEstimates(count, 1)
			return
		}
	}
	os.Stderr.WriteString("usage: estimator messages | estimates COUNT\n")
	os.Exit(1)
}
