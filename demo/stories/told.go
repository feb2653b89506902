package stories

import (
	"fmt"
	"strings"
	"time"
)

// given is what somebody is called whom one knows.
func given(name string) string { first, _, _ := strings.Cut(name, " "); return first }

// theirs is how a card says whose a task is.
const theirs = "'s, due"

func ask(s Scene) Story {
	jane, name := s.somebody("acme.example", "Jane Smith", "Nora Quist", "Paul Adler", "Ruth Okafor")
	return Story{Name: "ask", Title: "Ask and approve", Why: "One line to ask, one click to approve, and everybody knows where it stands.",
		Steps: []Step{
			{As: alice, In: general, Say: "Alice asks for a seat for " + given(name) + ", who has just started.", You: "Ask for a seat for " + given(name) + ", who has just started.",
				Type: "/access create " + jane + " " + name + " because she tracks rankings for the Q1 launch",
				Sees: []Sight{
					{Say: "Only Alice reads that it's on its way.", In: general, Alone: true, Holds: []string{"Request #", "sent"}},
					{Say: "A card says what " + given(name) + " would get, and what that uses up.", In: approvals, Holds: []string{jane, "of 25"}, Has: "Approve"},
					{Say: "Nothing has been done in SE Ranking yet.", Gone: jane},
				}},
			{As: bob, In: approvals, Say: "Bob approves it.", You: "Alice's request is on the card.", Press: "Approve", On: []string{jane},
				Sees: []Sight{
					{Say: "SE Ranking has an account for " + given(name) + ".", Account: jane},
					{Say: "The card says who approved it, and has nothing left to press.", In: approvals, Holds: []string{jane, "Approved by <@U0BOB>", "done"}, Lacks: "Approve"},
					{Say: "Alice is told that the seat is ready.", As: alice, Holds: []string{jane, "ready"}},
				}},
		},
		Deeds: []Deed{{Op: "create", Of: []string{jane}}},
	}
}

func away(s Scene) Story {
	const marco = "marco.bianchi@acme.example"
	more := 80 + 5*s.Told["away"] // asking for what he has by then would be asking for nothing
	back := s.Now.AddDate(0, 0, 3).Format(time.DateOnly)
	return Story{Name: "away", Title: "Two steps, and a colleague who is away", Why: "Somebody stands in for whoever is away, and nobody says yes twice.",
		Steps: []Step{
			{As: bob, In: general, Say: "Bob is away for three days, and Erin decides for him.", You: "You'll be away for three days, so have Erin decide for you.", Type: "/access away until=" + back + " deputy=@erin",
				Sees: []Sight{{Say: "He reads who stands in for him.", In: general, Alone: true, Holds: []string{"You're away until", "<@U0ERIN> decides for you"}}}},
			{As: alice, In: general, Say: "Marco is blocked by his limits, so Alice asks for more. That takes two yeses, one after the other.",
				You:  "Marco is blocked by his limits, so ask for more. That takes two yeses, one after the other.",
				Type: "/access update " + marco + fmt.Sprintf(" amount=%d period=week because", more) + " he checks the spring ranks",
				Sees: []Sight{{Say: "The card says that Erin decides for Bob, and who is next.", In: approvals, Holds: []string{marco, "<@U0BOB> is away until", "<@U0ERIN> decides for them", "2 then"}, Has: "Approve"}}},
			{As: erin, In: approvals, Say: "Erin says yes in his place.", You: "Bob is away, so you decide for him.", Press: "Approve", On: []string{marco},
				Sees: []Sight{{Say: "The first step is done, and Carol decides now.", In: approvals, Holds: []string{marco, "<@U0ERIN>", "said yes", "<@U0ADMIN> decides now"}, Has: "Approve"}}},
			{As: carol, In: approvals, Say: "Carol says the second yes.", You: "The second yes is yours.", Press: "Approve", On: []string{marco},
				Sees: []Sight{
					{Say: "The card names both, and for whom Erin spoke.", In: approvals, Holds: []string{marco, "Approved by <@U0ERIN> (for <@U0BOB>", "<@U0ADMIN>", "done"}, Lacks: "Approve"},
					{Say: "Alice is told.", As: alice, Holds: []string{marco}},
				}},
			{As: bob, In: general, Say: "Bob is back early.", You: "You're back early, so say it.", Type: "/access back",
				Sees: []Sight{{Say: "He decides again himself.", In: general, Alone: true, Holds: []string{"Welcome back"}}}},
		},
		Deeds: []Deed{{Op: "update", Of: []string{marco}}},
	}
}

func seat(s Scene) Story {
	const hands = 50
	lee, leeName := s.somebody("globex.example", "Lee Park", "Tom Reyes", "Uma Sandhu")
	mia, miaName := s.somebody("globex.example", "Mia Lund", "Vera Brandt", "Yuki Mori")
	first, second := given(leeName), given(miaName)
	return Story{Name: "seat", Title: "The last seat, and fifty hands", Why: "However many press at once, the last seat is given once, and everybody else reads what became of their click.",
		Steps: []Step{
			{Say: "Fifty more people become leads.", World: Gather, Hands: hands},
			{Say: "Others take SE Ranking's seats, all but one.", World: Fill},
			{As: carol, In: reports, Say: "Carol posts the seat report.", You: "Post the seat report.", Type: "/access report weekly-seats",
				Sees: []Sight{{Say: "It says how many seats are taken.", In: reports, Holds: []string{"24 of 25"}}}},
			{As: alice, In: general, Say: "Alice asks for a seat for " + first + ".", You: "Ask for a seat for " + first + ".", Type: "/access create " + lee + " " + leeName + " because of the audit",
				Sees: []Sight{{Say: "The card says that it would be the last seat.", In: approvals, Holds: []string{lee, "24 of 25", "0 left"}, Has: "Approve"}}},
			{As: alice, In: general, Say: "Alice asks for one for " + second + " too.", You: "Ask for one for " + second + " too.", Type: "/access create " + mia + " " + miaName + " because of the audit",
				Sees: []Sight{
					{Say: second + "'s card says that there are too few seats for both.", In: approvals, Holds: []string{mia, "too few"}, Has: "Approve"},
					{Say: first + "'s card says so too by now.", In: approvals, Holds: []string{lee, "too few"}, Has: "Approve"},
				}},
			{In: approvals, Say: "Fifty leads press Approve at the same moment, half of them for " + first + " and half for " + second + ".", Press: "Approve", On: []string{"@globex.example"}, Hands: hands,
				Sees: []Sight{
					{Say: "One of the two has the seat, and the other doesn't.", OneOf: []string{lee, mia}},
					{Say: "The forty-nine who came too late were each told so.", In: approvals, Alone: true, Holds: []string{"#"}, Times: hands - 1},
					{Say: "The other card says that no seat is free.", As: carol, In: approvals, Holds: []string{"@globex.example", "none is free"}, Has: "Deny"},
				}},
			{As: carol, In: approvals, Say: "Carol says no to the other one, and why.", You: "No seat is free for the other one, so say no, and why.", Press: "Deny", On: []string{"@globex.example", "none is free"},
				Fill: map[string]string{"Why not?": "We're buying more seats next month. Please ask again then."},
				Sees: []Sight{{Say: "Alice reads why.", As: alice, Holds: []string{"@globex.example", "denied", "buying more seats next month"}}}},
			{Say: "The others give their seats back.", World: Empty},
			{Say: "The fifty stop being leads.", World: Dismiss},
		},
		Deeds: []Deed{{Op: "create", Of: []string{lee, mia}}},
	}
}

func crash(s Scene) Story {
	tess, name := s.somebody("acme.example", "Tess Vega", "Gil Moreau", "Hana Sato", "Ivo Krall")
	return Story{Name: "crash", Title: "A crash in the middle", Why: "Killed at the worst moment, Usher looks before it does anything again.",
		Steps: []Step{
			{As: alice, In: general, Say: "Alice asks for a seat for " + given(name) + ".", You: "Ask for a seat for " + given(name) + ".", Type: "/access create " + tess + " " + name + " because she writes the spring guides",
				Sees: []Sight{{Say: "A card waits.", In: approvals, Holds: []string{tess, "of 25"}, Has: "Approve"}}},
			{Say: "SE Ranking gets slow: it does what it's asked, and keeps its answer back for most of a minute.", World: Stall},
			{As: bob, In: approvals, Say: "Bob approves it.", You: "Alice's request is on the card.", Press: "Approve", On: []string{tess},
				Sees: []Sight{{Say: "SE Ranking has made the account, and Usher doesn't know yet.", Account: tess}}},
			{Say: "Usher is killed this instant, and started again.", World: Kill,
				Sees: []Sight{
					{Say: "Usher has looked, and found the account: the card says that it's done.", As: alice, In: approvals, Holds: []string{tess, "Approved by <@U0BOB>", "done"}, Lacks: "Approve"},
					{Say: "There's one account, not two.", Account: tess},
					{Say: "Alice is told that the seat is ready.", As: alice, Holds: []string{tess, "ready"}},
				}},
		},
		Deeds: []Deed{{Op: "create", Of: []string{tess}}},
	}
}

func hand(s Scene) Story {
	ola, name := s.somebody("acme.example", "Ola Berg", "Kim Dahl", "Lars Enger", "Mara Fink")
	card := "Semrush session for " + ola
	done := func(step, say, you string) Step {
		return Step{As: Doer, In: approvals, Say: Either + say, You: you, Press: step, Pick: "Done", On: []string{card, "steps done"}}
	}
	bought := done("step-7", " has bought it and writes down from whom.", "You've bought the session: tick that, and write down from whom.")
	told := done("step-8", " has told "+given(name)+" how to sign in.", "You've told "+given(name)+" how to sign in: tick that too.")
	seen := done("step-9", " has seen that it works.", "You've seen that it works: tick the last step.")
	bought.Fill = map[string]string{"Note": "Bought by phone from Semrush's support."}
	bought.Sees = []Sight{
		{Say: "It's ticked, and the note stands beside it.", In: approvals, Holds: []string{card, "1 of 3 steps done", "Bought by phone"}},
	}
	told.Sees = []Sight{{Say: "Two of three are done.", In: approvals, Holds: []string{card, "2 of 3 steps done"}}}
	seen.Sees = []Sight{
		{Say: "The last one ends it.", In: approvals, Holds: []string{card, "Done by hand, in 3 steps"}},
		{Say: "Alice is told that it's ready.", As: alice, Holds: []string{ola, "ready"}},
	}
	return Story{Name: "hand", Title: "An app without an API", Why: "What no program can do, somebody does step by step, and whoever asked sees how far they are.",
		Steps: []Step{
			{As: alice, In: general, Say: "Alice asks for Semrush for " + given(name) + ".", You: "Ask for Semrush for " + given(name) + ".", Type: "/access create " + ola + " " + name + " role=session login=seo@acme.example app=semrush because two people work at once",
				Sees: []Sight{{Say: "The card says that somebody will do it by hand.", In: approvals, Holds: []string{card, "By hand", "3 steps"}, Has: "Approve"}}},
			{As: bob, In: approvals, Say: "Bob approves it.", You: "Alice's request is on the card.", Press: "Approve", On: []string{card},
				Sees: []Sight{
					{Say: "It's " + Either + "'s to do, in three steps.", In: approvals, Holds: []string{card, theirs, "0 of 3 steps done"}},
					{Say: "Alice sees who is on it.", As: alice, Holds: []string{card, "in 3 steps", "> is on it"}},
				}},
			bought, told, seen,
		},
		Task:  []string{card, theirs},
		Deeds: []Deed{{Op: ByHand, Of: []string{ola}}},
	}
}

func leaver() Story {
	const priya = "priya.nair@acme.example"
	removal := []string{"Remove " + priya + " from Semrush", theirs}
	return Story{Name: "leaver", Title: "Somebody leaves", Why: "What somebody had is gathered, asked about once, and taken back: by Usher where there is an API, by hand where there is none.",
		Begins: []Sight{{Say: "Priya has left already.", Here: "U0PRIYA"}, {Say: "Priya's account is gone already.", Account: priya}},
		Steps: []Step{
			{As: carol, Say: "Carol deactivates Priya, who has left.", You: "Priya has left, so deactivate her.", World: Deactivate, Whom: "U0PRIYA",
				Sees: []Sight{{Say: "A card lists what Priya still has.", In: approvals, Holds: []string{"Priya Nair left", "It owns no websites"}, Has: "Take it all back"}}},
			{As: bob, In: approvals, Say: "Bob says to take it all back.", You: "The card lists what Priya still has.", Press: "Take it all back", On: []string{"Priya Nair left"},
				Sees: []Sight{
					{Say: "That takes two people, and Bob is the first.", In: approvals, Holds: []string{"Priya Nair left", "1 of 2 said yes"}, Has: "Take it all back"},
					{Say: "Her account is still there.", Account: priya},
				}},
			{As: carol, In: approvals, Say: "Carol agrees: two must say yes.", You: "Two must say yes, and Bob has.", Press: "Take it all back", On: []string{"Priya Nair left"},
				Sees: []Sight{
					{Say: "Her account is gone from SE Ranking.", Gone: priya},
					{Say: "Semrush has no API for that, so it's " + Either + "'s to take back by hand.", In: approvals, Holds: removal},
				}},
		},
		Left:  "One of two is gone: her SE Ranking account. The other, Semrush, is " + Either + "'s to take back by hand, step by step on the card.",
		Task:  removal,
		Deeds: []Deed{{Op: "delete", Of: []string{priya}}},
	}
}

func digest() Story {
	return Story{Name: "digest", Title: "The Monday digest", Why: "It comes by itself, once, in the company's own time, with what has changed and what to do about it.",
		Steps: []Step{
			{Say: "Every clock is moved to the next Monday, 09:00 in London.", World: Monday,
				Sees: []Sight{
					{Say: "The digest is in #seat-reports, and nobody asked for it.", As: carol, In: reports, Holds: []string{"SE Ranking", "of 25"}},
					{Say: "Who is blocked is in it.", As: carol, In: reports, Holds: []string{"amira.haddad@acme.example"}},
				}},
			{As: carol, In: general, Say: "Carol looks at how the last weeks went.", You: "Look at how the last weeks went.", Type: "/access trend app=seranking",
				Sees: []Sight{{Say: "She reads how many seats were used.", In: general, Alone: true, Holds: []string{"SE Ranking"}}}},
		},
		Deeds: []Deed{},
	}
}
