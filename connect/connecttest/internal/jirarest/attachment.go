package jirarest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// uploadLimit is in bytes.
const uploadLimit = 10 << 20

// attachmentBean is a file as Jira shows it. Its id is a number,
// but a string within an issue.
type attachmentBean struct {
	ID       any    `json:"id"`
	Self     string `json:"self"`
	Filename string `json:"filename"`
	Author   any    `json:"author"`
	Created  any    `json:"created"`
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
	Content  string `json:"content"`
}

func (c attachmentCall) attachmentBean(a world.Attachment) attachmentBean {
	return attachmentBean{
		ID: idNumber(a.ID), Self: c.link("attachment/%s", a.ID), Filename: a.Name, Author: c.users().user(a.Author),
		Created: c.time(a.Created), Size: len(a.Content), MimeType: a.Type, Content: c.link("attachment/content/%s", a.ID),
	}
}

// attachmentField is the field attachment of an issue.
func (c attachmentCall) attachmentField(i *world.Issue) any {
	out := []attachmentBean{}
	for _, a := range c.w.Attachments() {
		if a.IssueID == i.ID {
			b := c.attachmentBean(a)
			b.ID = a.ID
			out = append(out, b)
		}
	}
	return out
}

func (c attachmentCall) attachmentMeta() (answer, error) {
	return ok(map[string]any{"enabled": !c.w.Settings().AttachmentsOff, "uploadLimit": uploadLimit})
}

// attachment finds the file in the path.
func (c attachmentCall) attachment() (world.Attachment, error) {
	a, found := c.w.Attachment(c.params["attachment"])
	if !found || c.w.Settings().AttachmentsOff {
		return a, refuse(http.StatusNotFound, "The attachment with id '%s' does not exist.", c.params["attachment"])
	}
	if _, err := c.issues().issue(a.IssueID); err != nil {
		return a, c.forbidden("You do not have permission to view attachment with id: %s", a.ID)
	}
	return a, nil
}

func (c attachmentCall) getAttachment() (answer, error) {
	a, err := c.attachment()
	if err != nil {
		return answer{}, err
	}
	return ok(c.attachmentBean(a))
}

// attachmentContent answers the file itself. The real site redirects to it.
func (c attachmentCall) attachmentContent() (answer, error) {
	a, err := c.attachment()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: file{a.Type, a.Content}}, nil
}
