package workload

import "slices"

// fewestPeople is the smallest number of people to compare with each other.
const fewestPeople = 3

// median returns the median of what the rows have open; 0 without rows. The rows
// are sorted by that.
func median(rows []Row, m Measure) float64 {
	n := len(rows)
	if n == 0 {
		return 0
	}
	return (rows[(n-1)/2].value(m) + rows[n/2].value(m)) / 2
}

// setLoads compares everybody who can work with the median.
func (s *Summary) setLoads() {
	working := slices.DeleteFunc(slices.Clone(s.Rows), func(r Row) bool { return r.Person.Inactive })
	s.Median = median(working, s.Measure)
	for i := range s.Rows {
		row := &s.Rows[i]
		if row.Person.Inactive {
			continue
		}
		row.Load = LoadBalanced
		if len(working) >= fewestPeople {
			row.Load = s.loadOf(row.Counts)
		}
	}
}

// loadOf asks for a distance as well as a proportion, so that small numbers do
// not mark anybody: four against two is balanced.
func (s *Summary) loadOf(c Counts) Load {
	n, median, distance := c.value(s.Measure), s.Median, s.Measure.distance()
	switch {
	case n > float64(s.Weighing.HeavyAbove())/100*median && n-median >= distance:
		return LoadHeavy
	case c.Open == 0, n < float64(s.Weighing.LightBelow())/100*median && median-n >= distance:
		return LoadLight
	default:
		return LoadBalanced
	}
}
