// Package provision carries out approved requests: one kind of app a file (seranking.go: through its
// API). Reading what vendors hold, for cards, commands and reports, is here too (inventory.go).
//
// A deed is done in this order, and may be cut off after any line:
//
//	begin      the request becomes running                         (store; repeated: no change)
//	look       is it so already?                                   (reads only)
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
// A write whose answer was lost may still be on its way: where no answer came at all, "not done" is
// believed only some seconds later. The vendor's own rule that addresses are unique stands behind that.
//
// Neighbours: outbox hands over deeds and holds their notes; approvals records what became of them;
// apiclient speaks to the vendor. This package has no clock of its own.
package provision
