// Prints every kind that is served, its fields filled in, as Kubernetes' own libraries write it: a line of JSON for each,
// with the object and its protobuf bytes. What it prints is src/apis/kubernetes/testdata/protobuf.jsonl.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// discovery is data/kubernetes/discovery.json, as far as it says which kinds are served.
type discovery struct {
	Groups map[string]map[string][]struct {
		Kind         string
		Subresources []struct{ Kind, APIVersion string }
	}
}

type line struct {
	Object   json.RawMessage `json:"object"`
	Protobuf string          `json:"protobuf"`
}

func servedKinds(path string) ([]schema.GroupVersionKind, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var table discovery
	if err := json.Unmarshal(text, &table); err != nil {
		return nil, err
	}
	known := map[schema.GroupVersionKind]bool{}
	for group, versions := range table.Groups {
		for version, resources := range versions {
			gv := schema.GroupVersion{Group: group, Version: version}
			for _, resource := range resources {
				known[gv.WithKind(resource.Kind)] = true
				known[gv.WithKind(resource.Kind+"List")] = true
				for _, sub := range resource.Subresources {
					of := gv
					if sub.APIVersion != "" {
						var err error
						if of, err = schema.ParseGroupVersion(sub.APIVersion); err != nil {
							return nil, err
						}
					}
					known[of.WithKind(sub.Kind)] = true
				}
			}
		}
	}
	for _, kind := range []string{"DeleteOptions", "Status"} {
		known[schema.GroupVersionKind{Version: "v1", Kind: kind}] = true
	}
	for _, kind := range []string{"PartialObjectMetadata", "PartialObjectMetadataList"} {
		known[schema.GroupVersionKind{Group: "meta.k8s.io", Version: "v1", Kind: kind}] = true
	}
	var kinds []schema.GroupVersionKind
	for kind := range known {
		kinds = append(kinds, kind)
	}
	// Objects before their lists, so that the first of each type is the one that stands by itself.
	sort.Slice(kinds, func(i, j int) bool {
		left, right := strings.HasSuffix(kinds[i].Kind, "List"), strings.HasSuffix(kinds[j].Kind, "List")
		if left != right {
			return right
		}
		return kinds[i].String() < kinds[j].String()
	})
	return kinds, nil
}

func print(kind schema.GroupVersionKind, object runtime.Object, serializer runtime.Serializer) error {
	object.GetObjectKind().SetGroupVersionKind(kind)
	text, err := json.Marshal(object)
	if err != nil {
		return err
	}
	var bytes bytes.Buffer
	if err := serializer.Encode(object, &bytes); err != nil {
		return err
	}
	out, err := json.Marshal(line{Object: text, Protobuf: base64.StdEncoding.EncodeToString(bytes.Bytes())})
	if err != nil {
		return err
	}
	fmt.Println(string(out))
	return nil
}

func run() error {
	types := scheme.Scheme
	if err := apiextensions.AddToScheme(types); err != nil {
		return err
	}
	if err := apiregistration.AddToScheme(types); err != nil {
		return err
	}
	if err := metav1.AddMetaToScheme(types); err != nil {
		return err
	}
	kinds, err := servedKinds(os.Args[1])
	if err != nil {
		return err
	}
	serializer := protobuf.NewSerializer(types, types)
	fill := filler{times: map[string]int{}}
	for _, kind := range kinds {
		object, err := types.New(kind)
		if runtime.IsNotRegisteredError(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := print(kind, object, serializer); err != nil {
			return err
		}
		object, _ = types.New(kind)
		fill.object(object)
		if err := print(kind, object, serializer); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./protobuf ../../data/kubernetes/discovery.json")
		os.Exit(2)
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
