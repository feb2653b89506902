package web

import (
	"context"
	"errors"
	"slices"
)

// SocketAddress asks Slack where a connection may be opened. An address that is not Slack's is not handed on. An app
// token with which no connection can ever be opened is the end.
func (s *Client) SocketAddress(ctx context.Context) (string, error) {
	if err := Pause(ctx, s.pace.held(methodOpenSocket)); err != nil {
		return "", err
	}
	_, address, err := s.socket.StartSocketModeContext(ctx)
	if err == nil {
		err = fits(s.ourSocket(address))
	}
	err = apiError(methodOpenSocket, err)
	var answer *Error
	if errors.As(err, &answer) && answer.Fault == Limited {
		s.pace.hold(ctx, methodOpenSocket, answer.After)
	}
	if code := fatalCode(err); code != "" {
		s.doomWith(refusal("app", "SLACK_APP_TOKEN", code))
	}
	return address, err
}

// fatalCode is Slack's word when opening a connection can never work with this token, else "".
func fatalCode(err error) string {
	var answer *Error
	if !errors.As(err, &answer) {
		return ""
	}
	if fatal := append([]string{"missing_scope"}, faultByCode[Refused]...); slices.Contains(fatal, answer.Code) {
		return answer.Code
	}
	return ""
}
