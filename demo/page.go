package demo

import (
	"net/http"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// chat is what people said in #general before the demo's reader comes in.
func chat(slack *slacksim.Server) {
	for _, said := range []struct{ who, words string }{
		{"U0ERIN", "The Q1 launch page goes live on Thursday :rocket:"},
		{"U0DAVE", "Good timing, we're up two places for “trail shoes” :chart_with_upwards_trend:"},
		{"U0BOB", "And Jane Smith starts on my team today, say hello when you see her :wave:"},
		{"U0BOB", "@alice she tracks rankings for the launch. Could you ask for an SE Ranking seat for her? jane@acme.example"},
		{"U0ALICE", "Will do, I'll ask Usher."},
	} {
		slack.Say(said.who, "C0GENERAL", said.words)
	}
}

// demoPage is the page with the people, the hints and the vendor's panel of the demo.
func demoPage(n *Stage, more []slacksim.PageTry, staff []string) http.Handler {
	return n.Slack.Page(slacksim.PageOptions{
		Personas: []slacksim.Persona{
			{ID: "U0ALICE", Role: "Employee", Hint: "Asks for seats.", Home: "C0GENERAL"},
			{ID: "U0BOB", Role: "Manager", Hint: "Approves what his team asks for.", Home: "C0APPROVE"},
			{ID: "U0ADMIN", Role: "Admin", Hint: "Looks after seats and costs.", Home: "C0REPORTS"},
		},
		Again:       "go run . demo",
		Commands:    demoCommands,
		Beside:      []slacksim.PageLink{{Label: "Break it yourself", Path: "/break"}},
		Members:     &slacksim.PageMembers{By: "U0ADMIN", Who: staff, Group: "S0SEO"},
		ReadOnlyApp: true, // as manifest.yml has it
		Guide: &slacksim.PageGuide{Ask: "U0ALICE", Decide: "U0BOB", Admin: "U0ADMIN", Approvals: "C0APPROVE", Reports: "C0REPORTS",
			Command: "/access create jane@acme.example Jane Smith because she tracks rankings for the Q1 launch",
			Report:  "/access report weekly-seats",
			ByHand:  "Semrush",
			Aside:   []string{"I'm asking because", "Asked by Usher"},
			Asks: []slacksim.PageAsk{
				{Button: "Take it all back", Say: "Somebody has left and still has seats. It takes two leads: press Take it all back as Bob and as Carol."},
				{Button: "Give it", Say: "Somebody new is in @seo, and a bundle comes with it. One lead decides: press Give it, or see what Not now asks."},
			},
			More: more},
		Stories:       newTeller(n).page(),
		Vendor:        func() slacksim.VendorView { return vendorView(n.Vendor.State()) },
		VendorChanged: n.Vendor.Subscribe,
	})
}

// demoTries are what the page offers once the round is done: the other deeds, and two ways to go wrong.
var demoTries = []slacksim.PageTry{
	{Label: "Share a website", As: "U0ALICE", Command: "/access share jane@acme.example blog.acme.example because she writes there"},
	{Label: "Remove an account", As: "U0ALICE", Command: "/access delete dale@globex.example because the project ended"},
	{Label: "Ask for Semrush", As: "U0ALICE", Command: "/access create jane@acme.example Jane Smith role=user keywords=500 app=semrush because she plans the content"},
	{Label: "Approve your own", As: "U0BOB", Command: "/access create sam@acme.example Sam because he joins my team"},
	{Label: "Mistype a command", As: "U0ALICE", Command: "/access shar jane@acme.example shop.acme.example"},
	{Label: "Who is blocked", As: "U0ADMIN", Command: "/access accounts blocked"},
	{Label: "Somebody leaves", As: "U0ADMIN", Does: "deactivate", Who: "U0PRIYA"},
	{Label: "Somebody joins @seo", As: "U0ADMIN", Does: "add", Who: "U0DAVE"},
}

// demoCommands are what the page's composer completes.
var demoCommands = []slacksim.PageCommand{
	{Command: "/access", Description: "See what you can do here"},
	{Command: "/access", Verb: "create", UsageHint: "EMAIL FIRST [LAST] because …", Description: "Ask for a new seat"},
	{Command: "/access", Verb: "share", UsageHint: "EMAIL SITE[,SITE…] because …", Description: "Share websites with someone"},
	{Command: "/access", Verb: "unshare", UsageHint: "EMAIL SITE[,SITE…] because …", Description: "Stop sharing websites with someone"},
	{Command: "/access", Verb: "update", UsageHint: "EMAIL [access=…] [amount=… period=…] because …", Description: "Change permissions or limits"},
	{Command: "/access", Verb: "delete", UsageHint: "EMAIL because …", Description: "Remove an account"},
	{Command: "/access", Verb: "request", UsageHint: "[APP]", Description: "Open the form for all of that"},
	{Command: "/access", Verb: "status", UsageHint: "[N]", Description: "See where requests stand"},
	{Command: "/access", Verb: "cancel", UsageHint: "N", Description: "Take back your own request"},
	{Command: "/access", Verb: "nudge", UsageHint: "N", Description: "Remind whoever your request is waiting for"},
	{Command: "/access", Verb: "return", UsageHint: "[EMAIL]", Description: "Give back what you no longer need"},
	{Command: "/access", Verb: "pending", Description: "See what's waiting for you"},
	{Command: "/access", Verb: "away", UsageHint: "until=DATE [deputy=@person]", Description: "Let a deputy decide for you"},
	{Command: "/access", Verb: "back", Description: "Decide again yourself"},
	{Command: "/access", Verb: "leave", UsageHint: "@person [on=DATE | off]", Description: "Gather what somebody holds who leaves (their manager and admins)"},
	{Command: "/access", Verb: "limits", UsageHint: "APP", Description: "See how shared limits are spread"},
	{Command: "/access", Verb: "who", UsageHint: "[@person|EMAIL|app=ID]", Description: "See who has what, since when and by which request"},
	{Command: "/access", Verb: "import", UsageHint: "APP", Description: "Compare a vendor's own member list (admins and owners)"},
	{Command: "/access", Verb: "review", UsageHint: "app=ID [due=14d]", Description: "Ask managers and owners who still needs it (admins and owners)"},
	{Command: "/access", Verb: "accounts", UsageHint: "[blocked]", Description: "See who has a seat (managers and admins)"},
	{Command: "/access", Verb: "show", UsageHint: "EMAIL", Description: "Look at one account"},
	{Command: "/access", Verb: "trend", UsageHint: "app=ID", Description: "See how many seats were used over twelve weeks"},
	{Command: "/access", Verb: "sites", UsageHint: "[WORDS]", Description: "List the websites"},
	{Command: "/access", Verb: "report", UsageHint: "[NAME]", Description: "Post a report now (admins)"},
	{Command: "/access", Verb: "help", UsageHint: "[VERB]", Description: "Learn one command"},
}

// vendorView draws the vendor's state for the panel beside the conversation.
func vendorView(s vendorsim.State) slacksim.VendorView {
	names := map[int64]string{}
	v := slacksim.VendorView{Name: "SE Ranking", More: "/world", Seats: slacksim.VendorSeats{Used: s.SeatsUsed, Bought: s.SeatsBought}}
	for _, site := range s.Sites {
		names[site.ID] = site.Title
		v.Sites = append(v.Sites, slacksim.VendorSite{ID: site.ID, Name: site.Title, URL: site.URL})
	}
	for _, a := range s.Accounts {
		row := slacksim.VendorAccount{ID: a.ID, Email: a.Email, Name: a.FirstName + " " + a.LastName, Type: a.Type, Blocked: a.Blocked,
			Details: []any{a.Access, a.Limits}}
		for _, id := range a.SharedSites {
			row.Sites = append(row.Sites, names[id])
		}
		v.Accounts = append(v.Accounts, row)
	}
	for i := len(s.Calls) - 1; i >= 0; i-- {
		c := s.Calls[i]
		v.Calls = append(v.Calls, slacksim.VendorCall{Time: c.At.Unix(), Method: c.Method, Path: c.Path, Status: c.Status, Effect: c.Effect})
	}
	return v
}
