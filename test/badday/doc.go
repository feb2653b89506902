// Package badday is the program beside neighbours who misbehave: every way in which a call of Slack's goes wrong,
// a thousand envelopes at once, a clock that jumps, a disk that is full, people who leave.
//
// What must hold is the same as on a good day: nothing that was acknowledged is lost, nothing is done twice, and
// whoever waits is told. Neighbours: test/world; the vendor's own faults stand beside the deeds, in provision.
package badday
