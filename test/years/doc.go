// Package years lets a company of two thousand live with the whole program for as long as it is told (-days), and says to what each part
// of its file has grown.
//
//	company_test.go  who there is, and how much they do on a working day
//	day_test.go      what they do
//	years_test.go    the days, what is held, and what the file's rooms have grown to
//
// An ordinary run lives a few days, held to their share of what two years may have; -closed-kept says for how long closed requests are
// kept, and -into in which folder the file is left. Neighbours: test/world, and store/bolt, whose TestTwoYears lives all of two years
// through the desk alone.
package years
