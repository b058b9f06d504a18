package connecttest

import (
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// TestChatPageFollows watches a room in a browser while others change it.
func TestChatPageFollows(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	site := NewSite(t)
	room := site.Objects().Conversations[0]
	tab := browser.Open(t, site.URL()+"/chat/"+room.ID, 1280, 800)
	tab.Until(`document.querySelector('h1')?.textContent === 'Release room'`)

	yes, name := true, "War room"
	if err := site.UpdateConversation(room.ID, ConversationChange{Name: &name, Archived: &yes}); err != nil {
		t.Fatal(err)
	}
	tab.Until(`document.querySelector('h1').textContent === 'War room Archived'`)
	if err := site.ChangeRoster(room.ID, RosterChange{Remove: room.Members[:2]}); err != nil {
		t.Fatal(err)
	}
	tab.Until(`document.querySelector('[aria-label="6 members"]')`)
	id, err := site.CreateConversation(NewConversation{Name: "Another one"})
	if err != nil {
		t.Fatal(err)
	}
	tab.Until(`document.querySelector('.rooms').innerText.includes('Another one')`)
	if err := site.DeleteConversation(id, ""); err != nil {
		t.Fatal(err)
	}
	tab.Until(`!document.querySelector('.rooms').innerText.includes('Another one')`)
	if err := site.DeleteConversation(room.ID, ""); err != nil {
		t.Fatal(err)
	}
	tab.Until(`document.querySelector('main').innerText.includes('This room is gone')`)
	// A page that reads the room while it is deleted is told so, and the
	// browser logs that.
	problems := slices.DeleteFunc(tab.Problems(), func(p string) bool {
		return strings.Contains(p, "404 (Not Found)") && strings.Contains(p, "/-/ui/chat/"+room.ID)
	})
	if len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}
