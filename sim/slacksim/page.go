package slacksim

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/usherbot/usher/sim/door"
)

// Persona is somebody the page lets its reader be.
type Persona struct {
	ID   string // a user's id
	Role string // a word under the name: Employee, Manager, Admin
	Hint string // a sentence about what this person does here
	Home string // the channel to open first; empty: the direct message with the bot
}

// PageCommand is one line of what the composer completes.
type PageCommand struct {
	Command     string `json:"command"`     // /access
	Verb        string `json:"verb"`        // create; empty: the bare command
	UsageHint   string `json:"usage_hint"`  // EMAIL FIRST because …
	Description string `json:"description"` // ask for a new seat
}

// PageLink leads from the page to another one of the same server.
type PageLink struct {
	Label string `json:"label"` // two to four words
	Path  string `json:"path"`
}

// PageOptions shape the demo page. Everything may be left out but Personas.
type PageOptions struct {
	Team     string // as the page's heading says it; default "Acme workspace"
	Again    string // the command that starts this program again, for when it has stopped
	Personas []Persona
	// ReadOnlyApp is the manifest's messages_tab_read_only_enabled: nobody can
	// write in the direct message with the app.
	ReadOnlyApp bool
	Commands    []PageCommand
	Guide       *PageGuide // nil: no guide
	// Stories are what it leads through beside the guide's round; nil: none.
	Stories *PageStories
	// Beside are the pages about what stands beside the workspace.
	Beside []PageLink
	// Members are whom a persona can deactivate; nil: nobody can.
	Members *PageMembers
	// Vendor is what the panel beside the conversation shows; nil: no panel's worth.
	Vendor func() VendorView
	// VendorChanged subscribes to changes of it, as Server.Subscribe does to
	// those of the workspace.
	VendorChanged func() (<-chan struct{}, func())
}

// Page is the demo page and the little API behind it. It keeps what each person
// has read; all else is the Server's.
type Page struct {
	server  *Server
	opts    PageOptions
	whole   whole
	mux     *http.ServeMux
	mu      sync.Mutex
	read    map[string]map[string]string // user -> channel -> ts
	began   map[string]bool              // the vendor's accounts when the page was made, by e-mail
	watches map[chan struct{}]struct{}   // one for each open event stream
}

//go:embed page
var pageFiles embed.FS

// Page makes the demo page of this workspace: GET / is the page, /page/… its
// API, and every other path goes to the Server itself, so that one listener
// serves both the people and the app. Server.Close ends its event streams.
func (s *Server) Page(opts PageOptions) *Page {
	setDefault(&opts.Team, "Acme workspace")
	p := &Page{server: s, opts: opts, mux: http.NewServeMux(), read: map[string]map[string]string{},
		began: map[string]bool{}, watches: map[chan struct{}]struct{}{}}
	p.whole = newWhole(assemblePage(pageFiles, "index.html"))
	for _, persona := range opts.Personas {
		s.DMChannel(persona.ID)
	}
	for _, account := range p.vendor().Accounts {
		p.began[account.Email] = true
	}
	p.readAll()
	p.routes()
	return p
}

// readAll counts what stands in the workspace already as read by everybody.
func (p *Page) readAll() {
	for _, persona := range p.opts.Personas {
		for _, c := range p.channelsOf(persona.ID) {
			for _, m := range p.visibleTo(persona.ID, c.ID) {
				p.markRead(persona.ID, c.ID, m.TS)
				if m.isReply() {
					p.markRead(persona.ID, threadKey(c.ID, m.ThreadTS), m.TS)
				}
			}
		}
	}
}

func (p *Page) routes() {
	p.mux.Handle("GET /{$}", p.whole)
	p.mux.HandleFunc("GET /page/state", p.serveState)
	p.mux.HandleFunc("GET /page/vendor", p.serveVendor)
	p.mux.HandleFunc("GET /page/events", p.serveEvents)
	p.mux.Handle("POST /page/attach", http.NewCrossOriginProtection().Handler(http.HandlerFunc(p.serveAttach)))
	p.mux.Handle("POST /page/story", http.NewCrossOriginProtection().Handler(http.HandlerFunc(p.serveStory)))
	for name, act := range pageActs {
		p.mux.Handle("POST /page/"+name, p.serveAct(act))
	}
	p.mux.Handle("/", p.server)
}

// ServeHTTP answers the page's paths and hands all others to the Server.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// BuiltPage is another page of the same build, by its file, such as world.html.
func BuiltPage(name string) http.Handler {
	return newWhole(assemblePage(pageFiles, name))
}

var (
	stylesheetTag = regexp.MustCompile(`<link rel="stylesheet" href="([\w.]+)">\n?`)
	scriptTag     = regexp.MustCompile(`<script src="([\w.]+)"></script>\n?`)
)

// assemblePage puts the stylesheets and scripts that an index names into it:
// one style and one script, and a policy that allows exactly these two by their
// hashes, no request but to the page's own server, and no HTML made of a string.
func assemblePage(files fs.FS, name string) (html []byte, policy string) {
	index := readPageFile(files, name)
	style, index := inlined(files, index, stylesheetTag)
	script, index := inlined(files, index, scriptTag)
	index = strings.Replace(index, "</head>", "<style>"+style+"</style>\n</head>", 1)
	index = strings.Replace(index, "</body>", "<script>"+script+"</script>\n</body>", 1)
	policy = fmt.Sprintf("default-src 'none'; script-src %s; style-src %s; connect-src 'self'; img-src data:; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'", hashSource(script), hashSource(style))
	return []byte(index), policy
}

// inlined joins the files that the tags name, in their order, and takes the tags out.
func inlined(files fs.FS, index string, tag *regexp.Regexp) (content, rest string) {
	var all strings.Builder
	for _, m := range tag.FindAllStringSubmatch(index, -1) {
		all.WriteString(readPageFile(files, m[1]))
	}
	return all.String(), tag.ReplaceAllString(index, "")
}

// readPageFile reads an embedded file. One that an index names and that is
// not there is a mistake of the build, found by every test of the page.
func readPageFile(files fs.FS, name string) string {
	content, err := fs.ReadFile(files, "page/"+name)
	if err != nil {
		panic(fmt.Sprintf("slacksim: read embedded page: %v", err))
	}
	return string(content)
}

func hashSource(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// pageRefuse answers with a sentence that the page shows as it is.
func pageRefuse(w http.ResponseWriter, status int, format string, args ...any) {
	door.Answer(w, status, map[string]string{"error": fmt.Sprintf(format, args...)})
}
