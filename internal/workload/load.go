package workload

// fewestPeople is how many it takes to compare people with each other.
const fewestPeople = 3

// median returns the median of the open issues of rows, which are sorted by
// them; 0 without rows.
func median(rows []Row) float64 {
	n := len(rows)
	if n == 0 {
		return 0
	}
	return float64(rows[(n-1)/2].Open+rows[n/2].Open) / 2
}

// setLoads compares every row with the median.
func (s *Summary) setLoads() {
	for i := range s.Rows {
		row := &s.Rows[i]
		row.Load = LoadBalanced
		if len(s.Rows) >= fewestPeople {
			row.Load = loadOf(row.Open, s.Median)
		}
	}
}

// loadOf asks for a clear distance on top of the proportion, so that small
// numbers do not brand anybody: four against two is no burden.
func loadOf(open int, median float64) Load {
	const distance = 3
	n := float64(open)
	switch {
	case n > 1.5*median && n-median >= distance:
		return LoadHeavy
	case open == 0, n < median/2 && median-n >= distance:
		return LoadLight
	default:
		return LoadBalanced
	}
}
