package descriptor

import (
	"encoding/json"
	"fmt"
)

// Chat is the descriptor of an app on the chat platform. Parts that have no field
// here are kept and rendered again.
type Chat struct {
	Key       string         `json:"key"`
	BaseURL   string         `json:"baseUrl"`
	Lifecycle LifecyclePaths `json:"lifecycle"`
	Modules   ChatModules    `json:"modules"`

	text    document
	modules []module
}

// ChatModules are the modules that have a type here. All others are kept as they
// are.
type ChatModules struct {
	Glances        []ChatGlance        `json:"chat:glance"`
	Configurations []ChatConfiguration `json:"chat:configuration"`
	Sidebars       []ChatSidebar       `json:"chat:sidebar"`
	Dialogs        []ChatDialog        `json:"chat:dialog"`
	ActionTargets  []ChatActionTarget  `json:"chat:actionTarget"`
	Webhooks       []ChatWebhook       `json:"chat:webhook"`
	Bots           []ChatBot           `json:"chat:bot"`
	BotMessages    []ChatBotMessages   `json:"chat:bot:messages"`
	InputActions   []ChatAction        `json:"chat:inputAction"`
	MessageActions []ChatAction        `json:"chat:messageAction"`
	ExternalPages  []ChatExternalPage  `json:"chat:externalPage"`
}

// ChatGlance is a label next to a conversation.
type ChatGlance struct {
	Key      string   `json:"key"`
	Name     Text     `json:"name"`
	Icon     ChatIcon `json:"icon"`
	Target   string   `json:"target"` // key of an action target, sidebar or dialog
	QueryURL string   `json:"queryUrl"`
}

// ChatIcon is an image in two sizes.
type ChatIcon struct {
	URL   string `json:"url"`
	URL2x string `json:"url@2x"`
}

// ChatConfiguration says where people set the app up for a conversation, and
// where the platform asks whether they have.
type ChatConfiguration struct {
	Key string `json:"key"`
	// Page or ExternalPage is the place; exactly one is set.
	Page         *ChatTarget `json:"page"`
	ExternalPage *ChatTarget `json:"externalPage"`
	State        ChatURL     `json:"state"`
}

// ChatURL is an address that the platform calls.
type ChatURL struct {
	URL string `json:"url"`
}

// ChatTarget is another module, by its key, or an address; never both.
type ChatTarget struct {
	Target string `json:"target"`
	URL    string `json:"url"`
}

// ChatSidebar is a page next to a conversation.
type ChatSidebar struct {
	Key  string `json:"key"`
	Name Text   `json:"name"`
	URL  string `json:"url"`
}

// ChatDialog is a page in a dialog.
type ChatDialog struct {
	Key     string            `json:"key"`
	Title   Text              `json:"title"`
	URL     string            `json:"url"`
	Options ChatDialogOptions `json:"options"`
}

// ChatDialogOptions are a dialog's size, as CSS lengths, and the buttons that
// the platform draws under its page.
type ChatDialogOptions struct {
	Size struct {
		Width  string `json:"width"`
		Height string `json:"height"`
	} `json:"size"`
	PrimaryAction    *ChatButton  `json:"primaryAction"`
	SecondaryActions []ChatButton `json:"secondaryActions"`
}

// ChatButton is a button of a dialog. The dialog's page registers a function
// under its key.
type ChatButton struct {
	Key  string `json:"key"`
	Name Text   `json:"name"`
}

// ChatActionTarget says what a click does: exactly one of its five actions is set.
type ChatActionTarget struct {
	Key               string      `json:"key"`
	OpenSidebar       *ModuleName `json:"openSidebar"`
	OpenDialog        *ModuleName `json:"openDialog"`
	OpenConfiguration *ModuleName `json:"openConfiguration"`
	OpenExternalPage  *ModuleName `json:"openExternalPage"`
	CallService       *ChatURL    `json:"callService"`
	// Parameters are a JSON object that the page or service gets.
	Parameters json.RawMessage `json:"parameters"`
}

// ChatWebhook sends one kind of event to one address.
type ChatWebhook struct {
	Key   string `json:"key"`
	Event string `json:"event"`
	URL   string `json:"url"`
}

// ChatBot gets the messages that mention the app or are written to it.
type ChatBot struct {
	Key           string   `json:"key"`
	Mention       *ChatURL `json:"mention"`
	DirectMessage *ChatURL `json:"directMessage"`
}

// ChatBotMessages gets the messages that match a regular expression.
type ChatBotMessages struct {
	Key     string `json:"key"`
	Pattern string `json:"pattern"`
	URL     string `json:"url"`
}

// ChatAction is an entry in the menu of a message or of the input field.
type ChatAction struct {
	Key    string `json:"key"`
	Name   Text   `json:"name"`
	Target string `json:"target"` // key of an action target, sidebar or dialog
}

// ChatExternalPage is a page outside of the chat.
type ChatExternalPage struct {
	Key  string `json:"key"`
	Name Text   `json:"name"`
	URL  string `json:"url"`
}

// ModuleName names another module of the app.
type ModuleName struct {
	Key string `json:"key"`
}

// ParseChat reads a descriptor of the chat platform. Its error is about the JSON
// only; [Chat.Check] looks at the contents.
func ParseChat(data []byte) (*Chat, error) {
	d := new(Chat)
	var err error
	if d.text, d.modules, err = parseDocument(data, d); err != nil {
		return nil, fmt.Errorf("parse chat descriptor: %w", err)
	}
	return d, nil
}

// Render writes the descriptor as it was read, with baseURL, the public base URL,
// put in. A trailing slash of it is removed.
func (d *Chat) Render(baseURL string) ([]byte, error) { return d.text.render(baseURL) }

// RenderChat puts a base URL into a chat descriptor, checks the result and returns
// it parsed and as it is served. Its error is that of [ParseChat] or [Chat.Check].
func RenderChat(data []byte, baseURL string) (*Chat, []byte, error) {
	d, err := ParseChat(data)
	if err != nil {
		return nil, nil, err
	}
	rendered, err := d.Render(baseURL)
	if err != nil {
		return nil, nil, err
	}
	if d, err = ParseChat(rendered); err != nil {
		return nil, nil, err
	}
	return d, rendered, d.Check()
}
