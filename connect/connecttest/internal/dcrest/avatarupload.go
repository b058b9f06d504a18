package dcrest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"image"
	"image/draw"
	_ "image/gif"
	_ "image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// Limits of an uploaded picture: its file in bytes, its sides in pixels.
const (
	maxUpload = 4 << 20
	maxSide   = 4096
)

// upload is a picture waiting to be cropped by the user who uploaded it.
type upload struct {
	target  string // key of the user whose avatar it is to be
	picture image.Image
}

// cropping is the part of a picture to take, a square.
type cropping struct {
	Width  int    `json:"cropperWidth"`
	X      int    `json:"cropperOffsetX"`
	Y      int    `json:"cropperOffsetY"`
	URL    string `json:"url"`
	Needed bool   `json:"needsCropping"`
}

// uploadAvatar takes the first of three steps: upload, crop, choose. The
// answer, even to a file that is not a picture, is JSON in the text area of a
// page.
func (c avatarCall) uploadAvatar() (api.Answer, error) {
	if token := c.r.Header.Get("X-Atlassian-Token"); token != "no-check" && token != "nocheck" {
		return api.Answer{}, forbidden("XSRF check failed")
	}
	u, err := c.whoseAvatar()
	if err != nil {
		return api.Answer{}, err
	}
	if api.MediaType(c.r) != "multipart/form-data" {
		return api.Answer{}, api.Refuse(http.StatusUnsupportedMediaType, "Unsupported Media Type: multipart/form-data is expected.")
	}
	picture, err := c.uploaded()
	if err != nil {
		return inTextArea(http.StatusInternalServerError, newErrors(api.BadRequest("%v", err)))
	}
	c.uploads[c.me.key] = upload{u.key, picture}
	side := picture.Bounds().Size()
	width := min(side.X, side.Y)
	return inTextArea(http.StatusCreated, cropping{
		Width: width, X: (side.X - width) / 2, Y: (side.Y - width) / 2,
		URL: c.base() + "/secure/temporaryavatar?cropped=true", Needed: side.X != side.Y,
	})
}

func inTextArea(status int, value any) (api.Answer, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return api.Answer{}, fmt.Errorf("encode answer: %w", err)
	}
	return api.Answer{Status: status, Body: api.HTML("<html><body><textarea>" + html.EscapeString(string(data)) + "</textarea></body></html>")}, nil
}

// uploaded reads the picture in the part named avatar.
func (c avatarCall) uploaded() (image.Image, error) {
	file, _, err := c.r.FormFile("avatar")
	if err != nil {
		return nil, errors.New("the upload has no file with the name avatar, or is too large")
	}
	defer func() { _ = file.Close() }()
	size, _, err := image.DecodeConfig(file)
	if err != nil {
		return nil, errors.New("the file is not a picture in the format PNG, JPEG or GIF")
	}
	if size.Width > maxSide || size.Height > maxSide {
		return nil, fmt.Errorf("the picture is larger than %d pixels", maxSide)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, errors.New("the file cannot be read")
	}
	picture, _, err := image.Decode(file)
	if err != nil {
		return nil, errors.New("the picture is damaged")
	}
	return picture, nil
}

// createAvatar crops what was uploaded before.
func (c avatarCall) createAvatar() (api.Answer, error) {
	u, err := c.whoseAvatar()
	if err != nil {
		return api.Answer{}, err
	}
	var in cropping
	if err := api.Decode(c.body, &in); err != nil {
		return api.Answer{}, err
	}
	up, found := c.uploads[c.me.key]
	if !found || up.target != u.key {
		return api.Answer{}, api.BadRequest("There is no temporary avatar: upload one first.")
	}
	square, err := up.square(in)
	if err != nil {
		return api.Answer{}, err
	}
	data, err := crop(up.picture, square)
	if err != nil {
		return api.Answer{}, err
	}
	delete(c.uploads, c.me.key)
	c.lastAvatar++
	a := &avatar{id: strconv.Itoa(firstCustomAvatar + c.lastAvatar), owner: u.key, image: data}
	c.avatars = append(c.avatars, a)
	return api.Answer{Status: http.StatusCreated, Body: c.avatarBean(a, u)}, nil
}

// square is the part to keep: the whole picture if it needs no cropping.
func (u upload) square(in cropping) (image.Rectangle, error) {
	all := u.picture.Bounds()
	if !in.Needed && all.Dx() == all.Dy() {
		return all, nil
	}
	outside := in.X < 0 || in.Y < 0 || in.Width <= 0 || in.Width > maxSide || in.X > all.Dx()-in.Width || in.Y > all.Dy()-in.Width
	if outside {
		return image.Rectangle{}, api.BadRequest("The cropping coordinates are not within the picture.")
	}
	return image.Rect(0, 0, in.Width, in.Width).Add(all.Min).Add(image.Pt(in.X, in.Y)), nil
}

func crop(picture image.Image, square image.Rectangle) ([]byte, error) {
	out := image.NewRGBA(image.Rect(0, 0, square.Dx(), square.Dy()))
	draw.Draw(out, out.Bounds(), picture, square.Min, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		return nil, fmt.Errorf("encode avatar: %w", err)
	}
	return b.Bytes(), nil
}

// picture serves the picture addresses that the API returns: the caller's
// upload, and avatars.
func (a *API) picture(_ http.ResponseWriter, r *http.Request, p Principal) (api.Answer, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if up, found := a.state.uploads[p.Key]; found && r.URL.Path == ContextPath+"/secure/temporaryavatar" {
		data, err := crop(up.picture, up.picture.Bounds())
		return api.Answer{Status: http.StatusOK, Body: api.Image(data)}, err
	}
	if r.URL.Path == ContextPath+"/secure/useravatar" {
		for _, one := range a.state.avatars {
			if one.id == r.URL.Query().Get("avatarId") && one.image != nil {
				return api.OK(api.Image(one.image))
			}
		}
	}
	return api.Answer{}, api.Refuse(http.StatusNotFound, "There is no such picture.")
}
