package seranking

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/usherbot/usher/apiclient"
)

const passwordLength = 24

// The four classes of character, without the ones that JSON, HTML and PHP rewrite: a vendor
// that echoes a password shall echo it in a form that can be found and hidden.
var passwordClasses = [...]string{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789", "!#$%*+-=?@^_"}

// newPassword returns 24 characters drawn evenly from all classes, drawing the whole anew
// until each class is there, which leaves every valid password equally likely. The vendor's
// rules are not published; this passes the usual ones.
func newPassword(random io.Reader) (apiclient.Secret, error) {
	alphabet := strings.Join(passwordClasses[:], "")
	for range 100 {
		p := make([]byte, passwordLength)
		for i := range p {
			n, err := below(random, len(alphabet))
			if err != nil {
				return "", fmt.Errorf("make password: %w", err)
			}
			p[i] = alphabet[n]
		}
		if hasEachClass(string(p)) {
			return apiclient.Secret(p), nil
		}
	}
	return "", errors.New("make password: the source of randomness repeats itself")
}

// below returns an even choice of 0 ≤ n < most, most at most 256. Bytes beyond the last whole
// multiple of most are thrown away; a plain remainder would favour the first characters.
func below(random io.Reader, most int) (int, error) {
	var b [1]byte
	for range 1000 {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, err
		}
		if int(b[0]) < 256-256%most {
			return int(b[0]) % most, nil
		}
	}
	return 0, errors.New("the source of randomness repeats itself")
}

func hasEachClass(p string) bool {
	for _, class := range passwordClasses {
		if !strings.ContainsAny(p, class) {
			return false
		}
	}
	return true
}
