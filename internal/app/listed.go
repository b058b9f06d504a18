package app

import (
	"io"
	"net/url"
	"reflect"
	"strings"
	"unicode"
)

// SettingError is what is wrong with one setting.
type SettingError struct {
	// Flag is its name on the command line.
	Flag string
	Err  error
}

// Error names the setting's variable.
func (e SettingError) Error() string { return Variable(e.Flag) + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e SettingError) Unwrap() error { return e.Err }

// Listed is a setting of serve as it was written.
type Listed struct {
	// Flag is its name on the command line, Value what may be shown of it: of a
	// secret that it is set.
	Flag, Value string
	// Err is what is wrong with it.
	Err error
}

// List is every setting of serve, in the order of the flags, with what is wrong with
// each.
func (f ServeFlags) List() []Listed {
	wrong := map[string]error{}
	_, err := f.Parse(io.Discard)
	if all, ok := err.(SettingsError); ok { //nolint:errorlint // Parse returns nothing else
		for _, one := range all {
			if about, ok := one.(SettingError); ok { //nolint:errorlint // nor is it wrapped
				wrong[about.Flag] = about.Err
			}
		}
	}
	list := flagsOf(reflect.ValueOf(f), "")
	for i := range list {
		list[i].Err = wrong[list[i].Flag]
	}
	return list
}

// flagsOf reads the fields that the command line has as flags, as kong names them.
func flagsOf(v reflect.Value, prefix string) (list []Listed) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if _, embedded := field.Tag.Lookup("embed"); embedded {
			list = append(list, flagsOf(v.Field(i), prefix+field.Tag.Get("prefix"))...)
			continue
		}
		if field.Tag.Get("kong") == "-" {
			continue
		}
		flag := field.Tag.Get("name")
		if flag == "" {
			flag = dashed(field.Name)
		}
		list = append(list, Listed{Flag: prefix + flag, Value: shown(prefix+flag, v.Field(i).String())})
	}
	return list
}

// dashed writes AllowedHosts as allowed-hosts.
func dashed(name string) string {
	var out strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			out.WriteByte('-')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// shown is what may be shown of a value.
func shown(flag, value string) string {
	switch {
	case value == "":
		return "not set"
	case strings.Contains(flag, "secret"):
		return "set, and not shown"
	case strings.Contains(value, "://"):
		if u, err := url.Parse(value); err == nil {
			return u.Redacted()
		}
		return "set, and not shown"
	}
	return value
}
