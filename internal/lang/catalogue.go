package lang

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Catalogue is all languages of the product. The zero value is of no use, make
// one with [New].
type Catalogue struct {
	languages []*Language
	matcher   language.Matcher

	// known are locales that were asked for, because matching one takes several
	// microseconds.
	mu    sync.RWMutex
	known map[string]*Language
}

// maxKnown bounds the locales that are remembered; Jira has some thirty.
const maxKnown = 256

// Language is one language with its texts. It is safe for concurrent use.
type Language struct {
	*Texts
	// Tag is the language's name in HTML, for example "de".
	Tag     string
	tag     language.Tag
	printer *message.Printer
}

// New reads the catalogue. English comes first: it stands in for every
// language that is not there.
func New() *Catalogue {
	c := &Catalogue{known: make(map[string]*Language)}
	c.add(language.English, english())
	c.add(language.German, german())
	tags := make([]language.Tag, 0, len(c.languages))
	for _, l := range c.languages {
		tags = append(tags, l.tag)
	}
	c.matcher = language.NewMatcher(tags)
	return c
}

func (c *Catalogue) add(tag language.Tag, texts Texts) {
	c.languages = append(c.languages, &Language{
		Texts: &texts, Tag: tag.String(), tag: tag, printer: message.NewPrinter(tag),
	})
}

// All is every language, English first.
func (c *Catalogue) All() []*Language { return slices.Clone(c.languages) }

// English is the language of who has none.
func (c *Catalogue) English() *Language { return c.languages[0] }

// Of finds the language for a locale such as Jira's "de_AT", English when the
// locale is empty, unknown or no locale.
func (c *Catalogue) Of(locale string) *Language {
	c.mu.RLock()
	found := c.known[locale]
	c.mu.RUnlock()
	if found == nil {
		found = c.match(locale)
		c.remember(strings.Clone(locale), found)
	}
	return found
}

func (c *Catalogue) remember(locale string, l *Language) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) < maxKnown && len(locale) < maxKnown {
		c.known[locale] = l
	}
}

func (c *Catalogue) match(locale string) *Language {
	tag, err := language.Parse(strings.ReplaceAll(locale, "_", "-"))
	if err != nil {
		return c.English()
	}
	_, i, confidence := c.matcher.Match(tag)
	if confidence == language.No {
		return c.English()
	}
	return c.languages[i]
}

// Accepted finds the language for an Accept-Language header, for people whose
// locale is not known.
func (c *Catalogue) Accepted(header string) *Language {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return c.English()
	}
	_, i, confidence := c.matcher.Match(tags...)
	if confidence == language.No {
		return c.English()
	}
	return c.languages[i]
}
