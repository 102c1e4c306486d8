package main

import (
	"fmt"
	"math/rand"

	"github.com/karmada-io/karmada/pkg/estimator/pb"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Needs as bindings say them.
type Needs struct {
	NodeClaim         *Claim              `json:"nodeClaim,omitempty"`
	ResourceRequest   corev1.ResourceList `json:"resourceRequest,omitempty"`
	PriorityClassName string              `json:"priorityClassName,omitempty"`
	Namespace         string              `json:"namespace,omitempty"`
}

type Claim struct {
	HardNodeAffinity *corev1.NodeSelector `json:"hardNodeAffinity,omitempty"`
	NodeSelector     map[string]string    `json:"nodeSelector,omitempty"`
	Tolerations      []corev1.Toleration  `json:"tolerations,omitempty"`
}

type Component struct {
	Name                string `json:"name"`
	Replicas            int32  `json:"replicas"`
	ReplicaRequirements *Needs `json:"replicaRequirements,omitempty"`
}

type Assumed struct {
	Namespace  string      `json:"namespace"`
	Components []Component `json:"components"`
}

// Node as far as it matters here.
type Node struct {
	Metadata struct {
		Name   string            `json:"name"`
		Labels map[string]string `json:"labels"`
	} `json:"metadata"`
	Spec   corev1.NodeSpec `json:"spec"`
	Status struct {
		Allocatable corev1.ResourceList `json:"allocatable"`
	} `json:"status"`
}

func shown(node *corev1.Node) (n Node) {
	n.Metadata.Name, n.Metadata.Labels = node.Name, node.Labels
	n.Spec, n.Status.Allocatable = node.Spec, node.Status.Allocatable
	return n
}

type Case struct {
	Nodes        []*corev1.Node          `json:"-"`
	Shown        []Node                  `json:"nodes"`
	Pods         []*corev1.Pod           `json:"pods"`
	Quotas       []*corev1.ResourceQuota `json:"quotas"`
	Requirements Needs                   `json:"requirements"`
	Components   []Component             `json:"components"`
	Assumed      []Assumed               `json:"assumed"`
	Replicas     int32                   `json:"replicas"`
	Sets         int32                   `json:"sets"`
}

func (c *Claim) message() *pb.NodeClaim {
	if c == nil {
		return nil
	}
	claim := &pb.NodeClaim{NodeSelector: c.NodeSelector}
	return claim.MustSetNodeAffinity(c.HardNodeAffinity).MustSetTolerations(c.Tolerations)
}

func (c Component) message() *pb.Component {
	needs := &pb.ComponentReplicaRequirements{
		NodeClaim: c.ReplicaRequirements.NodeClaim.message(), PriorityClassName: c.ReplicaRequirements.PriorityClassName,
	}
	needs.MustSetResourceRequest(c.ReplicaRequirements.ResourceRequest)
	return &pb.Component{Name: c.Name, Replicas: c.Replicas, ReplicaRequirements: needs}
}

func messages(components []Component) (all []*pb.Component) {
	for _, component := range components {
		all = append(all, component.message())
	}
	return all
}

type maker struct{ *rand.Rand }

func (m maker) pick(texts ...string) string { return texts[m.Intn(len(texts))] }

func (m maker) amounts(cpu, memory int) corev1.ResourceList {
	list := corev1.ResourceList{}
	if m.Intn(5) > 0 {
		list["cpu"] = resource.MustParse(fmt.Sprintf("%dm", m.Intn(cpu)))
	}
	if m.Intn(3) > 0 {
		list["memory"] = resource.MustParse(fmt.Sprintf("%dMi", m.Intn(memory)))
	}
	if m.Intn(12) == 0 {
		list["nvidia.com/gpu"] = resource.MustParse(fmt.Sprint(m.Intn(3)))
	}
	if m.Intn(9) == 0 {
		list["ephemeral-storage"] = resource.MustParse(fmt.Sprintf("%dMi", m.Intn(100)))
	}
	return list
}

func (m maker) node(i int) *corev1.Node {
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("n%d", i), Labels: map[string]string{"size": fmt.Sprint(m.Intn(4))}}}
	if m.Intn(2) == 0 {
		node.Labels["disk"] = m.pick("ssd", "hdd")
	}
	if m.Intn(4) == 0 {
		effect := corev1.TaintEffect(m.pick("NoSchedule", "NoExecute", "PreferNoSchedule"))
		node.Spec.Taints = []corev1.Taint{{Key: m.pick("a", "b"), Value: m.pick("1", "2"), Effect: effect}}
	}
	node.Spec.Unschedulable = m.Intn(8) == 0
	node.Status.Allocatable = m.amounts(32000, 64000)
	node.Status.Allocatable["pods"] = resource.MustParse(fmt.Sprint(m.Intn(40)))
	return node
}

func (m maker) containers() []corev1.Container {
	made := make([]corev1.Container, 1+m.Intn(2))
	for i := range made {
		made[i].Name = fmt.Sprintf("c%d", i)
		made[i].Resources.Requests = m.amounts(900, 1500)
	}
	return made
}

func (m maker) pod(i, nodes int) *corev1.Pod {
	name := fmt.Sprintf("p%d", i)
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "shop", UID: types.UID(name)}}
	pod.Spec.NodeName = fmt.Sprintf("n%d", m.Intn(nodes))
	pod.Spec.Containers = m.containers()
	if m.Intn(4) == 0 {
		pod.Spec.InitContainers = m.containers()
	}
	if m.Intn(6) == 0 {
		pod.Spec.Overhead = corev1.ResourceList{"cpu": resource.MustParse("50m")}
	}
	return pod
}

func (m maker) claim() *Claim {
	if m.Intn(2) == 0 {
		return nil
	}
	claim := &Claim{}
	if m.Intn(3) == 0 {
		claim.NodeSelector = map[string]string{"disk": m.pick("ssd", "hdd")}
	}
	if m.Intn(3) == 0 {
		operator := m.pick("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
		requirement := corev1.NodeSelectorRequirement{Key: m.pick("size", "disk"), Operator: corev1.NodeSelectorOperator(operator)}
		switch operator {
		case "In", "NotIn":
			requirement.Values = []string{m.pick("0", "1", "ssd"), m.pick("2", "3", "hdd")}
		case "Gt", "Lt":
			requirement.Key, requirement.Values = "size", []string{m.pick("1", "2")}
		}
		term := corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{requirement}}
		claim.HardNodeAffinity = &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{term}}
	}
	if m.Intn(2) == 0 {
		toleration := corev1.Toleration{Key: m.pick("a", "b", "node.kubernetes.io/unschedulable"), Operator: "Exists"}
		if m.Intn(2) == 0 {
			toleration.Operator, toleration.Value = "Equal", m.pick("1", "2")
		}
		toleration.Effect = corev1.TaintEffect(m.pick("", "NoSchedule", "NoExecute"))
		claim.Tolerations = []corev1.Toleration{toleration}
	}
	return claim
}

func (m maker) needs() *Needs {
	return &Needs{NodeClaim: m.claim(), ResourceRequest: m.amounts(1500, 3000), PriorityClassName: m.pick("", "high", "low")}
}

func (m maker) components() []Component {
	made := make([]Component, 1+m.Intn(3))
	for i := range made {
		made[i] = Component{Name: fmt.Sprintf("c%d", i), Replicas: int32(1 + m.Intn(3)), ReplicaRequirements: m.needs()}
	}
	return made
}

func (m maker) quota(i int) *corev1.ResourceQuota {
	quota := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("q%d", i), Namespace: "shop"}}
	switch m.Intn(4) {
	case 0:
		quota.Spec.Scopes = []corev1.ResourceQuotaScope{corev1.ResourceQuotaScope(m.pick("PriorityClass", "NotBestEffort", "Terminating"))}
	case 1:
		operator := corev1.ScopeSelectorOperator(m.pick("In", "NotIn", "Exists", "DoesNotExist"))
		expression := corev1.ScopedResourceSelectorRequirement{ScopeName: "PriorityClass", Operator: operator}
		if operator == "In" || operator == "NotIn" {
			expression.Values = []string{m.pick("high", "low")}
		}
		quota.Spec.ScopeSelector = &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{expression}}
	}
	hard, used := corev1.ResourceList{}, corev1.ResourceList{}
	names := []string{
		m.pick("cpu", "requests.cpu"), m.pick("memory", "requests.memory", "limits.memory"), "requests.nvidia.com/gpu", "pods",
	}
	for i, most := range []int{60, 90, 9, 5} {
		name := names[i]
		if m.Intn(2) == 0 {
			continue
		}
		unit := ""
		if name == "memory" || name == "requests.memory" || name == "limits.memory" {
			unit = "Gi"
		}
		limit := 1 + m.Intn(most)
		hard[corev1.ResourceName(name)] = resource.MustParse(fmt.Sprintf("%d%s", limit, unit))
		if m.Intn(8) > 0 {
			used[corev1.ResourceName(name)] = resource.MustParse(fmt.Sprintf("%d%s", m.Intn(limit+1), unit))
		}
	}
	quota.Status.Hard, quota.Status.Used = hard, used
	return quota
}

func (m maker) make() *Case {
	made := &Case{Requirements: *m.needs(), Components: m.components()}
	made.Requirements.Namespace = "shop"
	nodes := m.Intn(7)
	for i := range nodes {
		node := m.node(i)
		made.Nodes, made.Shown = append(made.Nodes, node), append(made.Shown, shown(node))
	}
	if nodes > 0 {
		for i := range m.Intn(8) {
			made.Pods = append(made.Pods, m.pod(i, nodes))
		}
	}
	for i := range m.Intn(2) {
		made.Quotas = append(made.Quotas, m.quota(i))
	}
	for range m.Intn(2) {
		made.Assumed = append(made.Assumed, Assumed{Namespace: m.pick("shop", "bank"), Components: m.components()})
	}
	return made
}
