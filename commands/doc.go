// Package commands is what people may say: it reads the words after /access and answers them.
//
// Parse turns what was typed into one of three things: a Command, an answer at once (help, or what
// was not understood with the nearest thing that would have been), or neither, which means that
// the words were not meant for Usher. A slash command is always meant for it, so Parse never says
// "neither" today; surfaces that overhear conversation will.
//
//	typed text ──unescape──► plain text ──lex──► words, options, reason ──parseVERB──► Command
//	Command ──(*House).Run──► Reply, or an *approvals.Error that is a sentence for people
//
// What can be asked of an app stands in its entry in the catalog, in its own words. speech.go makes verbs, options and
// help of the entries of the configured apps; asking.go and values.go read a line by them, wish.go and the resolve
// files find out what it asks, most of it about an account.go, and ask.go puts the wish on the table. list.go lists
// an app's resources. Every other verb is the same everywhere and has one file that holds all of it: its guide
// (what help says), its parser, and what it does.
//
// What Slack, phones and people do to words is mended in escapes.go, links.go, unformat.go and words.go;
// what is exact is asked about where it can be read in two ways (email.go, items.go, amount.go). "Did you mean" is
// suggest.go, and the line that is offered for copying mended.go.
//
// A Command that Keeps changes something durable: whoever heard it acknowledges it only after Run
// has returned. All others may be acknowledged first and answered later.
//
// Neighbours: bot hears the words and draws the Reply; approvals holds every rule of who may ask and
// decide. This package knows nothing of Slack but how it escapes text, and imports approvals and
// the catalog only.
package commands
