package world

import (
	"net/http"

	"github.com/usherbot/usher/sim/door"
	"github.com/usherbot/usher/sim/vendorsim"
)

// vendors is what the page shows of both.
type vendors struct {
	SERanking struct {
		Bought   int                 `json:"bought"` // 0: as many as one likes
		Accounts []vendorsim.Account `json:"accounts"`
		Sites    []vendorsim.Site    `json:"sites"`
	} `json:"seranking"`
	Semrush struct {
		Bought  int                `json:"bought"`
		Units   int64              `json:"units"`
		Members []vendorsim.Member `json:"members"`
	} `json:"semrush"`
}

func (w *World) serveVendors(out http.ResponseWriter, _ *http.Request) {
	s := w.Vendor.State()
	var v vendors
	v.SERanking.Bought, v.SERanking.Accounts, v.SERanking.Sites = s.SeatsBought, s.Accounts, s.Sites
	v.Semrush.Bought, v.Semrush.Units, v.Semrush.Members = w.Seats, s.Units, s.Members
	door.Answer(out, http.StatusOK, v)
}

// serveMembers is Semrush's list, as its own page exports it.
func (w *World) serveMembers(out http.ResponseWriter, _ *http.Request) {
	out.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out.Header().Set("Content-Disposition", `attachment; filename="semrush-members.csv"`)
	_, _ = out.Write([]byte(w.Vendor.MembersCSV())) // a reader who has gone needs no answer
}
