package main

import (
	"fmt"
	"reflect"
	"time"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// filler gives fields values that tell them apart. The first struct of each type gets all its fields, later ones a few:
// a PodSpec is in many kinds.
type filler struct {
	times map[string]int
	count int
	depth int
}

// deepest is how far a struct may be within others: schemas contain schemas.
const deepest = 9

// every is how many fields of a struct that is known already share one value.
const every = 7

func (f *filler) object(object runtime.Object) {
	f.value(reflect.ValueOf(object).Elem())
}

func (f *filler) next() int {
	f.count++
	return f.count
}

var texts = []string{"text", "ü", "日本 \U0001F600", "a \"quoted\" <b> & more"}

func (f *filler) text() string {
	n := f.next()
	if n%5 == 0 {
		return fmt.Sprintf("%s-%d", texts[n/5%len(texts)], n)
	}
	return fmt.Sprintf("t%d", n)
}

func (f *filler) integer(bits int) int64 {
	n := int64(f.next())
	switch n % 4 {
	case 0:
		return -n
	case 1:
		return n
	case 2:
		return n * 1000
	default:
		if bits == 64 {
			return n << 32
		}
		return n << 16
	}
}

func (f *filler) schema() *apiextensions.JSONSchemaProps {
	return &apiextensions.JSONSchemaProps{Type: f.text()}
}

// special sets the types that write their JSON themselves.
func (f *filler) special(target any) bool {
	n := f.next()
	switch value := target.(type) {
	case *resource.Quantity:
		*value = resource.MustParse([]string{"100m", "1536Mi", "2", "5G", "0"}[n%5])
	case *metav1.Time:
		value.Time = time.Unix(1_700_000_000+int64(n), 0)
	case *metav1.MicroTime:
		value.Time = time.Unix(1_700_000_000+int64(n), int64(n)*1000)
	case *intstr.IntOrString:
		*value = intstr.FromInt32(int32(n))
		if n%2 == 0 {
			*value = intstr.FromString(fmt.Sprintf("%d%%", n))
		}
	case *runtime.RawExtension:
		value.Raw = []byte(fmt.Sprintf(`{"b":[%d,"x",null],"a":{"c":true}}`, n))
	case *metav1.FieldsV1:
		value.Raw = []byte(fmt.Sprintf(`{"f:spec":{"f:n%d":{},"k:{\"name\":\"a\"}":{".":{}}}}`, n))
	case *apiextensions.JSON:
		value.Raw = []byte([]string{`{"a":1}`, `"text"`, `[1,2]`, `1.5`}[n%4])
	case *apiextensions.JSONSchemaPropsOrBool:
		*value = apiextensions.JSONSchemaPropsOrBool{Allows: n%4 != 0}
		if n%2 == 1 {
			*value = apiextensions.JSONSchemaPropsOrBool{Allows: true, Schema: f.schema()}
		}
	case *apiextensions.JSONSchemaPropsOrArray:
		value.Schema = f.schema()
		if n%2 == 1 {
			*value = apiextensions.JSONSchemaPropsOrArray{JSONSchemas: []apiextensions.JSONSchemaProps{*f.schema()}}
		}
	case *apiextensions.JSONSchemaPropsOrStringArray:
		value.Schema = f.schema()
		if n%2 == 1 {
			*value = apiextensions.JSONSchemaPropsOrStringArray{Property: []string{f.text(), f.text()}}
		}
	case *metav1.TypeMeta:
	default:
		return false
	}
	return true
}

func (f *filler) value(v reflect.Value) {
	if v.CanAddr() && f.special(v.Addr().Interface()) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text())
	case reflect.Bool:
		v.SetBool(f.next()%3 != 0)
	case reflect.Int32:
		v.SetInt(f.integer(32))
	case reflect.Int64:
		v.SetInt(f.integer(64))
	case reflect.Float64:
		v.SetFloat(float64(f.next()) / 8)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.value(v.Elem())
	case reflect.Slice:
		f.slice(v)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, item := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.value(key)
			f.value(item)
			v.SetMapIndex(key, item)
		}
	case reflect.Struct:
		f.fields(v)
	}
}

func (f *filler) slice(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		v.SetBytes([]byte{0, 1, 0xff, byte(f.next())})
		return
	}
	length := 1 + f.next()%2
	if v.Type().Elem().Kind() == reflect.Struct {
		length = 1
	}
	v.Set(reflect.MakeSlice(v.Type(), length, length))
	for index := range length {
		f.value(v.Index(index))
	}
}

func (f *filler) fields(v reflect.Value) {
	name := v.Type().String()
	f.times[name]++
	known := f.times[name] > 1
	f.depth++
	defer func() { f.depth-- }()
	for index := range v.NumField() {
		if !v.Type().Field(index).IsExported() {
			continue
		}
		if known && (f.depth > deepest || (index+f.times[name])%every != 0) {
			continue
		}
		f.value(v.Field(index))
	}
}
