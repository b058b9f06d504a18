package harness

import (
	"fmt"
	"time"
)

// WideData is a project with so many open issues of a team of ten. Every fifth has
// time logged on it in the last days, one of them more than a search returns.
func WideData(issues int) string {
	type object = map[string]any
	var users, list, logs []object
	for n := range 10 {
		users = append(users, object{"name": fmt.Sprintf("person%d", n), "displayName": fmt.Sprintf("Person %d", n), "active": true, "timeZone": "Europe/Berlin"})
	}
	logged := func(key, who string, days int) {
		at := time.Now().Add(-time.Duration(days) * 24 * time.Hour).UTC().Format(time.RFC3339)
		logs = append(logs, object{"id": fmt.Sprint(500_000 + len(logs)), "issue": key, "author": who, "started": at, "timeSpentSeconds": 3600})
	}
	for n := range issues {
		key, who := fmt.Sprintf("WIDE-%d", n+1), fmt.Sprintf("person%d", n%10)
		list = append(list, object{
			"key": key, "id": fmt.Sprint(100_000 + n), "project": "WIDE", "summary": "One of many", "issuetype": "Task", "status": "To Do",
			"statusCategory": "new", "assignee": who, "reporter": who, "created": "2026-01-01T00:00:00Z", "updated": "2026-01-02T00:00:00Z",
		})
		if n%5 == 0 {
			logged(key, who, n%6)
		}
	}
	for range 25 {
		logged("WIDE-1", "person0", 1)
	}
	return AsJSON(object{"projects": []object{{"key": "WIDE", "name": "Wide"}}, "issues": list, "worklogs": logs, "users": users})
}
