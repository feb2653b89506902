// Package figure is what becomes of measurements: percentiles and medians, rows of a table, pictures of curves. Pure.
//
//	stats.go  percentiles, medians
//	row.go    one line of the table: what each program did, the goal, whether it is met
//	curve.go  a picture of a few curves, as SVG
//
// What couldn't be measured is a cell with a sentence, never one with a number: Absent says why. A Row whose parts are absent says
// neither yes nor no to its goal. Neighbours: bench measures, and writes docs/performance.md of these.
package figure
