package seranking

import "github.com/usherbot/usher/catalog"

const siteNote = "Name a website by its number (`39`), its name, its address, or any part of those that no other has. Put commas or line breaks between several."

func create() catalog.Action {
	return catalog.Action{
		Key: catalog.Create, Also: []string{"add", "new", "invite", "seat", "give"}, Label: "A new seat", Effect: catalog.Gives, New: true, Named: true, Undo: catalog.Delete, Instead: catalog.Share,
		Fields: []catalog.Field{typeField, langField, accessField, amountField, periodField, sitesField("Shares", false)},
		Says: catalog.Says{
			Title: "{app} seat for {who}", About: "{app} seat for {who}", Does: "*Gives* {holder} {sort}", Asks: "create {email}",
			Doing: "the account is being created", Done: "The {app} seat for {who} is ready ({n}).", DoneFirst: "{first}'s {app} seat is ready ({n}).",
			Next:  "{app} has emailed {who}. No email? “Forgot password” on its sign-in page works too.",
			There: "{email} already has a seat in {app}.", ThereAll: "{email} already has a user seat in {app}, which sees every website.",
			ThereNow:    "{email} already has a seat in {app}. `/access share {email} SITE because …` shares a website with it, `/access update {email} …` changes its permissions. Nothing was sent.",
			ThereAllNow: "{email} already has a user seat in {app}, which sees every website. `/access update {email} …` changes its permissions. Nothing was sent.",
			All:         "A user seat sees every website anyway.",
			AllNow:      "A user seat sees every website anyway. Please leave `sites=` out; nothing was sent.",
		},
		Guide: catalog.Guide{
			Usage: "EMAIL FIRST [LAST] [app=seranking] [type=client|user] [lang=en] [access=a,b] [amount=N period=day|week|month] [sites=a,b] because …",
			Does:  "asks for a new seat",
			Examples: []string{
				"/access create jane@acme.example Jane Doe because she runs the Q1 launch",
				"/access create @jane Jane Doe type=user because she joins the team",
				"/access create jane@acme.example Jane access=report_manual amount=50 period=month because monthly reports",
				"/access create jane@acme.example Jane Doe sites=acme.example,39 because she audits both",
			},
			Notes: []catalog.Words{
				"`type=client` (the default) sees only the websites shared with it. `type=user` sees every website, and can edit and delete them.",
				"`access=` lists exactly the permissions the account gets; `amount=` and `period=` limit what it can spend, in the account's currency.",
				"`sites=` shares websites with it at once, by number, name or address.",
			},
		},
	}
}

func share() catalog.Action {
	return catalog.Action{
		Key: catalog.Share, Also: []string{"assign", "grant"}, Label: "Share websites", Effect: catalog.Gives, Undo: catalog.Unshare, Fields: []catalog.Field{sitesField("Shares", true)},
		Says: catalog.Says{
			Title: "Share {sites} with {who} · {app}", About: "share {sites+} with {who}", Keeps: "Everything already shared stays shared.",
			Asks: "share {sites*} with {email}", Doing: "the websites are being shared", Done: "{who} now sees {sites} in {app} ({n}).",
			Idle: "Already shared: {list}.", All: "{email} has a user seat, which sees every website: sharing changes nothing.",
			AllNow: "{email} has a user seat, which already sees every website: sharing changes nothing, so nothing was sent.",
		},
		Guide: catalog.Guide{
			Usage: "EMAIL SITE[,SITE…] because …", Does: "asks to share websites with an account",
			Examples: []string{
				"/access share jane@acme.example acme.example because she audits it",
				"/access share @jane #39, Globex UK because she covers for Dave",
			},
			Notes: []catalog.Words{siteNote, "Everything already shared stays shared."},
		},
	}
}

func unshare() catalog.Action {
	return catalog.Action{
		Key: catalog.Unshare, Also: []string{"revoke", "unassign"}, Label: "Stop sharing websites", Effect: catalog.Takes, Fields: []catalog.Field{sitesField("Stops sharing", true)},
		Says: catalog.Says{
			Title: "Stop sharing {sites} with {who} · {app}", About: "stop sharing {sites+} with {who}", Keeps: "Every other website stays as it is.",
			Asks: "stop sharing {sites*} with {email}", Doing: "the websites are being unshared", Done: "{sites} is no longer shared with {who} in {app} ({n}).",
			Idle: "Not shared: {list}.", All: share().Says.All, AllNow: share().Says.AllNow,
		},
		Guide: catalog.Guide{
			Usage: "EMAIL SITE[,SITE…] because …", Does: "asks to stop sharing websites with an account",
			Examples: []string{"/access unshare jane@acme.example acme.example because the audit is over"},
			Notes:    []catalog.Words{siteNote, "Everything else stays shared."},
		},
	}
}

func update() catalog.Action {
	return catalog.Action{
		Key: catalog.Update, Also: []string{"change", "edit", "set", "modify"}, Label: "Change permissions or limit", Effect: catalog.Changes, Fields: []catalog.Field{accessField, amountField, periodField},
		Says: catalog.Says{
			Title: "Change {fields} of {who} · {app}", About: "new permissions or limits for {who}", Asks: "change {email}",
			Doing: "the account is being changed", Done: "{app} now has the new {fields} for {who} ({n}).",
			Nothing: "What should change? Give `access=` with the permissions it should have, or `amount=` and `period=` for its limit.",
		},
		Guide: catalog.Guide{
			Usage: "EMAIL [access=a,b] [amount=N period=day|week|month] because …", Does: "asks for different permissions or limits",
			Examples: []string{
				"/access update jane@acme.example access=report_manual,report_scheduled because she reports monthly",
				"/access update jane@acme.example amount=50 period=month because of the Q1 budget",
			},
			Notes: []catalog.Words{
				"`access=` lists exactly the permissions the account should have: whatever isn't on the list is taken away. `access=none` takes them all.",
				"`amount=` and `period=` limit what it can spend, in the account's currency.",
			},
		},
	}
}

func remove() catalog.Action {
	return catalog.Action{
		Key: catalog.Delete, Also: []string{"remove", "del", "rm", "offboard"}, Label: "Delete an account", Effect: catalog.Takes, Ends: true, Final: true, Spares: true,
		Says: catalog.Says{
			Title: "Delete the {app} seat of {who}", About: "delete {who} from {app}", Does: "*Deletes* {whose}.", Asks: "delete {email}",
			Doing: "the account is being deleted", Done: "The {app} seat for {who} is deleted ({n}).",
			Bars:    "{email} owns {count}, and I don't delete accounts that own any: {list}. Hand them over in {app} first.",
			BarsNow: "{email} owns {count}, and I don't delete accounts that own any, so nothing was sent: {list}. Hand them over in {app} first, then ask again.",
			Sure:    "Delete this account for good?", Yes: "Approve the removal", Doomed: "the {app} account of {email}",
			DoomedNamed: "{holder}'s {app} account, {email}", DoomedHeld: ", with {count} shared",
		},
		Guide: catalog.Guide{
			Usage: "EMAIL because …", Does: "asks to delete an account",
			Examples: []string{"/access delete jane@acme.example because she has left"},
			Notes: []catalog.Words{
				"An account that owns websites isn't deleted until they're handed over. I look first and say which they are.",
				"Deleting an account can't be undone.",
			},
		},
	}
}
