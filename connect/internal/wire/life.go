package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// maxLife is the longest life that is believed.
const maxLife = 24 * time.Hour

// Life is how long a token is valid, as a token endpoint says it: seconds as a
// number or, as some servers have it, as the text of one, with a fraction or not;
// at most a day. Zero if it is missing, not positive or anything else: such a token
// serves the call that it was fetched for and is not kept.
type Life time.Duration

// UnmarshalJSON implements json.Unmarshaler. It never fails: a token is good
// whatever its life is.
func (l *Life) UnmarshalJSON(data []byte) error {
	*l = 0
	var text json.Number // takes a number, or the text of one
	if json.Unmarshal(data, &text) != nil {
		return nil //nolint:nilerr // as if it were missing
	}
	seconds, err := strconv.ParseFloat(text.String(), 64) // out of range: infinite
	if math.IsNaN(seconds) || err != nil && !math.IsInf(seconds, 1) {
		return nil // as if it were missing
	}
	*l = Life(min(max(seconds, 0), maxLife.Seconds()) * float64(time.Second))
	return nil
}
