// Package forget takes one person out of everything that is kept. Their addresses, their names and the reasons that were given for them or by
// them become a pseudonym, the same wherever they stood; what was decided, by which Slack id and when, stays, and so does the audit log,
// whose entries hold no such words but the hash of what is kept beside them.
//
//	person.go   who somebody is: the addresses, ids and names by which words are known to be theirs
//	tree.go     JSON as a tree, in the order in which it was written
//	redact.go   which words of a tree are theirs
//	unpack.go   how things are kept: JSON, lines of it, either compressed, or bytes
//	entries.go  what is kept beside the audit log, and what was sealed into it before anything was
//	find.go     whom a word of the command line means, and what speaks against forgetting them
//	forget.go   all of it in order, and going on after a crash
//
// What a store hands over when everything moves (store/cargo) is all there is, so that is what is gone through: a kind of thing that this
// room doesn't know can't be there without being moved. Going through it again until nothing is found is what makes it whole: what is
// written meanwhile is found by the next time.
//
// It knows no vendor, and no more of the rooms than what their JSON says: an address that stands somewhere is found wherever that is. Of
// names and reasons, what is about somebody is told from what stands beside it: the address, or the id, in the same object.
package forget
