package bolt_test

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/maphash"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// event is one thing that happened in a recorded life, in order: a system call or a promise.
type event struct {
	Name   string // of the system call; "" for a promise
	Path   string // relative to the recorded folder
	To     string
	Create bool // openat with O_CREAT
	Off    int64
	Data   []byte
	Failed bool
	Said   said
}

// disk is what a strict reading of POSIX lets be on a disk: what was synced, and any part of what was
// not. Writes to a file are kept by a sync of the file, names by a sync of their folder. Names that
// were not synced are kept in the order in which they were made, as journals do.
type disk struct {
	names map[string]*inode // durable
	live  map[string]*inode // as the running program sees them
	loose []naming
}

// naming is a change of names that is not durable: to now means node, or nothing; from means nothing.
type naming struct {
	from, to string
	node     *inode
}

// inode is a file or, where folder is set, a folder.
type inode struct {
	folder bool
	kept   []byte
	loose  []scrap
}

// scrap is a write, or with data nil a new size, that is not durable.
type scrap struct {
	off  int64
	data []byte
	// lost is set when the sync that was to keep it failed: the kernel has forgotten that it is not
	// on disk, so a later sync does not keep it either; only writing it again does.
	lost bool
}

func newDisk() *disk {
	return &disk{names: map[string]*inode{"": {folder: true}}, live: map[string]*inode{"": {folder: true}}}
}

// apply carries an event to the disk.
func (d *disk) apply(e event) {
	switch e.Name {
	case "mkdirat":
		if d.live[e.Path] == nil {
			d.name("", e.Path, &inode{folder: true})
		}
	case "openat":
		if e.Create && d.live[e.Path] == nil {
			d.name("", e.Path, &inode{})
		}
	case "renameat":
		d.name(e.Path, e.To, d.live[e.Path])
	case "linkat":
		if d.live[e.To] == nil {
			d.name("", e.To, d.live[e.Path])
		}
	case "unlinkat":
		if d.live[e.Path] != nil {
			d.name(e.Path, "", nil)
		}
	case "pwrite64", "ftruncate":
		f := d.live[e.Path]
		f.loose = append(f.loose, scrap{off: e.Off, data: e.Data})
	case "fsync", "fdatasync":
		d.sync(e.Path, e.Failed)
	}
}

func (d *disk) name(from, to string, node *inode) {
	if e := (naming{from, to, node}); e.from != "" || e.to != "" {
		d.loose = append(d.loose, e)
		e.in(d.live)
	}
}

func (n naming) in(names map[string]*inode) {
	if n.from != "" {
		delete(names, n.from)
	}
	if n.to != "" {
		names[n.to] = n.node
	}
}

func (d *disk) sync(of string, failed bool) {
	f := d.live[of]
	if !f.folder {
		f.sync(failed)
		return
	}
	if failed {
		return
	}
	d.loose = slices.DeleteFunc(d.loose, func(n naming) bool {
		if n.folder() != of {
			return false
		}
		n.in(d.names)
		return true
	})
}

// folder is the folder whose sync keeps the change.
func (n naming) folder() string {
	if dir := path.Dir(cmp.Or(n.to, n.from)); dir != "." {
		return dir
	}
	return ""
}

const page = 4096

func (f *inode) sync(failed bool) {
	var left []scrap
	for _, s := range f.loose {
		switch {
		case failed && !s.lost:
			left = append(left, s.pages()...)
		case failed || s.lost:
			left = append(left, s)
		default:
			f.kept = s.in(f.kept)
			left = slices.DeleteFunc(left, func(old scrap) bool { return s.covers(old) })
		}
	}
	f.loose = left
}

// pages cuts a lost write into pages, because each is made good by whoever writes that page again.
func (s scrap) pages() []scrap {
	var out []scrap
	for i := 0; i < len(s.data); i += page {
		out = append(out, scrap{off: s.off + int64(i), data: s.data[i:min(i+page, len(s.data))], lost: true})
	}
	return out
}

func (s scrap) covers(old scrap) bool {
	return old.off >= s.off && old.off+int64(len(old.data)) <= s.off+int64(len(s.data))
}

// in is a file's bytes with the scrap kept.
func (s scrap) in(b []byte) []byte {
	end := s.off + int64(len(s.data))
	if s.data == nil && int64(len(b)) > s.off {
		return b[:s.off]
	}
	if grow := end - int64(len(b)); grow > 0 {
		b = append(b, make([]byte, grow)...)
	}
	copy(b[s.off:end], s.data)
	return b
}

// image is what the disk holds when the power comes back: files and, with nil, folders.
type image map[string][]byte

// hash tells images apart.
func (m image) hash(seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&h, "%s %d\n", name, len(m[name]))
		_, _ = h.Write(m[name])
	}
	return h.Sum64()
}

// write puts the image into an empty folder.
func (m image) write(dir string) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		at := filepath.Join(dir, name)
		if m[name] == nil {
			if err := os.MkdirAll(at, 0o700); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(at, m[name], 0o600); err != nil {
			return err
		}
	}
	return nil
}

// care is how many subsets of loose writes are tried: every one where there are no more than all, else a
// sample that is the same each time.
type care struct{ all, sample int }

// orLittle is the care taken where a test wants none in particular.
func (c care) orLittle() care { return care{max(c.all, 8), max(c.sample, 8)} }

// whole reports whether every subset of n loose writes is tried.
func (c care) whole(n int) bool { return n < 63 && 1<<n <= c.all }

// points are the numbers of loose writes between which a power cut can choose now, one for each number
// of names kept.
func (d *disk) points() (out []int) {
	names := maps.Clone(d.names)
	for k := 0; k <= len(d.loose); k++ {
		if k > 0 {
			d.loose[k-1].in(names)
		}
		out = append(out, len(loose(names)))
	}
	return out
}

// images are those a power cut could leave now: for each number of names kept, each subset of the
// loose writes that care calls for, and each subset that has one write torn at a sector.
func (d *disk) images(most care) iter.Seq[image] {
	return func(yield func(image) bool) {
		names := maps.Clone(d.names)
		for k := 0; k <= len(d.loose); k++ {
			if k > 0 {
				d.loose[k-1].in(names)
			}
			for keep := range choices(loose(names), most) {
				if !yield(build(names, keep)) {
					return
				}
			}
		}
	}
}

// loose lists the loose scraps of all files that have a name, in a steady order.
func loose(names map[string]*inode) []scrap {
	var out []scrap
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out = append(out, names[name].loose...)
	}
	return out
}

// mostLoose bounds how far back a choice is made: what is older is kept.
const mostLoose = 60

// choices are what may be kept of each of some scraps.
func choices(all []scrap, most care) iter.Seq[[]scrap] {
	old := max(len(all)-mostLoose, 0)
	return func(yield func([]scrap) bool) {
		for bits := range subsets(len(all)-old, most) {
			if !yield(pick(all, old, bits)) {
				return
			}
		}
		for i, s := range all[old:] {
			for _, torn := range s.torn() {
				for _, bits := range []uint64{1<<(len(all)-old) - 1, 2<<i - 1} {
					keep := pick(all, old, bits)
					keep[old+i] = torn
					if !yield(keep) {
						return
					}
				}
			}
		}
	}
}

// subsets of n things as bits: all of them, or none, all, each alone, all but each, and a sample.
func subsets(n int, most care) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		if most.whole(n) {
			for bits := range uint64(1) << n {
				if !yield(bits) {
					return
				}
			}
			return
		}
		full := uint64(1)<<n - 1
		some := []uint64{0, full}
		for i := range n {
			some = append(some, 1<<i, full&^(1<<i))
		}
		for random := rand.New(rand.NewPCG(1, uint64(n))); len(some) < most.sample; {
			some = append(some, random.Uint64()&full)
		}
		for _, bits := range some {
			if !yield(bits) {
				return
			}
		}
	}
}

// pick is all with those after the first old emptied that are not kept.
func pick(all []scrap, old int, bits uint64) []scrap {
	out := slices.Clone(all)
	for i := range out[old:] {
		if bits&(1<<i) == 0 {
			out[old+i] = scrap{lost: true}
		}
	}
	return out
}

const sector = 512

// torn are the ways in which a write may be half on disk: its first sectors, or its last.
func (s scrap) torn() []scrap {
	var out []scrap
	for _, at := range []int{sector, len(s.data) / 2 / sector * sector, len(s.data) - sector} {
		if at > 0 && at < len(s.data) {
			out = append(out, scrap{off: s.off, data: s.data[:at]}, scrap{off: s.off + int64(at), data: s.data[at:]})
		}
	}
	return out
}

// build is the image with these names and, in the order of loose, these scraps. Files whose folder
// has no name are gone with it.
func build(names map[string]*inode, keep []scrap) image {
	m := image{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := names[name]
		mine := keep[:len(f.loose)]
		keep = keep[len(f.loose):]
		if parent := path.Dir(name); name != "" && parent != "." && names[parent] == nil {
			continue
		}
		if f.folder {
			m[name] = nil
			continue
		}
		b := append(make([]byte, 0, len(f.kept)), f.kept...)
		for _, s := range mine {
			if s.data != nil || !s.lost {
				b = s.in(b)
			}
		}
		m[name] = bytes.Clone(b)
		if m[name] == nil {
			m[name] = []byte{}
		}
	}
	return m
}
