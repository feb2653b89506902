package provision

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

func TestMayHaveHappened(t *testing.T) {
	for _, row := range []struct{ key, note, want string }{
		{"deed/1", ``, `{"tried":true}`},
		{"deed/1", `{"looks":3,"before":"b"}`, `{"tried":true,"before":"b","looks":3}`},
		{"deed/1", `no note`, `{"tried":true}`},
		{"card/1", `{"place":"C0"}`, `{"place":"C0"}`},
	} {
		require.JSONEq(t, row.want, string(MayHaveHappened(intentWith(row.key, row.note))), fmt.Sprint(row))
	}
	require.Nil(t, MayHaveHappened(intentWith("tell/1/requester/done", "")))
	require.Equal(t, approvals.KindDeed, "deed")
}

func intentWith(key, note string) outbox.Intent {
	in := outbox.Intent{Key: key}
	if note != "" {
		in.Note = json.RawMessage(note)
	}
	return in
}
