package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// bbolt believes the pages it reads: one that leads back to itself sends it round until the stack is
// full, which ends the process and cannot be recovered, and a length that is false makes it read or
// allocate what is not there. So a file is walked here first, under its lock: each page once, nothing
// deeper than any tree of ours, every length held against the page. What passes, bbolt can walk.

// The layout of bbolt's pages. A page has a header (its number, flags, how many elements, how many pages
// follow that belong to it) and elements, whose positions count from themselves.
const (
	headerSize  = 16
	elementSize = 16
	bucketSize  = 16

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagFreelist = 0x10

	leastPage, mostPage = 1 << 10, 1 << 24
	// deepest is how many pages may lead from the root to another: a tree of ours has five or six.
	deepest = 64
	// longest is the most bytes that one page and those that belong to it may have.
	longest = 1 << 28
)

// walker walks the pages of one state of a file. One that is damaged ends it with ErrDamaged.
type walker struct {
	ctx  context.Context
	file io.ReaderAt
	meta meta
	// seen has a bit for each page that was met: none is met twice.
	seen []uint64
	met  uint64
	// free is how many of those met are on the list of free pages.
	free uint64
	// bufs are the pages on the way from the root to the one in hand.
	bufs [deepest][]byte
	// visit, when set, is called with each key of each bucket at the top, and its value; its error ends the walk.
	visit func(bucket, key, value []byte) error
	top   []byte // the bucket at the top that is being walked
	only  []byte // of those at the top, the one that is walked; nil: each is
	// ahead is told what will be read; nil: nobody is.
	ahead func(at, n int64)
}

// walk proves the pages of the state that was committed last, or, with tx, of that one, where it can
// still be found: known is false where it cannot.
func walk(ctx context.Context, file io.ReaderAt, size int64, tx uint64, visit func(bucket, key, value []byte) error) (w *walker, known bool, err error) {
	return walkOnly(ctx, file, size, tx, nil, visit)
}

// walkOnly walks one bucket at the top, of which it reads each page once and in its order; nil: all of them. The list of free pages is
// walked with each but the log. The pages of one lie between
// those of others, so the system is told which.
func walkOnly(ctx context.Context, file io.ReaderAt, size int64, tx uint64, only []byte, visit func(bucket, key, value []byte) error) (w *walker, known bool, err error) {
	m, known, err := metaOf(file, tx)
	if err != nil || !known {
		return nil, known, err
	}
	w = &walker{ctx: ctx, file: file, meta: m, visit: visit, only: only}
	if f, ok := file.(*os.File); ok && only != nil {
		var end func()
		w.ahead, end = expecting(f)
		defer end()
	}
	if m.top > uint64(size)/m.page {
		return nil, true, fmt.Errorf("%w: it has %d bytes, and its pages fill %d", ErrDamaged, size, m.top*m.page)
	}
	w.seen = make([]uint64, m.top/64+1)
	if m.free != noFreelist && !bytes.Equal(only, bAudit) {
		err = w.freelist(m.free)
	}
	if err == nil {
		err = w.tree(m.root, nil, nil, 0)
	}
	return w, true, err
}

// leaked is how many pages belong to nothing. They do no harm but that something lost them.
func (w *walker) leaked() uint64 {
	if w.meta.free == noFreelist {
		return 0
	}
	return w.meta.top - 2 - w.met
}

// space is what of a file of that size the tree needs, with its two meta pages; all else is free.
func (w *walker) space(size int64) Space {
	return Space{Bytes: size, Free: size - int64((2+w.met-w.free)*w.meta.page)}
}

func damaged(id uint64, format string, args ...any) error {
	return fmt.Errorf("%w: page %d %s", ErrDamaged, id, fmt.Sprintf(format, args...))
}

// take notes that a page belongs to something, and that nothing else claimed it before.
func (w *walker) take(id uint64) error {
	if id < 2 || id >= w.meta.top {
		return damaged(id, "is named, and the file has pages 2 to %d", w.meta.top-1)
	}
	if w.seen[id/64]&(1<<(id%64)) != 0 {
		return damaged(id, "is used twice")
	}
	w.seen[id/64] |= 1 << (id % 64)
	w.met++
	return nil
}

// page is one page with those that belong to it.
type page struct {
	id, follow   uint64
	flags, count int
	body         []byte // all of it, header included
}

// read reads a page into the buffer of its depth.
func (w *walker) read(id uint64, depth int) (p page, err error) {
	if err := w.ctx.Err(); err != nil {
		return p, err
	}
	if err := w.take(id); err != nil {
		return p, err
	}
	buf := w.bufs[depth]
	if uint64(len(buf)) < w.meta.page {
		buf = make([]byte, w.meta.page)
	}
	if _, err := w.file.ReadAt(buf[:w.meta.page], int64(id*w.meta.page)); err != nil {
		return p, fmt.Errorf("%w: read page %d: %w", ErrDamaged, id, err)
	}
	p = headed(buf)
	if p.id != id {
		return p, damaged(id, "says that it is page %d", p.id)
	}
	for i := range p.follow {
		if err := w.take(id + 1 + i); err != nil {
			return p, err
		}
	}
	whole := (1 + p.follow) * w.meta.page
	if whole > longest {
		return p, damaged(id, "says that it has %d bytes", whole)
	}
	if uint64(len(buf)) < whole {
		buf = append(buf[:w.meta.page], make([]byte, whole-w.meta.page)...)
	}
	if _, err := w.file.ReadAt(buf[w.meta.page:whole], int64((id+1)*w.meta.page)); err != nil && p.follow > 0 {
		return p, fmt.Errorf("%w: read page %d: %w", ErrDamaged, id+1, err)
	}
	w.bufs[depth], p.body = buf, buf[:whole]
	return p, nil
}

func headed(b []byte) page {
	return page{id: u64(b), flags: int(u16(b[8:])), count: int(u16(b[10:])), follow: uint64(u32(b[12:])), body: b}
}

func u16(b []byte) uint16 { return binary.NativeEndian.Uint16(b) }
func u32(b []byte) uint32 { return binary.NativeEndian.Uint32(b) }
func u64(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }

// freelist is the list of pages that nothing uses: each is in the file, and stands there once.
func (w *walker) freelist(id uint64) error {
	p, err := w.read(id, 0)
	if err != nil {
		return err
	}
	if p.flags != flagFreelist {
		return damaged(id, "should be the list of free pages, and is not")
	}
	list, count := p.body[headerSize:], uint64(p.count)
	if count == 0xffff { // too many for the header: the first entry says how many
		count, list = u64(list), list[8:]
	}
	if count > uint64(len(list))/8 {
		return damaged(id, "lists %d free pages, and has no room for them", count)
	}
	for i := range count {
		if err := w.take(u64(list[8*i:])); err != nil {
			return fmt.Errorf("the list of free pages: %w", err)
		}
	}
	w.free = count
	return nil
}

// tree walks what hangs on a page: its keys stand in order, from low on and below high.
func (w *walker) tree(id uint64, low, high []byte, depth int) error {
	if depth >= deepest {
		return damaged(id, "lies deeper than any page should")
	}
	p, err := w.read(id, depth)
	if err != nil {
		return err
	}
	switch p.flags {
	case flagBranch:
		return w.branch(p, low, high, depth)
	case flagLeaf:
		return w.leaf(p, low, high, depth, false)
	}
	return damaged(id, "is none that holds keys (flags %x)", p.flags)
}

func (w *walker) branch(p page, low, high []byte, depth int) error {
	if p.count == 0 {
		return damaged(p.id, "leads nowhere")
	}
	w.expects(p)
	for i := range p.count {
		key, err := p.bytes(i, 0, 4)
		if err == nil {
			err = p.inOrder(key, low, high, i == 0)
		}
		if err != nil {
			return err
		}
		until := high
		if i+1 < p.count {
			if until, err = p.bytes(i+1, 0, 4); err != nil {
				return err
			}
		}
		if err := w.tree(u64(p.element(i)[8:]), key, until, depth+1); err != nil {
			return err
		}
		low = key
	}
	return nil
}

// expects tells ahead which pages a branch leads to, those in a row at once.
func (w *walker) expects(p page) {
	if w.ahead == nil {
		return
	}
	var from, n uint64
	for i := range p.count {
		e := p.element(i)
		if e == nil {
			break
		}
		if id := u64(e[8:]); id != from+n || n == 0 {
			w.expect(from, n)
			from, n = id, 0
		}
		n++
	}
	w.expect(from, n)
}

func (w *walker) expect(from, n uint64) {
	if n > 0 && from < w.meta.top && n < w.meta.top {
		w.ahead(int64(from*w.meta.page), int64(n*w.meta.page))
	}
}

// leaf walks the keys of a page, and the buckets among them. An inline bucket is a leaf inside a value
// and holds no further buckets.
func (w *walker) leaf(p page, low, high []byte, depth int, inline bool) error {
	for i := range p.count {
		key, err := p.bytes(i, 4, 8)
		if err == nil {
			err = p.inOrder(key, low, high, i == 0)
		}
		if err != nil {
			return err
		}
		low = key
		value, err := p.value(i, len(key))
		if err != nil {
			return err
		}
		switch flags := u32(p.element(i)); {
		case flags == 0:
			if w.visit != nil && w.top != nil {
				err = w.visit(w.top, key, value)
			}
		case flags == 1 && !inline:
			err = w.bucket(p.id, key, value, depth)
		default:
			err = damaged(p.id, "has an element of no kind that there is (%x)", flags)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) bucket(on uint64, name, value []byte, depth int) error {
	if len(value) < bucketSize {
		return damaged(on, "has a bucket without a beginning")
	}
	if w.top == nil {
		if w.only != nil && !bytes.Equal(name, w.only) {
			return nil
		}
		w.top = name
		defer func() { w.top = nil }()
	}
	if root := u64(value); root != 0 {
		return w.tree(root, nil, nil, depth+1)
	}
	body := value[bucketSize:]
	if len(body) < headerSize {
		return damaged(on, "has a bucket inside that is cut off")
	}
	p := headed(body)
	if p.id = on; p.flags != flagLeaf {
		return damaged(on, "has a bucket inside that holds no keys (flags %x)", p.flags)
	}
	return w.leaf(p, nil, nil, depth, true)
}

// element is the i-th element of a page; nil where the page has no room for it.
func (p page) element(i int) []byte {
	at := headerSize + i*elementSize
	if at+elementSize > len(p.body) {
		return nil
	}
	return p.body[at:]
}

// bytes is the key of element i, whose position and length stand there in it. Both kinds of page have
// elements of one size, and differ in where these stand.
func (p page) bytes(i, posAt, sizeAt int) ([]byte, error) {
	e := p.element(i)
	if e == nil {
		return nil, damaged(p.id, "has no room for the %d elements it speaks of", p.count)
	}
	from := uint64(u32(e[posAt:]))
	to := from + uint64(u32(e[sizeAt:]))
	if to > uint64(len(e)) {
		return nil, damaged(p.id, "has a key that ends outside of it")
	}
	return e[from:to], nil
}

// value is what follows the key of element i.
func (p page) value(i, key int) ([]byte, error) {
	e := p.element(i)
	from := uint64(u32(e[4:])) + uint64(key)
	to := from + uint64(u32(e[12:]))
	if to > uint64(len(e)) {
		return nil, damaged(p.id, "has a value that ends outside of it")
	}
	return e[from:to], nil
}

// inOrder holds that a key follows the one before it, or, the first, begins where it may, and stays below high.
func (p page) inOrder(key, low, high []byte, first bool) error {
	c := bytes.Compare(low, key)
	if low != nil && (c > 0 || c == 0 && !first) || high != nil && bytes.Compare(key, high) >= 0 {
		return damaged(p.id, "has keys that are out of order")
	}
	return nil
}
