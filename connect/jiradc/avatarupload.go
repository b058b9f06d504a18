package jiradc

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"regexp"

	"github.com/sightline-go/sightline/connect/rest"
)

// AvatarImage is a picture to upload.
type AvatarImage struct {
	// FileName is for example me.png.
	FileName string
	// ContentType is for example image/png.
	ContentType string
	Data        []byte
}

// AvatarCropping is the square that is cut out of an uploaded picture, in
// pixels from its upper left corner.
type AvatarCropping struct {
	OffsetX int `json:"cropperOffsetX"`
	OffsetY int `json:"cropperOffsetY"`
	Width   int `json:"cropperWidth"`
	// NeedsCropping is false for a picture that already is a square of the
	// right size.
	NeedsCropping bool `json:"needsCropping"`
	// URL shows the uploaded picture.
	URL string `json:"url"`
}

var textarea = regexp.MustCompile(`(?is)<textarea[^>]*>(.*)</textarea>`)

// UploadTemporary uploads a picture and returns the square that Jira proposes to
// cut out of it. CreateFromTemporary then makes the avatar.
//
// POST /rest/api/2/user/avatar/temporary. Permission: to change the person's
// picture. Statuses: 201, 401, 403, 404, 500.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-avatar-temporary-post
func (s *AvatarsService) UploadTemporary(ctx context.Context, username string, image AvatarImage) (AvatarCropping, error) {
	body, err := encodeImage(image)
	if err != nil {
		return AvatarCropping{}, fmt.Errorf("encode avatar: %w", err)
	}
	r := rest.Request{
		Method: http.MethodPost, Path: "/rest/api/2/user/avatar/temporary", Query: nameQuery{username}, Body: body,
		// Without the token Jira takes the upload for a forged one.
		Header: http.Header{"X-Atlassian-Token": {"no-check"}, "Accept": {"text/html"}},
	}
	page, resp, err := rest.Do[rest.Raw](ctx, s.rest, r)
	if err != nil {
		return AvatarCropping{}, err
	}
	return readCropping(r, resp.Status, page.Data)
}

// encodeImage makes a form of the picture; its field must be called avatar.
func encodeImage(image AvatarImage) (rest.Raw, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("avatar", image.FileName))
	header.Set("Content-Type", image.ContentType)
	part, err := form.CreatePart(header)
	if err != nil {
		return rest.Raw{}, err
	}
	if _, err := part.Write(image.Data); err != nil {
		return rest.Raw{}, err
	}
	if err := form.Close(); err != nil {
		return rest.Raw{}, err
	}
	return rest.Raw{ContentType: form.FormDataContentType(), Data: b.Bytes()}, nil
}

// readCropping finds the JSON in the textarea of a page, which is how Jira
// answers uploads; what went wrong may stand there too, whatever the status.
func readCropping(r rest.Request, status int, page []byte) (AvatarCropping, error) {
	text := string(page)
	if found := textarea.FindStringSubmatch(text); found != nil {
		text = html.UnescapeString(found[1])
	}
	var answer struct {
		AvatarCropping
		Problems
	}
	if json.Unmarshal([]byte(text), &answer) != nil {
		return AvatarCropping{}, fmt.Errorf("%s %s: %w: no json in the page", r.Method, r.Path, rest.ErrUnreadable)
	}
	if len(answer.Messages)+len(answer.Fields) > 0 {
		return AvatarCropping{}, &rest.Error{
			Status: status, Method: r.Method, Path: r.Path, Messages: answer.Messages, Fields: answer.Fields,
		}
	}
	return answer.AvatarCropping, nil
}
