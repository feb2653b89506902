// Package joiners is people who come and who change teams: that somebody is new in a user group or in the workspace is noticed,
// and what a bundle has for them is offered, by one card to those who decide.
//
//	coming.go    one coming: who is new where, and what came of offering them something
//	rolls.go     who was in each group when it was last read, and what is held back until a second reading says the same
//	desk.go      the Desk joins them to a store, in one transaction with the audit entry and the promises
//	read.go      the readings: of a group, of everybody, and of one person who has just come
//	welcome.go   what is asked, once for each coming; of who has left another group too, both on one card
//
// Nothing is given here, and nothing is taken: what is asked is a request as any other (approvals.OpenOccasion), and policy,
// votes and deeds are approvals' and provision's. The first reading of a group is remembered and offers nothing; a reading that
// failed says nothing of anybody.
//
// Neighbours: the ear hands over who has come, before it acknowledges that; leavers hands over each reading of everybody; commands
// says what a bundle asks for somebody.
package joiners
