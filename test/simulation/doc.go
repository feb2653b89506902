// Package simulation lets a company live with the program for days at a time: people who ask, decide, leave and
// press old buttons, a vendor and a Slack that fail, crashes and lost databases, drawn from a seed.
//
// Laws are held while it runs and at its end (laws_test.go): what each world did is compared with what was
// acknowledged and allowed. A seed says a whole life: -seeds plays more of them, -seed one again.
// Neighbours: test/world, and test/bugs by which it is proven that it can fail.
package simulation
