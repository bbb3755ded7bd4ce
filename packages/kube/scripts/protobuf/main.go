// Prints, as JSON, how Kubernetes' own Go types are written as protobuf and as JSON: the numbers and names of their
// fields by their struct tags, and which fields JSON leaves out; with samples of every kind. Its arguments are the
// apiVersions that are wanted. generate-protobuf.ts runs it.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	aggregator "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	metrics "k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

type output struct {
	// From apiVersion/Kind to the name of the message.
	Kinds map[string]string `json:"kinds"`
	// The fields of each message, in the order of their struct.
	Messages map[string][]string `json:"messages"`
	// Objects of each kind.
	Samples map[string][]sample `json:"samples"`
}

var out = output{Kinds: map[string]string{}, Messages: map[string][]string{}, Samples: map[string][]sample{}}

func main() {
	all := scheme.Scheme
	for _, add := range []func(*runtime.Scheme) error{
		apiextensions.AddToScheme, aggregator.AddToScheme, metrics.AddToScheme, meta.AddMetaToScheme,
	} {
		if err := add(all); err != nil {
			panic(err)
		}
	}
	types := all.AllKnownTypes()
	for _, kind := range slices.SortedFunc(maps.Keys(types), func(a, b schema.GroupVersionKind) int {
		return strings.Compare(a.String(), b.String())
	}) {
		typ := types[kind]
		version := kind.GroupVersion().String()
		// Every group has the options of requests, which are the same in all of them.
		isOfMeta := strings.HasSuffix(typ.PkgPath(), "/meta/v1") && kind.Group != "" && kind.Group != "meta.k8s.io"
		if !slices.Contains(os.Args[1:], version) || isOfMeta {
			continue
		}
		if !isMessage(typ) {
			fmt.Fprintln(os.Stderr, "no protobuf:", kind)
			continue
		}
		name := version + "/" + kind.Kind
		out.Kinds[name] = message(typ)
		isList := strings.HasSuffix(kind.Kind, "List") && kind.Kind != "ConfigMapList"
		if !isList && kind.Kind != "WatchEvent" && !strings.HasSuffix(kind.Kind, "Options") {
			out.Samples[name] = samplesOf(all, kind, typ)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		panic(err)
	}
}

type marshaler interface{ Marshal() ([]byte, error) }

var (
	marshals     = reflect.TypeFor[marshaler]()
	jsonMarshals = reflect.TypeFor[json.Marshaler]()
)

func isMessage(typ reflect.Type) bool { return reflect.PointerTo(typ).Implements(marshals) }

// The types whose JSON is not what their fields say.
var special = map[reflect.Type]string{
	reflect.TypeFor[meta.Time]():                                  "time",
	reflect.TypeFor[meta.MicroTime]():                             "microTime",
	reflect.TypeFor[meta.Duration]():                              "duration",
	reflect.TypeFor[meta.FieldsV1]():                              "raw",
	reflect.TypeFor[resource.Quantity]():                          "quantity",
	reflect.TypeFor[intstr.IntOrString]():                         "intOrString",
	reflect.TypeFor[runtime.RawExtension]():                       "raw",
	reflect.TypeFor[apiextensions.JSON]():                         "raw",
	reflect.TypeFor[apiextensions.JSONSchemaPropsOrBool]():        "schemaOrBool",
	reflect.TypeFor[apiextensions.JSONSchemaPropsOrArray]():       "schemaOrArray",
	reflect.TypeFor[apiextensions.JSONSchemaPropsOrStringArray](): "schemaOrStrings",
}

// Special types whose name is needed, since what they hold is of their own version.
var versioned = map[string]bool{"schemaOrBool": true, "schemaOrArray": true, "schemaOrStrings": true}

// `k8s.io/api/core/v1.Pod` as `core.v1.Pod`.
func nameOf(typ reflect.Type) string {
	parts := strings.Split(typ.PkgPath(), "/")
	return strings.Join(append(parts[max(0, len(parts)-2):], typ.Name()), ".")
}

func message(typ reflect.Type) string {
	name := nameOf(typ)
	if _, known := out.Messages[name]; known {
		return name
	}
	if reflect.PointerTo(typ).Implements(jsonMarshals) || typ.Kind() != reflect.Struct {
		panic("its JSON is its own: " + name)
	}
	out.Messages[name] = nil
	fields := []string{}
	for index := range typ.NumField() {
		if text := field(typ.Field(index)); text != "" {
			fields = append(fields, text)
		}
	}
	out.Messages[name] = fields
	return name
}

// `name=number:type`, then `[]` for a list or `{}` for a map, `?` for what may be absent in protobuf, and `!` for what
// JSON writes when it is absent or zero. A field without a name is inlined.
func field(of reflect.StructField) string {
	number := ""
	if parts := strings.Split(of.Tag.Get("protobuf"), ","); len(parts) > 1 {
		number = parts[1]
	}
	name, options, _ := strings.Cut(of.Tag.Get("json"), ",")
	if number == "" || name == "-" {
		if number != "" || name != "" {
			fmt.Fprintln(os.Stderr, "left out:", of.Name, of.Tag)
		}
		return ""
	}
	inline := name == ""
	if inline != strings.Contains(options, "inline") {
		panic("neither named nor inlined: " + of.Name)
	}
	typ, suffix := of.Type, ""
	if typ.Kind() == reflect.Pointer {
		typ, suffix = typ.Elem(), "?"
	}
	scalar := typeName(typ)
	if scalar == "" {
		switch typ.Kind() {
		case reflect.Map:
			if typ.Key().Kind() != reflect.String {
				panic("key is no string: " + of.Name)
			}
			typ, suffix = typ.Elem(), "{}"+suffix
		case reflect.Slice:
			typ, suffix = typ.Elem(), "[]"+suffix
		default:
			panic("no type: " + of.Name)
		}
		if typ.Kind() == reflect.Pointer {
			panic("pointer inside: " + of.Name)
		}
		if scalar = typeName(typ); scalar == "" {
			panic("no type inside: " + of.Name)
		}
	}
	omitted := strings.Contains(options, "omitzero") || strings.Contains(options, "omitempty") &&
		(suffix != "" || of.Type.Kind() != reflect.Struct)
	if !omitted && !inline {
		suffix += "!"
	}
	if strings.Contains(options, "omitzero") && of.Type.Kind() == reflect.Struct && special[of.Type] == "" {
		fmt.Fprintln(os.Stderr, "struct that JSON omits when zero:", of.Name, of.Tag)
	}
	return fmt.Sprintf("%s=%s:%s%s", name, number, scalar, suffix)
}

func typeName(typ reflect.Type) string {
	if name, is := special[typ]; is {
		if versioned[name] {
			name += "." + message(typ.Field(fieldIndex(typ, "Schema")).Type.Elem())
		}
		return name
	}
	if typ.Kind() == reflect.Slice && isMessage(typ) && typ.Elem().Kind() == reflect.String {
		return "strings"
	}
	switch typ.Kind() {
	case reflect.Struct:
		return message(typ)
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int32:
		return "int32"
	case reflect.Int64:
		return "int64"
	case reflect.Float64:
		return "double"
	case reflect.Slice:
		if typ.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
	}
	return ""
}

func fieldIndex(typ reflect.Type, name string) int {
	found, _ := typ.FieldByName(name)
	return found.Index[0]
}
