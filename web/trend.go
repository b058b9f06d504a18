package web

import (
	"slices"
	"strings"
)

// Spark is a line of counts, the oldest first.
type Spark struct {
	Points []int
	// Text says in brief how the last differs from the first, for example "+3".
	Text string
	// Words say the same in a sentence.
	Words string
}

// The size of a line, and the room that its ends and its width need.
const (
	sparkWidth  = 64
	sparkHeight = 20
	sparkMargin = 3
)

// line are the points of the line. Its height goes from zero to the largest count, so
// that lines of little change look flat.
func (s Spark) line() string {
	points := make([]string, len(s.Points))
	for i := range s.Points {
		points[i] = s.x(i) + "," + s.y(i)
	}
	return strings.Join(points, " ")
}

func (s Spark) x(i int) string {
	return pixels(sparkMargin + (sparkWidth-2*sparkMargin)*float64(i)/float64(max(1, len(s.Points)-1)))
}

func (s Spark) y(i int) string {
	most := max(1, slices.Max(s.Points))
	return pixels(sparkHeight - sparkMargin - (sparkHeight-2*sparkMargin)*float64(s.Points[i])/float64(most))
}

// last is the place of the last point.
func (s Spark) last() int { return len(s.Points) - 1 }
