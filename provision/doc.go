// Package provision carries out approved requests: one kind of app a room (seranking: through its
// API). Reading what vendors hold, for cards, commands and reports, is here too (inventory.go).
//
// A deed is done in this order, and may be cut off after any line:
//
//	begin      the request becomes running                         (store; repeated: no change)
//	look       is it so already?                                   (reads only)
//	people     is whom it gives something to still there?          (asks Slack; not for what takes away)
//	mark       note that the vendor is about to be asked           (store, durable)
//	write      ask the vendor, once                                (the only outward effect)
//	read back  is it so now?                                       (reads only)
//	record     done, failed or in doubt, with what was seen        (store; ends the promise)
//
// Cut off before mark, nothing was asked, and the next owner starts again. Cut off after mark, the
// vendor may have been asked: the next owner looks. Seen done → done. Seen not done → the write is
// made again. Cannot see → it looks again and again, and after a few looks says "in doubt", so that
// an admin may settle it; it goes on looking meanwhile. There is never a second write on a guess.
//
// A deed that takes several requests (a vendor may take one website at a time) goes through these lines once for
// each: the mark names the step, and a step that was seen done brings the next delivery, which begins with
// a look. Whoever finds the marks knows what the deed may have done itself, and risks nothing else.
//
// A write that nobody answered may still be on its way. Three rules bound what that can do:
//
//   - "Not done" is believed only eight seconds after the answer was given up; of a vendor that was slow,
//     after twice as long as it was waited for, up to three minutes after the asking (late.go).
//   - If the second try is refused while the first may still arrive, nothing is asked any more; it is
//     looked for two minutes, and then in doubt. A deed has not failed because one look saw nothing.
//   - A deed does not begin while another of the same account is running or in doubt: writes that replace
//     a whole set would undo each other (approvals/beside.go; held in the store, so across restarts too).
//
// What cannot be excluded: a vendor that carries out a write later than that. Nothing is made twice even
// then, as addresses are unique and the other writes say what shall be, not what shall change; but such
// a write may bring back an older set of websites or permissions after another deed has been told done, or
// an account after its removal. docs/decisions/015-late-writes.md weighs it.
//
// Neighbours: outbox hands over deeds and holds their notes; approvals records what became of them;
// apiclient speaks to the vendor. This package has no clock of its own.
package provision
