package world

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

// ErrorLog collects lines of level error, for the law that an error nobody announced fails a talk.
type ErrorLog struct {
	mu     sync.Mutex
	errors []string
}

// Enabled implements slog.Handler.
func (l *ErrorLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

// WithAttrs implements slog.Handler.
func (l *ErrorLog) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup implements slog.Handler.
func (l *ErrorLog) WithGroup(string) slog.Handler { return l }

// Handle implements slog.Handler.
func (l *ErrorLog) Handle(ctx context.Context, r slog.Record) error {
	var b bytes.Buffer
	if err := slog.NewTextHandler(&b, nil).Handle(ctx, r); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.errors = append(l.errors, strings.TrimSpace(b.String()))
	return nil
}

// lifeLog is the log of one life; what a life says after its end is not heard.
type lifeLog struct {
	*ErrorLog
	life *life
}

// Handle implements slog.Handler.
func (l lifeLog) Handle(ctx context.Context, r slog.Record) error {
	if l.life.Over() {
		return nil
	}
	return l.ErrorLog.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (l lifeLog) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup implements slog.Handler.
func (l lifeLog) WithGroup(string) slog.Handler { return l }

// Take returns the lines collected since it was last called.
func (l *ErrorLog) Take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.errors
	l.errors = nil
	return out
}
