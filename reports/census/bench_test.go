package census_test

import (
	"testing"
)

// BenchmarkDigest is a week's digest of an app of ten thousand accounts, with the week before to compare with: what it takes of one is a
// ten-thousandth of it.
func BenchmarkDigest(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		c := &crowd{TB: b, n: 10_000, blind: true}
		c.report(1)
		b.StartTimer()
		c.report(2)
	}
}
