package bolt

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/store/cargo"
)

// Pack writes what pour gives to w as a backup: as the file that it would be, and its seal. The file is made in folder dir
// and loses its name at once, so a crash leaves nothing; pour is over before w gets its first byte.
func Pack(ctx context.Context, dir string, pour cargo.Pour, w io.Writer) error {
	fresh, err := NewFile(filepath.Join(dir, File), MarkCopy)
	if err != nil {
		return fmt.Errorf("make a copy: %w", err)
	}
	if os.Remove(fresh.Name()) != nil {
		defer os.Remove(fresh.Name()) // a system where an open file keeps its name
	}
	db, err := boltOn(fresh.File, &bbolt.Options{NoSync: true, NoGrowSync: true})
	if err != nil {
		return errors.Join(err, fresh.Discard())
	}
	sum := sha256.New()
	if err = load(ctx, db, pour); err == nil {
		err = db.View(func(tx *bbolt.Tx) error {
			_, err := tx.WriteTo(&untilDone{ctx: ctx, w: io.MultiWriter(w, sum)})
			return err
		})
	}
	if err == nil {
		_, err = fmt.Fprint(w, sealOf(sum))
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("copy database: %w", errors.Join(err, ctx.Err())) // bbolt does not wrap what w returned
	}
	return nil
}
