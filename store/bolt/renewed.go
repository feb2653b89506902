package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/usherbot/usher/store/cargo"
)

// Renewed is a backup as it is restored, on its way into another engine: a file without a name, which is gone once it is
// let go, or whoever made it dies.
type Renewed struct {
	Restored
	o    dbFile
	file string
}

// Renew makes of a backup, in folder dir, what Restore would put there. there says that a database is replaced, and number is
// the last request in it.
func Renew(ctx context.Context, backup, dir string, how Restoring, there bool, number int64) (*Renewed, error) {
	r := &Renewed{}
	var err error
	if r.Contents, err = VerifyBackup(ctx, backup); err != nil {
		return nil, err
	}
	r.Next = next(how.Next, r.Number, held{known: there, number: number})
	if err := MakeFolder(dir); err != nil {
		return nil, err
	}
	o, fresh, err := altered(ctx, backup, filepath.Join(dir, File), held{}, r.Restored, how)
	if err != nil {
		return nil, fmt.Errorf("make ready what is restored: %w", err)
	}
	r.o = o
	if os.Remove(fresh.Name()) != nil {
		r.file = fresh.Name() // a system where an open file keeps its name
	}
	return r, nil
}

// Unload gives everything in it to put.
func (r *Renewed) Unload(ctx context.Context, put cargo.Put) error {
	return reading(r.o).Unload(ctx, put)
}

// Close lets go of it.
func (r *Renewed) Close() error {
	err := r.o.Close()
	if r.file != "" {
		err = errors.Join(err, os.Remove(r.file))
	}
	return err
}
