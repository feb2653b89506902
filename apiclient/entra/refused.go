package entra

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/fetch"
)

// forgotten are the codes by which Graph says that a link is worth nothing any more (learn.microsoft.com/graph/delta-query-overview,
// "Synchronization reset"; some come with 400).
var forgotten = []string{"resyncRequired", "syncStateNotFound", "SyncStateNotFound", "syncStateInvalid", "Directory_ExpiredPageToken"}

// refused is what an error of Graph's means: {"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges …"}}.
func refused(a fetch.Answer) *apiclient.Error {
	var said struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(a.Body, &said) // what isn't said stays empty
	e := &apiclient.Error{Kind: fetch.KindOf(a.Status), Words: said.Error.Message}
	switch {
	case a.Status == http.StatusGone, a.Status == http.StatusBadRequest && slices.Contains(forgotten, said.Error.Code):
		e.Err = errForgotten
	case said.Error.Code == "" && said.Error.Message == "":
		e.Err = errors.New("the answer says nothing more")
	case said.Error.Code != "":
		e.Words = said.Error.Code + ": " + said.Error.Message
	}
	return e
}
