package dcrest

import (
	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// The operations are methods of the resource that they are about. Each resource
// is a view of the call being answered and holds nothing else, so converting
// between resources costs nothing.
type (
	// userCall has the operations on users, their passwords, sessions and applications.
	userCall struct{ *call }
	// anonymizeCall has the operations that anonymize users.
	anonymizeCall struct{ *call }
	// searchCall has the searches for users.
	searchCall struct{ *call }
	// avatarCall has the operations on users' avatars.
	avatarCall struct{ *call }
	// columnCall has the operations on the columns of a user's issue table.
	columnCall struct{ *call }
	// propertyCall has the operations on users' properties.
	propertyCall struct{ *call }
	// sharedCall has the operations that Cloud has too.
	sharedCall struct{ *call }
	// issueCall searches issues.
	issueCall struct{ sharedCall }
)

// resource is any of the views.
type resource interface {
	~struct{ *call }
}

// onIssues serves a call with a search.
func onIssues(serve func(issueCall) (api.Answer, error)) func(*call) (api.Answer, error) {
	return func(c *call) (api.Answer, error) { return serve(issueCall{sharedCall{c}}) }
}

// on serves a call with an operation of a resource.
func on[R resource](serve func(R) (api.Answer, error)) func(*call) (api.Answer, error) {
	return func(c *call) (api.Answer, error) { return serve(R{c}) }
}
