package conform

import "github.com/usherbot/usher/approvals"

// turn is the name under which it is kept whose turn it is.
func (t *sloppyTx) turn(app string) string {
	if t.does == "keeps one app's turn for all" {
		return ""
	}
	return app
}

func (t *sloppyTx) Turn(app string) (approvals.PersonID, error) {
	return t.reads().turns[t.turn(app)], nil
}

func (t *sloppyTx) KeepTurn(app string, id approvals.PersonID) error {
	if t.turns[t.turn(app)] == "" || t.does != "keeps an app's turn for good" {
		t.turns[t.turn(app)] = id
	}
	return nil
}
