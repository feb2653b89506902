package figure

import (
	"cmp"
	"math"
	"slices"
)

// Percentile is the smallest value that so many of a hundred do not exceed; zero where there is none.
func Percentile[T cmp.Ordered](all []T, p float64) (v T) {
	if len(all) == 0 {
		return v
	}
	sorted := slices.Sorted(slices.Values(all))
	i := int(math.Ceil(p/100*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

// Median is the value in the middle, the lower of two.
func Median[T cmp.Ordered](all []T) T { return Percentile(all, 50) }
