package form

import (
	"slices"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// columnOptions offers the columns of a workload: the chosen ones first, in their
// order; nil if there are none to choose.
func columnOptions(l *lang.Language, to For, chosen []workload.Column) []web.Option {
	if !to.Columns {
		return nil
	}
	all := workload.TableColumns()
	order := slices.Clone(chosen)
	if chosen == nil {
		order = slices.Clone(all)
	}
	for _, c := range all {
		if !slices.Contains(order, c) {
			order = append(order, c)
		}
	}
	names := web.Workload{L: l}.ColumnNames()
	list := make([]web.Option, 0, len(order))
	for _, c := range order {
		if name, known := names[string(c)]; known {
			list = append(list, web.Option{Value: string(c), Label: name, Selected: chosen == nil || slices.Contains(chosen, c)})
		}
	}
	return list
}
