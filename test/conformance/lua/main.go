// Says what gopher-lua, the Lua of the reference, makes of scripts: reads JSON lines with a script, the body of a function,
// and writes them again with its results or its error.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

type line struct {
	Script  string `json:"script"`
	Results []any  `json:"results,omitempty"`
	Error   string `json:"error,omitempty"`
}

func value(of lua.LValue) any {
	switch typed := of.(type) {
	case lua.LNumber:
		return float64(typed)
	case lua.LString:
		return string(typed)
	case lua.LBool:
		return bool(typed)
	case *lua.LNilType:
		return nil
	}
	panic("a result must be a number, a string, a boolean or nil, not a " + of.Type().String())
}

func run(entry *line) {
	entry.Results, entry.Error = nil, ""
	state := lua.NewState()
	defer state.Close()
	err := state.DoString("function main() " + entry.Script + "\nend")
	if err == nil {
		err = state.CallByParam(lua.P{Fn: state.GetGlobal("main"), NRet: lua.MultRet, Protect: true})
	}
	if err != nil {
		entry.Error = err.Error()
		if api, ok := err.(*lua.ApiError); ok && api.Object != lua.LNil {
			entry.Error = api.Object.String()
		}
		entry.Error = strings.TrimRight(entry.Error, "\n")
		return
	}
	for at := 1; at <= state.GetTop(); at++ {
		entry.Results = append(entry.Results, value(state.Get(at)))
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for lines.Scan() {
		var entry line
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		run(&entry)
		if err := output.Encode(entry); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
