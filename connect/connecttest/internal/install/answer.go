package install

import (
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Answer passes on the app's answer. If the app refused, its status is the
// call's too.
func Answer(w http.ResponseWriter, out App, err error) {
	var refused *Error
	switch {
	case errors.As(err, &refused) && refused.Status >= 400:
		reply.JSON(w, refused.Status, out)
	case errors.As(err, &refused):
		reply.Problem(w, http.StatusBadGateway, err.Error())
	case err != nil:
		control.Error(w, err)
	default:
		reply.JSON(w, http.StatusOK, out)
	}
}
