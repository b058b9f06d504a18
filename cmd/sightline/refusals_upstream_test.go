package main

import "encoding/json"

func asJSON(v any) string { b, _ := json.Marshal(v); return string(b) }
