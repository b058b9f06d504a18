package world

import (
	"slices"
	"strconv"
	"time"
)

// firstAttachmentID is where the ids of attachments start.
const firstAttachmentID = 10000

// Attachment is a file of an issue.
type Attachment struct {
	ID      string
	IssueID string
	Author  string // account id
	Name    string
	Type    string // MIME
	Content string
	Created time.Time
}

// Attachments lists all files of the site, regardless of who may see them.
func (w *World) Attachments() []Attachment {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.attachments)
}

// Attachment finds a file by its id.
func (w *World) Attachment(id string) (Attachment, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	i := slices.IndexFunc(w.state.attachments, func(a Attachment) bool { return a.ID == id })
	if i < 0 {
		return Attachment{}, false
	}
	return w.state.attachments[i], true
}

// addAttachments adds files to issues of the sample, one of them in the private
// project.
func (b *sampler) addAttachments() {
	for i, f := range sampleFiles() {
		issue, found := b.s.issue(f.issue)
		if !found {
			continue
		}
		b.s.attachments = append(b.s.attachments, Attachment{
			ID: strconv.Itoa(firstAttachmentID + i), IssueID: issue.ID, Author: issue.Reporter,
			Name: f.name, Type: f.kind, Content: f.content, Created: issue.Created,
		})
	}
}
