package jirarest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// tokenParameter is where apps may put their token in any call.
const tokenParameter = "jwt"

// strictQuery refuses parameters that the operation does not have.
func (c *call) strictQuery(op *operation) error {
	known := append(strings.Fields(op.query), tokenParameter)
	var messages []string
	for _, name := range slices.Sorted(maps.Keys(c.query)) {
		if !slices.Contains(known, name) {
			messages = append(messages, "Unknown query parameter '"+name+"' of "+op.name+".")
		}
	}
	return complaint(messages)
}

// strictBody refuses members that the operation does not have. The
// operation itself refuses what is not JSON.
func (c *call) strictBody(op *operation) error {
	if op.body == "" {
		return nil
	}
	var messages []string
	for _, path := range unknownMembers(c.body, "", strings.Fields(op.body)) {
		messages = append(messages, "Unknown field '"+path+"' in the body of "+op.name+".")
	}
	return complaint(messages)
}

func complaint(messages []string) error {
	if len(messages) == 0 {
		return nil
	}
	return &problem{status: http.StatusBadRequest, messages: messages}
}

// unknownMembers lists the paths of unknown members. If a member's own members
// are not listed, all are accepted.
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
