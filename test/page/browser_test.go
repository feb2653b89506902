package page

import (
	"context"
	"flag"
	"fmt"
	"image/png"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/browser"
	"github.com/usherbot/usher/test/world"
)

var (
	picturesTo    = flag.String("pictures", "", "save a picture of each step of the demo into this folder")
	updatePicture = flag.Bool("update-picture", false, "make docs/demo.gif and docs/reports.png again")
)

// visit is a newcomer at a demo of their own: the real program, over TCP, and a browser.
type visit struct {
	*browser.Reader
	t       *testing.T
	step    int
	address string
	stop    func()
}

// visitDemo starts the demo on a free port and opens its page; both end with the test, which fails if
// the demo logged an error meanwhile.
func visitDemo(t *testing.T, b *browser.Browser, width, height int) *visit {
	t.Helper()
	v := &visit{t: t}
	v.address, v.stop = runningDemo(t, "127.0.0.1:0")
	v.Reader = b.Open(t, v.address, width, height, "persona-U0ALICE")
	return v
}

// runningDemo starts a demo and says where it is; it stops with the test, or before.
func runningDemo(t *testing.T, addr string) (address string, stop func()) {
	t.Helper()
	return settledDemo(t, demo.Setting{Addr: addr})
}

// settledDemo is runningDemo in another setting.
func settledDemo(t *testing.T, setting demo.Setting) (address string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	said, out := io.Pipe()
	over, logs := make(chan error, 1), &world.ErrorLog{}
	setting.Log = slog.New(logs)
	go func() { over <- errorsOf(demo.Run(ctx, setting, out), out) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-over)
		require.Empty(t, logs.Take(), "errors in the demo's log")
	})
	t.Cleanup(stop)
	words := make([]byte, 4096)
	n, err := said.Read(words)
	require.NoError(t, err)
	address = regexp.MustCompile(`http://\S+`).FindString(string(words[:n]))
	require.NotEmpty(t, address, "the demo says where it is: %s", words[:n])
	go func() { _, _ = io.Copy(io.Discard, said) }() // whatever else it says
	return address, stop
}

// errorsOf ends what the demo says, so that a demo that never got to say anything is not waited for.
func errorsOf(err error, out *io.PipeWriter) error {
	_ = out.CloseWithError(err) // it never fails
	return err
}

// picture keeps what is on the screen, where that was asked for.
func (v *visit) picture(name string) {
	v.t.Helper()
	if *picturesTo == "" {
		return
	}
	v.step++
	require.NoError(v.t, os.MkdirAll(*picturesTo, 0o755))
	test := strings.ReplaceAll(strings.TrimPrefix(v.t.Name(), "TestBrowser/"), "/", "-")
	v.Picture(filepath.Join(*picturesTo, fmt.Sprintf("%s-%02d-%s.png", test, v.step, name)))
}

// guide does the next thing that the page offers, once it says these words.
func (v *visit) guide(words string) {
	v.t.Helper()
	v.Says(browser.Mark("guide-text"), words)
	v.Click("guide-action")
}

// is becomes somebody who looks into a channel.
func (v *visit) is(person, channel string) {
	v.t.Helper()
	v.Click("persona-" + person)
	v.Holds(fmt.Sprintf(`document.body.dataset.me === %q`, person))
	v.opens("channel-" + channel)
}

// opens looks into the conversation whose mark begins so; on a phone it is behind a tab.
func (v *visit) opens(mark string) {
	v.t.Helper()
	v.Holds(fmt.Sprintf(`(() => { const el = document.querySelector('[data-testid^=%q]');
		el?.click(); return el?.getAttribute("aria-current") === "page"; })()`, mark))
}

func (v *visit) types(text string) {
	v.t.Helper()
	v.Paste("composer", text)
	v.Write("composer", kb.Enter)
}

// sees waits for a message in the conversation on the screen.
func (v *visit) sees(words string) { v.t.Helper(); v.Says(browser.Mark("message"), words) }

// answered waits for a private answer in it.
func (v *visit) answered(words string) { v.t.Helper(); v.Says(browser.Mark("ephemeral"), words) }

// concludes presses a button of a card until a message says what came of it.
func (v *visit) concludes(button, words string) {
	v.t.Helper()
	v.brings(button, fmt.Sprintf(`[...document.querySelectorAll('[data-testid="message"]')].some((el) => el.checkVisibility() && el.innerText.includes(%q))`, words))
}

// brings presses a button of a card until something in JavaScript is so. A card is drawn anew while what a yes does is being
// found out: a press that comes too late for the buttons of before is said to have gone nowhere, and one that comes too early not to count.
func (v *visit) brings(button, so string) {
	v.t.Helper()
	v.confirms(button, "", so)
}

// confirms is the same for a button that asks back, with some words.
func (v *visit) confirms(button, asks, so string) {
	v.t.Helper()
	for done := false; !done; done = v.Soon(so) {
		v.opens("channel-C0APPROVE") // which takes away what the page said before
		v.Holds("(window.early = " + uncounted + ", true)")
		v.Click("button-" + button)
		if asks != "" {
			v.Says(browser.Mark("confirm"), asks)
			v.Click("confirm-yes")
		}
		v.Holds(so + ` || document.getElementById("composer-note").innerText.includes("This button is gone") || ` + uncounted + " > window.early")
	}
}

// uncounted is how many answers say that a yes wasn't counted.
const uncounted = `[...document.querySelectorAll('[data-testid="ephemeral"]')].filter((el) => /haven.t counted your yes/.test(el.innerText)).length`

// vendorHas is, in JavaScript, that an account stands in the vendor's panel, where text is what its row says.
func vendorHas(email, text string) string {
	return fmt.Sprintf(`document.querySelector('[data-testid="vendor-row"][data-email=%q]')?.textContent.includes(%q)`, email, text)
}

// vendorHas waits for that.
func (v *visit) vendorHas(email, text string) {
	v.t.Helper()
	v.Holds(vendorHas(email, text))
}

// TestBrowser walks about the demo: several walks side by side, each at a demo of its own.
func TestBrowser(t *testing.T) {
	b := browser.Start(t)
	for name, walk := range map[string]func(*testing.T, *browser.Browser){
		"round": round, "deny": deny, "removal": removal, "click that does not count": clickThatDoesNotCount, "approver hears": approverHears, "asks first": asksFirst, "edits first": editsFirst, "asks by the form": asksByTheForm, "asks in own words": asksInOwnWords, "at home": atHome, "asks for several": asksForSeveral, "works by hand": worksByHand, "imports a list": importsAList, "somebody leaves": somebodyLeaves, "the digest": theDigest, "the world beside": theWorldBeside, "breaks it": breaksIt, "breaks three": breaksThree, "lives through stories": livesThroughStories, "comes too late": comesTooLate, "leaves room": leavesRoom, "many tabs": manyTabs, "talks in threads": talksInThreads, "three side by side": threeBeside, "in every state": inEveryState, "side by side": sideBySide, "says what is new": saysWhatIsNew,
		"says that the demo has stopped": saysThatTheDemoHasStopped, "accessible": accessible,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(t, b)
		})
	}
}

// round goes the whole round by what the page offers alone, at a desk and on a phone.
func round(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.picture("start")
			v.guide("You're Alice")
			v.picture("command")
			v.guide("to send it")
			v.answered("#1")
			v.picture("asked")
			v.guide("A card is waiting for Bob")
			v.sees("Alice Ames asks")
			v.vendorHas("dale@globex.example", "Globex Labs")
			v.Holds(`!document.querySelector('[data-email="jane@acme.example"]')`)
			v.picture("card")
			v.brings("Approve", vendorHas("jane@acme.example", "just created")) // which it says for a moment only
			v.sees("Approved by @Bob Baker")
			v.Holds(`!document.querySelector('[data-testid="button-Approve"]')`)
			v.Says(browser.Mark("guide-text"), "Usher has told Alice")
			v.picture("done")
			v.guide("jane@acme.example now has an SE Ranking seat")
			v.sees("Jane's SE Ranking seat is ready (#1)")
			v.picture("told")
			v.guide("Last stop: Carol")
			v.guide("The digest posts itself")
			v.picture("report-command")
			v.guide("to send it")
			v.sees("9 of 25 used")
			v.sees("amira.haddad@acme.example")
			v.Says(browser.Mark("guide-text"), "asked, approved, set up, told, reported")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("report")
			v.tries()
		})
	}
}

// deny denies with the form, which wants a reason, and shows the requester what came of it.
func deny(t *testing.T, b *browser.Browser) {
	v := visitDemo(t, b, 1280, 800)
	v.types("/access delete dale@globex.example because the project ended")
	v.answered("#1")
	v.is("U0BOB", "C0APPROVE")
	v.Click("button-Deny")
	v.Says(browser.Mark("modal"), "#1")
	v.picture("form")
	v.Click("modal-submit")
	v.Says(browser.Mark("modal"), "Please complete this required field.")
	v.WriteIn(browser.Mark("modal")+` textarea, [data-testid="modal"] input`, "Dale stays until June")
	v.Click("modal-submit")
	v.sees("Dale stays until June")
	v.Holds(`!document.querySelector('[data-testid="modal"]')`)
	v.picture("denied")
	v.guide("Usher has sent Alice a direct message about it")
	v.sees("Dale stays until June")
	v.picture("told")
	v.vendorHas("dale@globex.example", "Globex Labs")
}

// clickThatDoesNotCount is a manager who approves what he asked for himself.
func clickThatDoesNotCount(t *testing.T, b *browser.Browser) {
	v := visitDemo(t, b, 1280, 800)
	v.is("U0BOB", "C0APPROVE")
	v.types("/access create sam@acme.example Sam because he joins my team")
	v.Click("button-Approve")
	v.answered("somebody else must decide")
	v.picture("answered")
	v.Holds(`document.querySelector('[data-testid="button-Approve"]') !== null`)
	v.is("U0ALICE", "C0APPROVE")
	v.Click("button-Approve")
	v.answered("anyone in @leads can")
	v.picture("stranger")
	v.Holds(`!document.querySelector('[data-email="sam@acme.example"]')`)
	v.is("U0BOB", "C0GENERAL")
	v.types("/access create sam@acme.example Sam because he joins my team")
	v.answered("#1 already asks for this")
	v.picture("already asked")
	v.Click("message-link")
	v.Says(browser.Mark("talk-title"), "access-approvals")
	v.Holds(`document.activeElement.dataset.channel === "C0APPROVE" && document.activeElement.innerText.includes("sam@acme.example")`)
	v.picture("its card")
}

// removal deletes an account: the card says what goes, each yes asks back, and it takes two. A card of
// what must fail offers none; an update's says what was and what will be.
func removal(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.types("/access delete dale@globex.example because the project ended")
			v.answered("This can't be undone.")
			v.is("U0BOB", "C0APPROVE")
			v.sees("Deletes Dale's account, a client seat.")
			v.picture("card")
			v.Click("button-Approve")
			v.Says(browser.Mark("confirm"), "This can't be undone: Dale's SE Ranking account, dale@globex.example, with 2 websites shared.")
			v.picture("asks-back")
			v.Click("confirm-no")
			v.Holds(`document.querySelector('[data-testid="confirm"]') === null`)
			v.Click("button-Approve")
			v.Click("confirm-yes")
			v.sees("1 of 2 said yes: @Bob Baker")
			v.picture("one-of-two")
			v.vendorHas("dale@globex.example", "Globex Labs")
			v.is("U0ADMIN", "C0APPROVE")
			v.Click("button-Approve")
			v.Click("confirm-yes")
			v.sees("Approved by @Bob Baker and @Carol")
			v.vendorHas("dale@globex.example", "removed")
			v.Holds(`(Page.calm(), true)`) // as if that had been a while ago
			v.Holds(`!document.querySelector('[data-testid="vendor-row"][data-email="dale@globex.example"]')`)
			v.picture("done")
			v.types("/access delete tomas.lind@acme.example because he left")
			v.sees("owns 2 websites, and I don't delete accounts that own any")
			v.Holds(`!document.querySelector('[data-testid="button-Approve"]')`)
			v.picture("must-fail")
			v.types("/access update wei.chen@acme.example access=audit_website amount=50 period=month because she audits now")
			v.sees("Takes away manual reports")
			v.picture("update")
		})
	}
}

// tries does what the page offers after the round; a card then waits for each request.
func (v *visit) tries() {
	v.t.Helper()
	for i, answer := range []string{"#2", "#3", "#4", "#5", "Did you mean share?", "marco.bianchi@acme.example"} {
		v.Click(fmt.Sprintf("guide-try-%d", i))
		v.guide("to send it")
		v.answered(answer)
		v.picture(fmt.Sprintf("try-%d", i))
	}
	v.Says(browser.Mark("guide-text"), "A card is waiting for Bob")
	v.is("U0ADMIN", "C0APPROVE")
	for _, asked := range []string{"she writes there", "the project ended", "she plans the content", "he joins my team"} {
		v.sees(asked) // a card waits a moment for what it needs to say, so they need not come in order
	}
	v.Press(`[aria-label="Approve, request 2"]`)
	v.vendorHas("jane@acme.example", "website shared")
	v.vendorHas("jane@acme.example", "Acme Blog")
	v.picture("try-decided")
}

// holdsPicture holds a picture that a document shows to its size, and to being small.
func holdsPicture(t *testing.T, file string, width, height int) {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(300_000), "bytes")
	shown, err := png.DecodeConfig(f)
	require.NoError(t, err)
	require.Equal(t, [2]int{width, height}, [2]int{shown.Width, shown.Height})
}

// approverHears: who is named as an approver hears of a request by direct message and decides it there, or
// in the list of what is waiting for them.
func approverHears(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.types("/access create jane@acme.example Jane Smith because she tracks rankings")
			v.answered("#1")
			v.types("/access share marco.bianchi@acme.example 103 because he audits it")
			v.answered("#2")
			v.Click("persona-U0BOB")
			v.opens("channel-D")
			v.sees("she tracks rankings")
			v.sees("he audits it")
			v.picture("told")
			v.is("U0BOB", "C0GENERAL")
			v.types("/access pending")
			v.answered("#2")
			v.Says(browser.Mark("ephemeral"), "Approve")
			v.picture("pending")
			v.opens("channel-D")
			v.Click("button-Approve")
			v.vendorHas("jane@acme.example", "jane@acme.example")
			v.picture("decided")
		})
	}
}
