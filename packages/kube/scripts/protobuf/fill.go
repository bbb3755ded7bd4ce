// Writes objects of every kind as JSON and as protobuf, by Kubernetes' own code, for the tests: one with all of its
// fields, one with about half of them, and one with none. A type that an earlier object had whole is sparse in later ones.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"reflect"
	"time"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type sample struct {
	JSON     json.RawMessage `json:"json"`
	Protobuf []byte          `json:"protobuf"`
}

func samplesOf(scheme *runtime.Scheme, kind schema.GroupVersionKind, typ reflect.Type) []sample {
	encoder := protobuf.NewSerializer(scheme, scheme)
	samples := []sample{}
	for _, share := range []int{100, 50, 0} {
		object := reflect.New(typ).Interface().(runtime.Object)
		filler := filler{share: share, seen: map[reflect.Type]int{}}
		filler.fill(reflect.ValueOf(object).Elem(), kind.String())
		object.GetObjectKind().SetGroupVersionKind(kind)
		text, err := json.Marshal(object)
		if err != nil {
			panic(fmt.Sprint(kind, err))
		}
		var buffer bytes.Buffer
		if err := encoder.Encode(object, &buffer); err != nil {
			panic(fmt.Sprint(kind, err))
		}
		samples = append(samples, sample{text, buffer.Bytes()})
	}
	return samples
}

type filler struct {
	// How many of 100 fields are set.
	share int
	// How often a type stands on the way from the object to here, since some contain themselves.
	seen map[reflect.Type]int
}

// Types that stand somewhere with all of their fields.
var filled = map[reflect.Type]bool{}

func number(path string) int64 {
	hash := fnv.New32a()
	hash.Write([]byte(path))
	return int64(hash.Sum32())
}

func (f *filler) fill(value reflect.Value, path string) {
	typ := value.Type()
	if f.fillSpecial(value, path) {
		return
	}
	switch typ.Kind() {
	case reflect.Struct:
		if f.seen[typ] >= 2 {
			return
		}
		f.seen[typ]++
		share := f.share
		if filled[typ] {
			share /= 4
		}
		filled[typ] = filled[typ] || share == 100
		for index := range typ.NumField() {
			at := path + "." + typ.Field(index).Name
			if typ.Field(index).Name != "TypeMeta" && int(number(at)%100) < share {
				f.fill(value.Field(index), at)
			}
		}
		f.seen[typ]--
	case reflect.Pointer:
		// A schema or list of schemas without either has no JSON.
		isSchemaOrList := typ.Elem() == reflect.TypeFor[apiextensions.JSONSchemaPropsOrArray]()
		if isSchemaOrList && f.seen[reflect.TypeFor[apiextensions.JSONSchemaProps]()] >= 2 {
			return
		}
		if f.seen[typ.Elem()] < 2 {
			value.Set(reflect.New(typ.Elem()))
			f.fill(value.Elem(), path)
		}
	case reflect.Slice:
		if typ.Elem().Kind() == reflect.Uint8 {
			value.SetBytes([]byte(fmt.Sprintf("%s\x00\xff", path[len(path)-3:])))
			return
		}
		if f.seen[typ.Elem()] >= 2 {
			return
		}
		length := int(number(path)%2) + 1
		value.Set(reflect.MakeSlice(typ, length, length))
		for index := range length {
			f.fill(value.Index(index), fmt.Sprint(path, index))
		}
	case reflect.Map:
		if f.seen[typ.Elem()] >= 2 {
			return
		}
		value.Set(reflect.MakeMap(typ))
		for _, key := range []string{"b", "a/ä"} {
			item := reflect.New(typ.Elem()).Elem()
			f.fill(item, path+key)
			value.SetMapIndex(reflect.ValueOf(key).Convert(typ.Key()), item)
		}
	case reflect.String:
		value.SetString(fmt.Sprint("ü", number(path)%1000))
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int32:
		value.SetInt(number(path) - 1<<31)
	case reflect.Int64:
		value.SetInt((number(path) - 1<<31) * 1001)
	case reflect.Float64:
		value.SetFloat(float64(number(path)) / 7)
	default:
		panic("cannot fill " + path)
	}
}

func (f *filler) fillSpecial(value reflect.Value, path string) bool {
	at := time.Unix(1_000_000_000+number(path), 123_456_000)
	switch special := value.Addr().Interface().(type) {
	case *meta.Time:
		*special = meta.Unix(at.Unix(), 0)
	case *meta.MicroTime:
		*special = meta.NewMicroTime(at)
	case *meta.Duration:
		special.Duration = time.Duration(number(path)) * time.Millisecond
	case *meta.FieldsV1:
		special.SetRawBytes([]byte(`{"f:a":{}}`))
	case *resource.Quantity:
		*special = resource.MustParse(fmt.Sprint(number(path)%1000, "m"))
	case *intstr.IntOrString:
		*special = intstr.FromInt32(int32(number(path) % 1000))
		if number(path)%2 == 0 {
			*special = intstr.FromString("25%")
		}
	case *runtime.RawExtension:
		special.Raw = []byte(`{"kind":"K","apiVersion":"v1"}`)
	case *apiextensions.JSON:
		special.Raw = []byte(`[{"a":1.5},null]`)
	case *apiextensions.JSONSchemaPropsOrBool:
		special.Allows = true
		if number(path)%2 == 0 {
			f.fill(reflect.ValueOf(&special.Schema).Elem(), path+"s")
		}
	case *apiextensions.JSONSchemaPropsOrArray:
		if number(path)%2 == 0 {
			f.fill(reflect.ValueOf(&special.Schema).Elem(), path+"s")
		} else {
			f.fill(reflect.ValueOf(&special.JSONSchemas).Elem(), path+"s")
		}
	case *apiextensions.JSONSchemaPropsOrStringArray:
		if number(path)%2 == 0 {
			f.fill(reflect.ValueOf(&special.Schema).Elem(), path+"s")
		} else {
			special.Property = []string{"a", "b"}
		}
	default:
		return false
	}
	return true
}
