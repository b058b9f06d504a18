package viewer

import (
	"reflect"

	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// Sized is a view, or its drawing, that knows roughly how many bytes of memory it
// takes.
type Sized interface{ Size() int }

// sizeOf is a value's Size, or 0 if it has none.
func sizeOf(value any) int {
	if sized, ok := value.(Sized); ok {
		return sized.Size()
	}
	return 0
}

func (c cached[V, D]) size() int { return sizeOf(c.view) + int(c.drawn.bytes.Load()) }

// What parts of a view take besides their texts.
const (
	bytesOfView   = 1 << 10
	bytesOfPerson = 64
	bytesOfCell   = 16

	bytesOfForecast = 512
)

// bytesOfRow is what a row of a kind takes, however many numbers it gets.
func bytesOfRow[R any]() int { return int(reflect.TypeFor[R]().Size()) }

// Size implements [Sized].
func (w Workload) Size() int {
	bytes := w.View.size()
	for _, rows := range [][]workload.Row{w.Summary.Rows, w.Summary.Apps} {
		for _, row := range rows {
			bytes += bytesOfRow[workload.Row]() + sizeOfPerson(row.Person)
		}
	}
	for account := range w.Capacity.Forecasts {
		bytes += bytesOfForecast + len(account)
	}
	for _, id := range w.Summary.Outside {
		bytes += bytesOfCell + len(id)
	}
	for _, group := range w.Summary.Groups {
		bytes += (1+len(group.By))*bytesOfRow[workload.Bucket]() + len(group.Value.ID) + len(group.Value.Name)
	}
	return bytes
}

// Size implements [Sized].
func (t Timelog) Size() int {
	bytes := t.View.size()
	return bytes + sizeOfRows(t.Sheet.Rows) + sizeOfRows(t.Sheet.Apps) + sizeOfRows(t.Sheet.Groups)
}

func sizeOfRows(rows []timelog.Row) (bytes int) {
	for _, row := range rows {
		bytes += bytesOfRow[timelog.Row]() + sizeOfPerson(row.Person) + bytesOfCell*len(row.Cells) + len(row.On.Key) + len(row.On.Name) + sizeOfRows(row.Parts)
	}
	return bytes
}

func (v View) size() int {
	bytes := bytesOfView
	for _, p := range v.Team.Members {
		bytes += sizeOfPerson(p)
	}
	return bytes
}

func sizeOfPerson(p workload.Person) int {
	return bytesOfPerson + len(p.AccountID) + len(p.Name) + len(p.AvatarURL)
}
