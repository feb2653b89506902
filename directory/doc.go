// Package directory is where people are known from beside Slack: what other directories of a company (a personnel office's list, Okta,
// Entra ID, Google Workspace) say of who is there and who was switched off. It only ever reads.
//
//	record.go     somebody in a directory, and what one reading after another comes to (Kept.With)
//	doubt.go      a reading that isn't believed: nobody, half, or too many switched off at once
//	readings.go   each directory is read once a day, by a promise; what came is kept, or stays as it was
//	standing.go   how somebody stands, by address
//	sources/      what reads each kind, behind Source
//
// Its one idea: an answer that could not be read, or that isn't believed, is never "left". It changes nothing that is kept, is told the
// admins, and is asked for again; whoever asks how somebody stands meanwhile hears what was known last, and of a directory that hasn't
// answered for days that it isn't sure.
//
// Somebody is the same person by their id within a directory, whatever becomes of their address, and by a verified address across
// directories. What was theirs stays theirs, until it is another's who is there.
//
// Neighbours: register asks for standings (its Elsewhere) and makes findings of what differs; the wiring hands in the sources. What is
// kept is as little as that takes: ids, addresses, whether and since when. No names.
package directory
