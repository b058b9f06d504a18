package lang

import (
	"strings"
	"time"

	"golang.org/x/text/language"
)

// The regions whose weeks do not begin on Monday.
//
// https://github.com/unicode-org/cldr/blob/main/common/supplemental/supplementalData.xml (firstDay)
const (
	fromSunday = " AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY" +
		" SA SG SV TH TT TW UM US VE VI WS YE ZA ZW "
	fromSaturday = " AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY "
	fromFriday   = " MV "
)

// FirstDay is the first day of the week for a locale such as Jira's "en_US"; Monday if
// the locale says nothing.
func FirstDay(locale string) time.Weekday {
	tag, err := language.Parse(strings.ReplaceAll(locale, "_", "-"))
	if err != nil || locale == "" {
		return time.Monday
	}
	region, _ := tag.Region()
	here := " " + region.String() + " "
	switch {
	case strings.Contains(fromSunday, here):
		return time.Sunday
	case strings.Contains(fromSaturday, here):
		return time.Saturday
	case strings.Contains(fromFriday, here):
		return time.Friday
	}
	return time.Monday
}
