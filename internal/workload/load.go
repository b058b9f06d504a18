package workload

// fewestPeople is the smallest number of people to compare with each other.
const fewestPeople = 3

// median returns the median of the rows' open issues; 0 without rows. The rows
// are sorted by open issues.
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
			row.Load = s.Weighing.loadOf(row.Open, s.Median)
		}
	}
}

// loadOf asks for a distance as well as a proportion, so that small numbers do
// not mark anybody: four against two is balanced.
func (w Weighing) loadOf(open int, median float64) Load {
	const distance = 3
	n := float64(open)
	switch {
	case n > float64(w.HeavyAbove())/100*median && n-median >= distance:
		return LoadHeavy
	case open == 0, n < float64(w.LightBelow())/100*median && median-n >= distance:
		return LoadLight
	default:
		return LoadBalanced
	}
}
