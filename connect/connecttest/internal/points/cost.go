package points

import (
	"encoding/json"
	"net/http"
	"strings"
)

// cost is what an answer costs: 1 for the call and, if it only reads, 1 or 2 more
// for each object that it returns.
func cost(q *Quota, method, operation string, status int, body []byte) int {
	if status/100 != 2 || method != http.MethodGet && method != http.MethodHead && !isRead(operation) {
		return 1
	}
	if isFlat(operation) || q.Cheap && isUnmeasured(operation) {
		return 1
	}
	return 1 + weight(operation)*objects(body)
}

// isRead reports whether an operation is a POST that only reads.
func isRead(operation string) bool {
	switch operation {
	case "searchAndReconsileIssuesUsingJqlPost", "searchForIssuesUsingJqlPost", "bulkFetchIssues", "getBulkChangelogs",
		"getWorklogsForIds", "matchIssues", "countIssues", "getBulkPermissions", "getPermittedProjects", "parseJqlQueries",
		"getAutoCompletePost", "sanitiseJqlQueries", "migrateQueries":
		return true
	}
	return false
}

// isFlat reports whether vendors have measured that an operation costs 1 whatever
// it returns.
func isFlat(operation string) bool {
	switch operation {
	case "getProjectVersions", "getProjectVersionsPaginated", "getPermittedProjects", "findUsers":
		return true
	}
	return false
}

func isUnmeasured(operation string) bool {
	switch operation {
	case "bulkFetchIssues", "getWorklogsForIds", "getIdsOfWorklogsModifiedSince", "getIdsOfWorklogsDeletedSince", "getIssueWorklog":
		return true
	}
	return false
}

// weight is what one object of an operation costs.
func weight(operation string) int {
	for _, word := range []string{"User", "Group", "Role", "Permission", "Assignable", "Actor"} {
		if strings.Contains(operation, word) && !strings.Contains(operation, "Property") {
			return 2
		}
	}
	return 1
}

// lists are the members of an answer that hold what it returns.
func lists() []string {
	return []string{
		"issues", "values", "worklogs", "dashboards", "gadgets", "issueChangeLogs", "histories", "matches", "actors",
		"users", "groups", "permissions", "projectPermissions", "projects", "comments", "keys",
	}
}

// objects counts what an answer returns: the members of its list, or itself.
func objects(body []byte) int {
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil {
		return len(list)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return 0
	}
	for _, name := range lists() {
		if json.Unmarshal(members[name], &list) == nil {
			return len(list)
		}
		var named map[string]json.RawMessage
		if name == "permissions" && json.Unmarshal(members[name], &named) == nil {
			return len(named)
		}
	}
	return 1
}
