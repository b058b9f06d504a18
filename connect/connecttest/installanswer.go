package connecttest

import (
	"errors"
	"net/http"
)

// answerInstalled hands on what the app answered. Where it refused, its status is
// the call's, too.
func answerInstalled(w http.ResponseWriter, out App, err error) {
	var refused *InstallError
	switch {
	case errors.As(err, &refused) && refused.Status >= 400:
		writeJSON(w, refused.Status, out)
	case errors.As(err, &refused):
		problem(w, http.StatusBadGateway, err.Error())
	case err != nil:
		controlError(w, err)
	default:
		writeJSON(w, http.StatusOK, out)
	}
}
