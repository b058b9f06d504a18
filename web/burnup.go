package web

import (
	"strings"

	"github.com/sightline-go/sightline/internal/lang"
)

// Burnup is how much was open, and how much was done since the first point, the oldest
// first: a picture, and the same as a table.
type Burnup struct {
	L *lang.Language
	// Name opens it; Words say it in a sentence.
	Name, Words string
	Unit        string // of Remaining
	Points      []BurnupPoint
}

// BurnupPoint is how it was on a day.
type BurnupPoint struct {
	Day                 string
	Open, Overdue, Done int
	Remaining           string
}

// The size of the picture, which is drawn as wide as its place.
const (
	burnupWidth  = 600
	burnupHeight = 120
)

// most is the top of the picture.
func (b Burnup) most() int {
	most := 1
	for _, p := range b.Points {
		most = max(most, p.Open+p.Done)
	}
	return most
}

// areas are the outlines of what was done and, on top of it, of what was open.
func (b Burnup) areas() (done, open string) {
	var ground, middle, top []string
	for i, p := range b.Points {
		x := pixels(burnupWidth * float64(i) / float64(max(1, len(b.Points)-1)))
		ground = append(ground, x+","+pixels(burnupHeight))
		middle = append(middle, x+","+b.y(p.Done))
		top = append(top, x+","+b.y(p.Done+p.Open))
	}
	return around(middle, ground), around(top, middle)
}

func (b Burnup) y(n int) string {
	return pixels(burnupHeight * (1 - float64(n)/float64(b.most())))
}

// around goes along one line and back along another.
func around(there, back []string) string {
	points := append([]string{}, there...)
	for i := len(back) - 1; i >= 0; i-- {
		points = append(points, back[i])
	}
	return strings.Join(points, " ")
}

func (b Burnup) first() BurnupPoint { return b.Points[0] }

func (b Burnup) last() BurnupPoint { return b.Points[len(b.Points)-1] }
