package api

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// UnknownMembers lists the paths of the members of a JSON text that are not among
// the known ones, which are separated by spaces. If a member's own members are not
// listed, all are accepted; so is everything without a list.
func UnknownMembers(raw json.RawMessage, known string) []string {
	if known == "" {
		return nil
	}
	return unknownMembers(raw, "", strings.Fields(known))
}

func unknownMembers(raw json.RawMessage, prefix string, known []string) []string {
	var unknown []string
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) == nil {
		for _, e := range elements {
			unknown = append(unknown, unknownMembers(e, prefix, known)...)
		}
		return unknown
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		path := prefix + name
		inside := func(k string) bool { return strings.HasPrefix(k, path+".") }
		switch {
		case !slices.Contains(known, path):
			unknown = append(unknown, path)
		case slices.ContainsFunc(known, inside):
			unknown = append(unknown, unknownMembers(members[name], path+".", known)...)
		}
	}
	return unknown
}
