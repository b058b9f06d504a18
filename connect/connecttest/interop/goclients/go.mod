// The clients are of this module alone: the framework does not depend on them.
module github.com/sightline-go/sightline/connect/connecttest/interop/goclients

go 1.26.0

require (
	github.com/andygrunwald/go-jira v1.16.0
	github.com/ctreminiom/go-atlassian v1.6.1
)

require (
	dario.cat/mergo v1.0.0 // indirect
	github.com/fatih/structs v1.1.0 // indirect
	github.com/golang-jwt/jwt/v4 v4.4.2 // indirect
	github.com/google/go-querystring v1.1.0 // indirect
	github.com/pkg/errors v0.9.1 // indirect
	github.com/tidwall/gjson v1.17.1 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.0 // indirect
	github.com/trivago/tgo v1.0.7 // indirect
)
