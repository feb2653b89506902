package script

// act is what can be done in a line: its forms, and what it means. In a form, what is written in capitals stands for something, a|b is
// one of the two, and what stands in brackets may be left out.
type act struct{ forms, means string }

// people are those who are there from the beginning.
var people = []string{"alice", "bob", "carol", "admin", "dave", "erin", "fred", "guest", "gone"}

// acts are all there are: what people do, what they see, what is held against what's kept, and what happens beside them.
var acts = []act{
	{"PERSON types …", "sends a slash command in #general (“types in dm …”, “types in C0REPORTS …”); ⏎ begins a line"},
	{"PERSON sees TEXTS", "the next private answer to them holds these words"},
	{"PERSON is told TEXTS · PERSON is told nothing", "one of the direct messages to them that nobody has expected yet does; there is none"},
	{"PERSON is asked TEXTS · PERSON is asked nothing", "the next one that asks them to decide does; each is held to what is so anyway"},
	{"PERSON has [been asked] TEXTS offers WORDS", "their latest direct message as it stands by now, and its buttons, exactly, in quotes where one has spaces; or nothing"},
	{"PERSON clicks|double-clicks LABEL on [old|lost] card N", "a button of a card; as it was before the card changed, or before “lose data”; twice at once"},
	{"PERSON clicks|double-clicks LABEL on task N", "a button of the message that shows a task where the cards are"},
	{"PERSON clicks|double-clicks LABEL on her|his|their message|request|answer|form [of N]", "of their last direct message, about that request; of the one that asks them to decide, of the last private answer, of the form that's open"},
	{"PERSON clicks|double-clicks LABEL on [old] home [of N]", "of their Home, about that request; as it was when it was last held to what it offers"},
	{"PERSON clicks|double-clicks LABEL on the report", "of the first report in its channel"},
	{"PERSON chooses LABEL of step N on task N · PERSON chooses LABEL of step N of [old] request N", "from the menu beside a step; where their phone still shows one"},
	{"PERSON garbles", "their form arrives with its fields as an empty list, as PHP writes an empty map"},
	{"PERSON reads TEXTS · PERSON reads nothing", "the form that's open says these words, under its fields too; none is"},
	{"PERSON fills TEXT TEXTS", "fills in what has that label, with text (⏎ begins a line), options' labels or names"},
	{"PERSON adds TEXT TEXT TEXT", "a file, for the field of that label: what it's called, and what's in it (⏎) or how large it is, as in “11 MB”"},
	{"PERSON searches TEXT TEXT finds TEXTS · PERSON searches TEXT TEXT finds nothing", "what a menu offers as they type"},
	{"PERSON picks TEXT TEXT [TEXT]", "searches, and picks the one so called, beside what's picked there"},
	{"PERSON sends · PERSON sends twice · PERSON sends from version N", "the form as it's filled in; twice at once; as another program drew it"},
	{"PERSON submits TEXT", "fills in the one field of the form that's open, and sends it"},
	{"PERSON uses TEXT [on PERSON'S message]", "a shortcut; on their last message in #general"},
	{"PERSON writes under card N [to all] TEXT", "in its thread, and to the channel too"},
	{"PERSON rewrites TEXT as TEXT · PERSON deletes TEXT", "what they wrote there"},
	{"PERSON opens the form · PERSON opens home", "by the button of the last private answer to them; Usher's Home"},
	{"PERSON'S home says TEXTS · PERSON'S home offers WORDS · PERSON has no home", "what stands on it now; its buttons, exactly; there's none"},
	{"PERSON'S home is lost", "Slack forgets what was published there"},
	{"PERSON leaves · PERSON returns", "their account in Slack is deactivated, or activated again"},
	{"PERSON sets his|her|their status TEXT TEXT [TEXT]", "what stands beside their name in Slack: an emoji, words, for how long"},
	{"PERSON follows N TEXTS · PERSON follows N nothing", "the one message that shows them how far a task is; there's none"},

	{"card N says TEXTS [offers WORDS]", "the card of that request as it stands now, and its buttons, exactly"},
	{"card N offers WORDS", "its buttons, exactly, in quotes where one has spaces; or nothing"},
	{"card N asks TEXTS before LABEL · card N asks nothing before LABEL", "what a button asks back"},
	{"task N says TEXTS · task N offers WORDS · task N lacks", "so it is with the message of a task; there's none"},
	{"channel WORD says TEXTS", "the next message there"},
	{"digest says TEXTS", "the next digest: it lists exactly the accounts blocked at the vendor's"},
	{"files [PERSON] [TEXTS]", "what was added to its thread last, by name, or to somebody's last report; no names: nothing"},
	{"request N is pending|approved|running|done|failed|denied|canceled|expired|ending|ended · request N is in doubt", "its state"},

	{"vendor has ADDRESS [N] [N] [N] [N] [N] [N]", "an account with exactly these sites shared"},
	{"vendor lacks ADDRESS", "no such account"},
	{"vendor adds ADDRESS [user] [owns N] [N] [N] [N]", "an account, behind everybody's back"},
	{"vendor fails WORD WORD [before|after] [times N] · vendor heals", "an operation goes wrong so often, 0: for ever; no more"},
	{"vendor grants ADDRESS WORD [WORD] [WORD]", "an account with exactly these permissions"},
	{"vendor drops WORD", "it never takes that permission"},
	{"vendor takes integer-adds|integer-replaces|object|array", "how it takes shares"},
	{"vendor digest N N", "so many accounts, of them so many blocked"},
	{"vendor removes|blocks|unblocks|replaces ADDRESS · vendor retypes ADDRESS user|client", "what changes there"},
	{"vendor rehosts N WORD · vendor hands N ADDRESS · vendor hands N over · vendor closes N", "a website is another's, an account's own, the main account's, deleted"},
	{"vendor sets ADDRESS WORD N day|week|month", "its permissions and its money limit"},
	{"vendor effects create|update|delete|setshares N", "how often that operation changed anything"},
	{"vendor units N · vendor units TEXT · vendor seats N", "the unit balance, or what's answered in its place; how many seats may exist"},

	{"okta has ADDRESS [ADDRESS] [ADDRESS] [ADDRESS] [ADDRESS] [ADDRESS]", "who is in a directory beside Slack, where usher.yml names one"},
	{"okta off|on|deletes ADDRESS · okta renames ADDRESS ADDRESS", "what becomes of somebody there"},
	{"okta tells nobody|half|twice · okta fails N · okta heals", "how it answers"},

	{"slack recycles|cuts [every TIME] · slack stops · slack off|on", "both connections, once or every so often until it stops; Socket Mode"},
	{"slack fails WORD WORD [before|after] [times N] · slack delays WORD TIME", "calls of a method go wrong; the next is taken in late"},
	{"slack empties|disbands WORD · slack joins WORD [PERSON] [PERSON] [PERSON] [PERSON] [PERSON] [PERSON] [PERSON] [PERSON]", "who is in a user group: nobody, it's turned off, exactly these"},
	{"slack field WORD user|text WORD [protected] · slack drops WORD", "a field of profiles"},
	{"slack names WORD of PERSON PERSON · slack names WORD of PERSON TEXT · slack names WORD of PERSON nobody", "what a profile holds there"},
	{"slack loses the next ack", "it never hears that something was received"},
	{"slack hires WORD WORD WORD ADDRESS [guest|bot]", "somebody new: their name here, first and last name"},
	{"slack kicks WORD · slack archives WORD · slack moves PERSON WORD", "the bot is out of a channel; a channel is archived; somebody's profile has another zone"},
	{"slack is org-wide|grid|terse|fileless|without-tables|slow-with-files|losing-files|usual", "how it's installed, and what it leaves out"},

	{"root approves N [TEXTS]", "at the machine, which answers with these words"},
	{"root imports WORD TEXT", "a member list, compared at the machine; ⏎ begins a line"},
	{"root forgets ADDRESS [TEXTS] · root lacks forgotten TEXTS", "which the machine refuses with these words; they're kept nowhere"},

	{"wait TIME · stop · start · crash", "time passes; the program ends in order, begins, is killed"},
	{"lose data", "the data folder is gone, and the next life begins with a fresh one"},
	{"configure TEXT TEXT", "one stretch of usher.yml becomes another, and it's read again"},
	{"log TEXTS", "an error line that's expected"},
}
