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
// There is one file a verb, and it holds all of that verb: its guide (what help says), its parser,
// and what it does. The five verbs that ask for something (create, share, unshare, update, delete)
// only say what is wished, most of it about an account.go; ask.go puts the wish on the table. What
// Slack, phones and people do to words is mended in escapes.go, links.go, unformat.go and words.go;
// what is exact is asked about where it can be read in two ways (email.go, items.go, amount.go); names of
// websites, permissions and people are looked up in the resolve files. "Did you mean" is suggest.go, and the
// line that is offered for copying mended.go.
//
// A Command that Keeps changes something durable: whoever heard it acknowledges it only after Run
// has returned. All others may be acknowledged first and answered later.
//
// Neighbours: bot hears the words and draws the Reply; approvals holds every rule of who may ask and
// decide. This package knows nothing of Slack but how it escapes text, and imports approvals only.
package commands
