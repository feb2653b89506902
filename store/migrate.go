package store

import (
	"errors"
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// Version is the number of the schema that this program writes.
const Version = 1

var (
	bMeta     = []byte("meta")
	bRequests = []byte("requests")
	bState    = []byte("state")
	bPerson   = []byte("person")
	bSubject  = []byte("subject")
	bSeen     = []byte("seen")
	bAudit    = []byte("audit")
	bIntents  = []byte("intents")
	bDue      = []byte("due")
	bReceipts = []byte("receipts")
	bReports  = []byte("reports")

	kVersion = []byte("version")
	kHead    = []byte("head")
)

// buckets are the top-level buckets of the current schema.
var buckets = [][]byte{bMeta, bRequests, bState, bPerson, bSubject, bSeen, bAudit, bIntents, bDue, bReceipts, bReports}

// migrations[i] brings schema i+1 to i+2. Each runs in the same transaction as the new version
// number, so a crash leaves the old schema or the new one.
var migrations = []func(*bolt.Tx) error{}

// ErrNewer says that the file was written by a newer program.
var ErrNewer = errors.New("database was written by a newer Usher")

// initialize makes the buckets of a new database.
func initialize(tx *bolt.Tx) error {
	for _, name := range buckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	return tx.Bucket(bMeta).Put(kVersion, []byte(strconv.Itoa(Version)))
}

// versionOf reads the schema number of a file.
func versionOf(tx *bolt.Tx) (int, error) {
	meta := tx.Bucket(bMeta)
	if meta == nil {
		return 0, fmt.Errorf("%w: it is not Usher's", ErrDamaged)
	}
	v, err := strconv.Atoi(string(meta.Get(kVersion)))
	if err != nil || v < 1 {
		return 0, fmt.Errorf("%w: it has no schema number", ErrDamaged)
	}
	if v > Version {
		return v, fmt.Errorf("%w (schema %d, this program knows %d): use the newer program, or restore a backup from before the upgrade", ErrNewer, v, Version)
	}
	return v, nil
}

func checkVersion(tx *bolt.Tx) error {
	_, err := versionOf(tx)
	return err
}

// migrate brings a file to the current schema, one version a transaction; a current file is not written.
func migrate(db *bolt.DB) error {
	for {
		var v int
		err := db.View(func(tx *bolt.Tx) (err error) {
			v, err = versionOf(tx)
			return err
		})
		if err != nil || v == Version {
			return err
		}
		err = db.Update(func(tx *bolt.Tx) error {
			if err := migrations[v-1](tx); err != nil {
				return err
			}
			return tx.Bucket(bMeta).Put(kVersion, []byte(strconv.Itoa(v+1)))
		})
		if err != nil {
			return fmt.Errorf("migrate database from schema %d: %w", v, err)
		}
	}
}
