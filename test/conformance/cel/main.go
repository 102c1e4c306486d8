// What CEL in Kubernetes makes of a table of expressions: compile errors, results, runtime errors and both costs. Reads
// the table, a case a line, from standard input and writes it back with what came out. Its argument is the file with the
// grounds: values, and schemas, that cases are about.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/authentication/user"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

// testCase is a line of the table.
type testCase struct {
	Expression string `json:"expression"`
	// Ground names what `self` and `oldSelf` are.
	Ground string `json:"ground,omitempty"`
	// Library adds to what is always there: `mutation`.
	Library string `json:"library,omitempty"`

	outcome
}

// ground is what `self` and `oldSelf` are; without a schema they are dyn.
type ground struct {
	Schema json.RawMessage `json:"schema"`
	Self   json.RawMessage `json:"self"`
}

// outcome is what is added to a case.
type outcome struct {
	CompileError string   `json:"compileError,omitempty"`
	ProgramError string   `json:"programError,omitempty"`
	Type         string   `json:"type,omitempty"`
	Result       *string  `json:"result,omitempty"`
	Error        string   `json:"error,omitempty"`
	Cost         *uint64  `json:"cost,omitempty"`
	Estimate     []string `json:"estimate,omitempty"`
	Panic        bool     `json:"panic,omitempty"`
}

func main() {
	raw, err := os.ReadFile(os.Args[1])
	must(err)
	var grounds map[string]ground
	must(json.Unmarshal(raw, &grounds))
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for scanner.Scan() {
		line := strings.TrimSpace(scanner.Text())
		if line == "" {
			continue
		}
		var c testCase
		must(json.Unmarshal([]byte(line), &c))
		c.outcome = run(c, grounds[c.Ground])
		must(out.Encode(c))
	}
	must(scanner.Err())
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(c testCase, g ground) (result outcome) {
	// What brings cel-go itself down is no behaviour to follow.
	defer func() {
		if problem := recover(); problem != nil {
			result = outcome{Panic: true}
		}
	}()
	env, estimator, self := environmentOf(c, g)
	ast, issues := env.Compile(c.Expression)
	if issues.Err() != nil {
		result.CompileError = issues.String()
		return result
	}
	result.Type = cel.FormatCELType(ast.OutputType())
	program, err := env.Program(ast, cel.CostTracking(estimator))
	if err != nil {
		result.ProgramError = err.Error()
		return result
	}
	estimate, err := env.EstimateCost(ast, estimator)
	must(err)
	result.Estimate = []string{fmt.Sprint(estimate.Min), fmt.Sprint(estimate.Max)}
	value, details, err := program.Eval(map[string]any{
		"self":       self,
		"oldSelf":    self,
		"authorizer": library.NewAuthorizerVal(&user.DefaultInfo{Name: "alice"}, answers{}),
	})
	if details != nil {
		result.Cost = details.ActualCost()
	}
	if err != nil {
		result.Error = err.Error()
		return result
	}
	text := describe(value)
	result.Result = &text
	return result
}

// environmentOf is the environment of a case, how sizes are estimated in it, and the value of self.
func environmentOf(c testCase, g ground) (*cel.Env, *library.CostEstimator, any) {
	base := environment.MustBaseEnvSet(version.MajorMinor(1, 35))
	estimator := &library.CostEstimator{}
	options := environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions:        []cel.EnvOption{cel.Variable("authorizer", library.AuthorizerType)},
	}
	if c.Library == "mutation" {
		options.EnvOptions = append(options.EnvOptions, mutationOptions()...)
	}
	var self any
	selfType := cel.DynType
	if g.Schema == nil {
		if g.Self != nil {
			self = decode(g.Self)
		}
	} else {
		declared, sizes, value := typed(g.Schema, g.Self)
		selfType = declared.CelType()
		options.DeclTypes = []*apiservercel.DeclType{declared}
		estimator.SizeEstimator = sizes
		self = value
	}
	options.EnvOptions = append(options.EnvOptions, cel.Variable("self", selfType), cel.Variable("oldSelf", selfType))
	set, err := base.Extend(options)
	must(err)
	return set.NewExpressionsEnv(), estimator, self
}
