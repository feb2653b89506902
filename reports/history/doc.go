// Package history is what is remembered of each app, day by day: how many seats were used, whose accounts were blocked by limits.
//
// A day is what one reading of an app showed. A day on which the app could not be read is a gap: it has no figures, and is
// never drawn as a zero. From the days follow a Trend, a point a week, and Since, from when on an account is known to have been as
// it is now.
//
// Neighbours: reports asks for it and shows it. This room knows no report, so that everything that shows an app over time can use it;
// what it takes in are the accounts of one reading, one by one.
package history
