package dcrest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"strings"
	"testing"
)

// picture is a PNG with a white pixel at 30, 10.
func picture(t *testing.T, width, height int) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	m.Set(30, 10, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// upload sends a file in the part of that name.
func (s *site) upload(as, query, part, file string, headers ...string) reply {
	s.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile(part, "mine.png")
	if err != nil {
		s.Fatal(err)
	}
	_, _ = f.Write([]byte(file))
	_ = w.Close()
	headers = append([]string{"Content-Type", w.FormDataContentType(), "X-Atlassian-Token", "no-check"}, headers...)
	return s.Send(as, "POST", "user/avatar/temporary"+query, b.String(), headers...)
}

type avatar struct {
	ID, Owner string
	Selected  bool
}

type cropping struct {
	CropperWidth, CropperOffsetX, CropperOffsetY int
	NeedsCropping                                bool
	URL                                          string
}

func TestAvatar(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	var c cropping
	got := s.upload(other, "?username=ytanabe", "avatar", picture(t, 60, 20))
	if embedded(got, &c); got.Status != 201 || c.CropperWidth != 20 || c.CropperOffsetX != 20 || c.CropperOffsetY != 0 || !c.NeedsCropping {
		t.Errorf("got %d %+v", got.Status, c)
	}
	s.shows(s.Get(other, strings.TrimPrefix(c.URL, s.URL)), 60, 20)
	var made avatar
	s.Send(other, "POST", "user/avatar?username=ytanabe", `{"cropperWidth":20,"cropperOffsetX":25,"cropperOffsetY":0,"needsCropping":true}`).Into(201, &made)
	if made.ID == "" || made.Owner != other || made.Selected {
		t.Errorf("got %+v", made)
	}
	var chosen avatar
	s.Send(other, "PUT", "user/avatar?username=ytanabe", fmt.Sprintf(`{"id":%q,"owner":"ytanabe","selected":true}`, made.ID)).Into(200, &chosen)
	if chosen.ID != made.ID || !chosen.Selected {
		t.Errorf("got %+v", chosen)
	}
	var u user
	s.Get(lead, "user?username=ytanabe").Into(200, &u)
	m := s.shows(s.Get(nobody, strings.TrimPrefix(u.AvatarURLs["48x48"], s.URL)), 20, 20)
	if r, _, _, _ := m.At(5, 10).RGBA(); r == 0 {
		t.Error("another part was cropped")
	}
	var all map[string][]avatar
	s.Get(other, "user/avatars").Into(200, &all)
	if len(all["system"]) != 10 || all["system"][0].Selected || len(all["custom"]) != 1 || !all["custom"][0].Selected {
		t.Errorf("got %+v", all)
	}
	s.Send(other, "DELETE", "user/avatar/"+made.ID, "").Empty(204)
	s.Send(other, "DELETE", "user/avatar/"+made.ID, "").Fails(404, made.ID)
	s.Get(lead, "user/avatars?username=ytanabe").Into(200, &all)
	if len(all["custom"]) != 0 || !all["system"][0].Selected {
		t.Errorf("got %+v", all)
	}
}

// shows checks the size of a picture.
func (s *site) shows(r reply, width, height int) image.Image {
	s.Helper()
	m, err := png.Decode(strings.NewReader(r.Body))
	if err != nil || r.Header.Get("Content-Type") != "image/png" || m.Bounds() != image.Rect(0, 0, width, height) {
		s.Fatalf("got %d %v %s", r.Status, r.Header, r.Body)
	}
	return m
}

func TestAvatarForOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var c cropping
	embedded(s.upload(admin, "?username=ytanabe", "avatar", picture(t, 40, 40)), &c)
	if c.NeedsCropping || c.CropperWidth != 40 {
		t.Errorf("a square: got %+v", c)
	}
	s.Send(admin, "POST", "user/avatar", `{}`).Fails(400, "upload") // it is for somebody else
	var made avatar
	s.Send(admin, "POST", "user/avatar?username=ytanabe", `{}`).Into(201, &made)
	s.Send(admin, "POST", "user/avatar?username=ytanabe", `{}`).Fails(400, "upload")
	var all map[string][]avatar
	for as, want := range map[string]int{admin: 1, other: 1, lead: 0} {
		s.Get(as, "user/avatars?username=ytanabe").Into(200, &all)
		if len(all["custom"]) != want {
			t.Errorf("%s: got %+v", as, all["custom"])
		}
	}
	s.Send(lead, "PUT", "user/avatar", `{"id":"`+made.ID+`"}`).Fails(400, made.ID)
	s.Send(lead, "DELETE", "user/avatar/"+made.ID, "").Fails(404, made.ID)
	s.Send(lead, "PUT", "user/avatar", `{"id":"10340"}`).Into(200, &made)
	var u user
	s.Get(lead, "user?username=mlindqvist").Into(200, &u)
	if !strings.HasSuffix(u.AvatarURLs["16x16"], "/avatar/icon/10340.svg") {
		t.Errorf("got %v", u.AvatarURLs)
	}
}

func TestAvatarRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	file := picture(t, 60, 20)
	s.upload(lead, "", "avatar", file, "X-Atlassian-Token", "").Fails(403, "XSRF")
	s.upload(lead, "?username=ytanabe", "avatar", file).Fails(403, "")
	s.upload(admin, "?username=unknown", "avatar", file).Fails(404, "unknown")
	s.upload(nobody, "", "avatar", file).Fails(401, "")
	s.upload(lead, "", "avatar", file, "Content-Type", "image/png").Fails(415, "multipart")
	bad := map[string]reply{
		"name avatar": s.upload(lead, "", "file", file), "not a picture": s.upload(lead, "", "avatar", "<svg/>"), "damaged": s.upload(lead, "", "avatar", file[:50]),
		"too large": s.upload(lead, "", "avatar", strings.Repeat("x", 5<<20)), "4096": s.upload(lead, "", "avatar", picture(t, 5000, 1)),
	}
	for part, got := range bad {
		var e struct{ ErrorMessages []string }
		if embedded(got, &e); got.Status != 500 || !strings.Contains(strings.Join(e.ErrorMessages, ""), part) {
			t.Errorf("%s: got %d %s", part, got.Status, got.Body)
		}
	}
	s.upload(lead, "", "avatar", file)
	for _, crop := range []string{
		`"cropperWidth":0`, `"cropperWidth":21`, `"cropperWidth":20,"cropperOffsetX":41`, `"cropperWidth":20,"cropperOffsetX":-1`,
		`"cropperWidth":20,"cropperOffsetY":1`, `"cropperWidth":1,"cropperOffsetX":9223372036854775807`,
	} {
		s.Send(lead, "POST", "user/avatar", `{"needsCropping":true,`+crop+`}`).Fails(400, "coordinates")
	}
	s.Refuses([]refusal{
		{lead, "POST", "user/avatar", `{"size":1}`, 400, "size"},
		{lead, "POST", "user/avatar", ``, 400, ""},
		{lead, "POST", "user/avatar?username=ytanabe", `{}`, 403, ""},
		{admin, "POST", "user/avatar?username=unknown", `{}`, 404, "unknown"},
		{nobody, "POST", "user/avatar", `{}`, 401, ""},
		{lead, "PUT", "user/avatar", `{"id":"1"}`, 400, "id"},
		{lead, "PUT", "user/avatar", `{"id":1}`, 400, "id"},
		{lead, "PUT", "user/avatar", `{}`, 400, "id"},
		{lead, "PUT", "user/avatar?username=ytanabe", `{"id":"10334"}`, 403, ""},
		{admin, "PUT", "user/avatar?username=unknown", `{"id":"10334"}`, 404, "unknown"},
		{nobody, "PUT", "user/avatar", `{"id":"10334"}`, 401, ""},
		{lead, "DELETE", "user/avatar/10334", "", 403, "system"},
		{lead, "DELETE", "user/avatar/x", "", 404, "x"},
		{lead, "DELETE", "user/avatar/10334?username=ytanabe", "", 403, ""},
		{admin, "DELETE", "user/avatar/10334?username=unknown", "", 404, "unknown"},
		{nobody, "DELETE", "user/avatar/10334", "", 401, ""},
		{lead, "GET", "user/avatars?username=unknown", "", 404, "unknown"},
		{nobody, "GET", "user/avatars", "", 401, ""},
		{admin, "GET", "/dc/secure/temporaryavatar", "", 404, ""},
		{admin, "GET", "/dc/secure/useravatar?avatarId=10334", "", 404, ""},
	})
}
