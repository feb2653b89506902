package bolt

import (
	"fmt"
	"hash/fnv"
	"io"
)

// meta is what one of the first two pages says: a state that was committed.
type meta struct {
	page uint64 // bytes of a page
	root uint64 // the page at the top of the tree
	free uint64 // the page of the list of free pages
	top  uint64 // the first page that is not used yet
	tx   uint64 // the transaction that wrote it
}

const (
	metaSize   = 64
	metaMagic  = 0xED0CDAED
	metaFormat = 2
	noFreelist = 1<<64 - 1
)

// metaIn reads a meta page; false where it does not match its own sum, as after a power cut.
func metaIn(b []byte) (m meta, ok bool) {
	if len(b) < headerSize+metaSize {
		return m, false
	}
	b = b[headerSize:]
	sum := fnv.New64a()
	_, _ = sum.Write(b[:metaSize-8]) // a hash takes everything
	m = meta{page: uint64(u32(b[8:])), root: u64(b[16:]), free: u64(b[32:]), top: u64(b[40:]), tx: u64(b[48:])}
	ok = u32(b) == metaMagic && u32(b[4:]) == metaFormat && u64(b[56:]) == sum.Sum64() &&
		m.page >= leastPage && m.page <= mostPage && m.page&(m.page-1) == 0 && m.top >= 2 && m.top < 1<<40
	return m, ok
}

// metaOf is the state that was committed last, or the one of transaction tx; false where that is written
// over already.
func metaOf(file io.ReaderAt, tx uint64) (m meta, known bool, err error) {
	all, err := metasOf(file)
	if err != nil {
		return m, false, err
	}
	for _, one := range all {
		if tx == 0 && one.tx >= m.tx || tx != 0 && one.tx == tx {
			m, known = one, true
		}
	}
	return m, known, nil
}

// metasOf are those of the two that can be read. Where the second one stands depends on the size of a
// page, which the first one says; if that is lost, every size is tried, as bbolt does.
func metasOf(file io.ReaderAt) (all []meta, err error) {
	buf := make([]byte, headerSize+metaSize)
	read := func(at int64) (meta, bool, error) {
		n, err := file.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return meta{}, false, fmt.Errorf("%w: read its beginning: %w", ErrDamaged, err)
		}
		m, ok := metaIn(buf[:n])
		return m, ok, nil
	}
	first, ok, err := read(0)
	if err != nil {
		return nil, err
	}
	sizes := []uint64{first.page}
	if ok {
		all = append(all, first)
	} else {
		sizes = nil
		for size := uint64(leastPage); size <= mostPage; size *= 2 {
			sizes = append(sizes, size)
		}
	}
	for _, size := range sizes {
		m, ok, err := read(int64(size))
		if err != nil {
			return nil, err
		}
		if ok && m.page == size {
			return append(all, m), nil
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: neither of its two first pages is one of a database", ErrDamaged)
	}
	return all, nil
}
