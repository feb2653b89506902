// Package leavers is people who leave: that somebody does is noticed or said, what they hold is gathered, one card asks whether
// it is taken back, and each thing is followed until it was seen gone.
//
//	leaving.go   one leaving, from when it is heard of until nothing of it is left, and the things of it
//	roster.go    who has left and who is leaving, and how many at once (breaker.go)
//	desk.go      the Desk joins them to a store, in one transaction with the audit entry and the promises
//	seen.go      what Slack says of somebody, at once and by the daily reading of everybody (sweep.go)
//	gather.go    what somebody holds becomes what is asked about it (asks.go), once for each leaving
//
// Nothing is taken here: what is asked is a request as any other, and policy, votes and deeds are approvals' and provision's.
// An answer that could not be read is never "left", and neither is one that lists nobody or half of everybody.
//
// Neighbours: the ear hands over what it hears, before it acknowledges that; the register says what somebody holds.
package leavers
