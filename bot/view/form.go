package view

import (
	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// DenyForm asks for the reason of a no. Its private metadata names the request like a button does.
func DenyForm(r approvals.Request) slack.ModalViewRequest {
	p := newPage()
	p.section(title(r), readers(r))
	input := &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: FieldReason, Multiline: true, MinLength: 1, MaxLength: 500, FocusOnLoad: true,
		Placeholder: typed("What would need to change?"),
	}
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldReason, typed("Why not?"), nil, input))
	form := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: CallbackDeny, PrivateMetadata: ButtonValue(r.Name()),
		Title: typed(plain(24, say("Deny #%v", r.Number).Plain())), Submit: typed("Deny"), Close: typed("Go back"),
		Blocks: slack.Blocks{BlockSet: p.blocks},
	}
	if r.ByUsher() {
		return leaveForm(r, form)
	}
	return form
}

// Redrawn answers a form with itself as it is drawn now; false: an ack can't hold it.
func Redrawn(form slack.ModalViewRequest) (*slack.ViewSubmissionResponse, bool) {
	return slack.NewUpdateViewSubmissionResponse(&form), len(JSON(form)) <= maxOptions
}

// Notice puts a message in the place of a form.
func Notice(m Message) *slack.ViewSubmissionResponse {
	return slack.NewUpdateViewSubmissionResponse(&slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  slack.NewTextBlockObject(slack.PlainTextType, "Usher", false, false),
		Close:  slack.NewTextBlockObject(slack.PlainTextType, "Close", false, false),
		Blocks: slack.Blocks{BlockSet: m.Blocks},
	})
}

// readers says who reads the reason of a no.
func readers(r approvals.Request) approvals.Text {
	if r.ByUsher() {
		return say("Everyone who sees the card will read your reason.")
	}
	return say("%v will read your reason, and so will everyone who sees the card.", r.Requester)
}
