package main

import (
	"context"
	"errors"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/common"
	"k8s.io/apiserver/pkg/cel/library"
	"k8s.io/apiserver/pkg/cel/mutation"
)

// answers lets anybody get, and service accounts everything in the group apps; a path that is broken has no answer.
type answers struct{}

func (answers) Authorize(_ context.Context, a authorizer.Attributes) (authorizer.Decision, string, error) {
	if a.GetPath() == "/broken" {
		return authorizer.DecisionNoOpinion, "", errors.New("no answer")
	}
	if a.GetVerb() == "get" || (a.GetUser().GetName() != "alice" && a.GetAPIGroup() == "apps") {
		return authorizer.DecisionAllow, "allowed: " + a.GetVerb() + " " + a.GetResource() + "/" + a.GetSubresource() + " " +
			a.GetNamespace() + "/" + a.GetName() + a.GetPath(), nil
	}
	return authorizer.DecisionDeny, a.GetUser().GetName() + " may not", nil
}

// mutationOptions are what mutating policies have besides.
func mutationOptions() []cel.EnvOption {
	provider, option := common.ResolverEnvOption, library.JSONPatch()
	return []cel.EnvOption{provider(&mutation.DynamicTypeResolver{}), option}
}

// describe writes a value with its type, so that 1, 1u and 1.0 differ.
func describe(value ref.Val) string {
	return types.Format(value)
}
