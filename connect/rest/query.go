package rest

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// encodeQuery makes a query string of url.Values or of a tagged struct.
func encodeQuery(query any) (string, error) {
	switch q := query.(type) {
	case nil:
		return "", nil
	case url.Values:
		return q.Encode(), nil
	}
	v := reflect.Indirect(reflect.ValueOf(query))
	if v.Kind() != reflect.Struct {
		return "", errors.New("encode query: neither url.Values nor a struct")
	}
	values := url.Values{}
	for i := range v.NumField() {
		if err := addField(values, v.Type().Field(i), v.Field(i)); err != nil {
			return "", err
		}
	}
	return values.Encode(), nil
}

func addField(values url.Values, field reflect.StructField, v reflect.Value) error {
	name, options, _ := strings.Cut(field.Tag.Get("url"), ",")
	if name == "" || name == "-" {
		return nil
	}
	opts := strings.Split(options, ",")
	if v.IsZero() && (v.Kind() == reflect.Pointer || slices.Contains(opts, "omitempty")) {
		return nil
	}
	texts, err := texts(reflect.Indirect(v))
	if err != nil {
		return fmt.Errorf("encode query parameter %s: %w", name, err)
	}
	if slices.Contains(opts, "comma") && len(texts) > 1 {
		texts = []string{strings.Join(texts, ",")}
	}
	for _, text := range texts {
		values.Add(name, text)
	}
	return nil
}

func texts(v reflect.Value) ([]string, error) {
	if v.Kind() != reflect.Slice {
		text, err := scalar(v)
		return []string{text}, err
	}
	out := make([]string, v.Len())
	for i := range out {
		text, err := scalar(v.Index(i))
		if err != nil {
			return nil, err
		}
		out[i] = text
	}
	return out, nil
}

func scalar(v reflect.Value) (string, error) {
	switch {
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	}
	return "", fmt.Errorf("no encoding for %s", v.Kind())
}
