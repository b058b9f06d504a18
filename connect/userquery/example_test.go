package userquery_test

import (
	"fmt"

	"github.com/sightline-go/sightline/connect/userquery"
)

func Example() {
	query := userquery.And(
		userquery.AssigneeOf("ABC"),
		userquery.Property("location", "office", "city").Is("Sydney"),
	)
	fmt.Println(query, query.Check())
	// Output: is assignee of ABC AND [location].office.city is "Sydney" <nil>
}

func ExampleParse() {
	query, err := userquery.Parse(`is voter of (ABC-1, ABC-2) OR is watcher of (ABC-3)`)
	fmt.Println(len(query.Any), err)
	_, err = userquery.Parse(`is voter of ABC-1`)
	fmt.Println(err)
	// Output:
	// 2 <nil>
	// user query, character 13: issue keys are written in parentheses
}
