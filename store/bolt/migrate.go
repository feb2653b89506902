package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/store"
)

// Version is the number of the schema that this program writes.
const Version = 7

var (
	bMeta     = []byte("meta")
	bRequests = []byte("requests")
	bState    = []byte("state")
	bPerson   = []byte("person")
	bOpen     = []byte("open")
	bWhom     = []byte("whom")
	bAbout    = []byte("about")
	bSubject  = []byte("subject")
	bSeen     = []byte("seen")
	bAudit    = []byte("audit")
	bIntents  = []byte("intents")
	bDue      = []byte("due")
	bReceipts = []byte("receipts")
	bReports  = []byte("reports")
	bRemoved  = []byte("removed")
	bBeside   = []byte("beside")

	kVersion = []byte("version")
	kHead    = []byte("head")
	// kAbsences was added while the schema was 3: who reads a file without it finds nobody away.
	kAbsences = []byte("absences")
)

// buckets are the top-level buckets of the current schema.
var buckets = [][]byte{bMeta, bRequests, bState, bPerson, bOpen, bWhom, bAbout, bSubject, bSeen, bAudit, bIntents, bDue, bReceipts, bReports, bRemoved, bBeside}

// since is the schema that brought a bucket, for those that were not there from the first.
var since = map[string]int{string(bOpen): 2, string(bWhom): 4, string(bRemoved): 5, string(bBeside): 6, string(bAbout): 7}

// has reports whether files of a schema have a bucket. A backup of before an upgrade is held to its own schema.
func has(schema int, bucket []byte) bool { return schema >= since[string(bucket)] }

// ladder is how older files become current: step i brings schema i+1 to i+2. Each runs in the same
// transaction as the new version number, so a crash leaves the old schema or the new one, and the next
// start goes on from there.
type ladder []func(*bbolt.Tx) error

// top is the schema at the upper end.
func (l ladder) top() int { return len(l) + 1 }

// migrations are the steps of every schema released before this one.
var migrations = ladder{indexOpen, valued, indexed(bWhom), makeRoom, makeBeside, indexed(bAbout)}

// indexOpen (1 → 2) gives each person an index of what they have open, so that counting it costs what one
// person may have, and not what everybody has.
func indexOpen(tx *bbolt.Tx) error {
	open, err := tx.CreateBucketIfNotExists(bOpen)
	if err != nil {
		return fmt.Errorf("make bucket %s: %w", bOpen, err)
	}
	for _, state := range store.OpenStates {
		err := eachNumber(tx, bState, prefix(string(state)), func(n int64) error {
			r, err := requestIn(tx, n)
			if err != nil {
				return err
			}
			return open.Put(append(prefix(string(r.Requester)), number(n)...), nil)
		})
		if err != nil {
			return fmt.Errorf("index what people have open: %w", err)
		}
	}
	return nil
}

// indexed makes an index anew, of the requests that there are. Step 3 → 4 gives each person one of what was asked for them, whoever asked, and
// 6 → 7 each address one of what was carried out about it: so saying what somebody has costs what was done for them, and not what was done
// for everybody.
func indexed(bucket []byte) func(*bbolt.Tx) error {
	return func(tx *bbolt.Tx) error {
		index, err := tx.CreateBucketIfNotExists(bucket)
		if err != nil {
			return fmt.Errorf("make bucket %s: %w", bucket, err)
		}
		return tx.Bucket(bRequests).ForEach(func(k, _ []byte) error {
			r, err := requestIn(tx, numberFrom(k))
			if err != nil {
				return fmt.Errorf("index requests by %s: %w", bucket, err)
			}
			for _, row := range rows(r) {
				if err == nil && bytes.Equal(row.bucket, bucket) {
					err = index.Put(row.key, nil)
				}
			}
			return err
		})
	}
}

// makeRoom (4 → 5) makes the place where removed requests leave their numbers. An older program would give such a number again.
func makeRoom(tx *bbolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists(bRemoved); err != nil {
		return fmt.Errorf("make bucket %s: %w", bRemoved, err)
	}
	return nil
}

// makeBeside (5 → 6) makes the place beside the audit log. Entries from before have their details in them. An older program takes an
// entry without for a forgery.
func makeBeside(tx *bbolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists(bBeside); err != nil {
		return fmt.Errorf("make bucket %s: %w", bBeside, err)
	}
	return nil
}

// ErrNewer says that the file was written by a newer program.
var ErrNewer = errors.New("database was written by a newer Usher")

// initialize makes the buckets of a new database.
func initialize(tx *bbolt.Tx) error {
	for _, name := range buckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	return tx.Bucket(bMeta).Put(kVersion, []byte(strconv.Itoa(Version)))
}

// versionOf reads the schema number of a file; known is the newest that may stand there.
func versionOf(tx *bbolt.Tx, known int) (int, error) {
	meta := tx.Bucket(bMeta)
	if meta == nil {
		return 0, fmt.Errorf("%w: it is not Usher's", ErrDamaged)
	}
	v, err := strconv.Atoi(string(meta.Get(kVersion)))
	if err != nil || v < 1 {
		return 0, fmt.Errorf("%w: it has no schema number", ErrDamaged)
	}
	if v > known {
		return v, fmt.Errorf("%w (schema %d, this program knows %d): use the newer program, or restore a backup from before the upgrade", ErrNewer, v, known)
	}
	return v, nil
}

// migrate brings a file to the top of a ladder, one version a transaction; a current file is not written.
func migrate(db *bbolt.DB, steps ladder) error {
	for {
		var v int
		err := db.View(func(tx *bbolt.Tx) (err error) {
			v, err = versionOf(tx, steps.top())
			return err
		})
		if err != nil || v == steps.top() {
			return err
		}
		if err := db.Update(func(tx *bbolt.Tx) error { return steps.climb(tx, v) }); err != nil {
			return fmt.Errorf("upgrade database %s: %w", db.Path(), err)
		}
	}
}

// climb takes the step from one schema to the next.
func (l ladder) climb(tx *bbolt.Tx, from int) error {
	if err := l[from-1](tx); err != nil {
		return fmt.Errorf("from schema %d to %d: %w; nothing of that was kept, and the program that wrote schema %d can still use the file", from, from+1, err, from)
	}
	return tx.Bucket(bMeta).Put(kVersion, []byte(strconv.Itoa(from+1)))
}
