package main

import (
	"bytes"
	"encoding/json"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/common"

	"github.com/google/cel-go/checker"
)

// decode reads JSON as Kubernetes does: whole numbers are int64.
func decode(raw json.RawMessage) any {
	var value any
	must(utiljson.Unmarshal(raw, &value))
	return value
}

// typed is the type a structural schema declares, the sizes it tells, and a value as rules see it.
func typed(raw, self json.RawMessage) (*apiservercel.DeclType, checker.CostEstimator, any) {
	var props v1.JSONSchemaProps
	must(json.NewDecoder(bytes.NewReader(raw)).Decode(&props))
	var internal apiextensions.JSONSchemaProps
	must(v1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&props, &internal, nil))
	structural, err := schema.NewStructural(&internal)
	must(err)
	declared := model.SchemaDeclType(structural, structural.XEmbeddedResource).MaybeAssignTypeName("selfType")
	var value any
	if self != nil {
		value = common.UnstructuredToVal(decode(self), &model.Structural{Structural: structural})
	}
	return declared, &sizes{root: declared}, value
}

// sizes answers what a schema says about how large a value may be.
type sizes struct {
	root *apiservercel.DeclType
}

func (s *sizes) EstimateSize(element checker.AstNode) *checker.SizeEstimate {
	path := element.Path()
	if len(path) == 0 {
		return nil
	}
	node := s.root
	for _, name := range path[1:] {
		switch name {
		case "@items", "@values":
			node = node.ElemType
		case "@keys":
			node = node.KeyType
		default:
			field, found := node.Fields[name]
			if !found {
				return nil
			}
			node = field.Type
		}
		if node == nil {
			return nil
		}
	}
	return &checker.SizeEstimate{Min: 0, Max: uint64(node.MaxElements)}
}

func (s *sizes) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}
