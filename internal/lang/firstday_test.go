package lang_test

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/lang"
)

func TestFirstDay(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]time.Weekday{
		"": time.Monday, "no locale at all": time.Monday, "de_DE": time.Monday, "de": time.Monday, "en_GB": time.Monday, "fr_FR": time.Monday,
		"en_US": time.Sunday, "en": time.Sunday, "ja_JP": time.Sunday, "pt_BR": time.Sunday, "he_IL": time.Sunday, "ar_EG": time.Saturday, "dv_MV": time.Friday,
	} {
		if got := lang.FirstDay(locale); got != want {
			t.Errorf("%q: got %s, want %s", locale, got, want)
		}
	}
}
