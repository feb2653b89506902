package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestDidYouMean: a slip of the finger in a verb, or in another word for it, names the verb and how to
// write it; what is near nothing is shown the way to help.
func TestDidYouMean(t *testing.T) {
	for typed, verb := range map[string]string{
		"crate": "create", "creat": "create", "Craete": "create", "shar": "share", "shaer": "share", "shre": "share",
		"unshrae": "unshare", "un-share": "unshare", "updte": "update", "udpate": "update", "delet": "delete", "dlete": "delete",
		"statsu": "status", "canel": "cancel", "cancell": "cancel", "pendng": "pending", "acounts": "accounts", "acconts": "accounts",
		"shwo": "show", "stie": "sites", "reprot": "report", "hepl": "help",
		"remvoe": "delete", "ofboard": "delete", "asign": "share", "websits": "sites", "withdrw": "cancel", "digst": "report",
	} {
		for _, rest := range []string{"", " jane@acme.example x because y"} {
			cmd, answer := parsed(typed + rest)
			require.Nil(t, cmd, typed)
			require.Equal(t, "I don't know "+typed+". Did you mean "+verb+"?", answer.Head.Plain())
			require.Len(t, answer.Examples, 1)
			if rest == "" { // with words that fit another verb better, that one is shown
				require.Regexp(t, "^/access "+verb+`\b`, answer.Examples[0])
			}
		}
		_, answer := parsed("help " + typed)
		require.Equal(t, "I don't know "+typed+". Did you mean "+verb+"?", answer.Head.Plain())
	}
	for _, typed := range []string{"frobnicate", "frobnicate the quux", "xyzzy because x", "q", "the", "now", "go", "please help me", "zzzzzzzzzzzz", "🎉"} {
		cmd, answer := parsed(typed)
		require.Nil(t, cmd, typed)
		require.Contains(t, answer.Head.Plain(), "I don't know ")
		require.NotContains(t, answer.Head.Plain(), "Did you mean", typed)
		require.Contains(t, answer.Examples, "/access help")
	}
	for _, typed := range []string{"approve 12", "aprove 12", "Deny #12", "dney 12", "yes", "no", "rejct #12"} {
		cmd, answer := parsed(typed)
		require.Nil(t, cmd, typed)
		require.Contains(t, answer.Head.Plain(), "You decide with the", typed)
	}
}

// TestNearestIsSteady: of two words that are as near, the same one is offered every time.
func TestNearestIsSteady(t *testing.T) {
	for range 50 {
		require.Equal(t, "create", words().nearest("seatz", words().verbNames()))
	}
}

// TestNearestAddress: a slip in the part before the @ leads to the account, a colleague of the same
// company never does.
func TestNearestAddress(t *testing.T) {
	var known approvals.SeatList
	for _, email := range []string{"jane@acme.example", "Wei.Chen@acme.example", "ann@acme.example", "bob@acme.example", "li@acme.example", "maria.lopez@acme.example", "al@a.co"} {
		known.Seats = append(known.Seats, approvals.Seat{Email: email})
	}
	for typed, want := range map[string]string{
		"dave@acme.example": "", "jan@acme.example": "jane@acme.example", "jnae@ACME.example": "jane@acme.example",
		"wei.chn@acme.example": "Wei.Chen@acme.example", "wie.chn@acme.example": "Wei.Chen@acme.example", "wei.cheng@acme.exmaple": "Wei.Chen@acme.example",
		"anne@acme.example": "ann@acme.example", "rob@acme.example": "", "al@acme.example": "", "bo@acme.example": "",
		"jane@globex.example": "", "jane@acme.test": "", "jane@acme.exmple": "jane@acme.example", "al@b.co": "",
		"maria.lopes@acme.example": "maria.lopez@acme.example", "mario.gomez@acme.example": "", "mark.lopes@acme.example": "",
		"jane": "", "@acme.example": "", "": "",
	} {
		require.Equal(t, want, nearestAddress(typed, known.Accounts()), "%q", typed)
	}
}
