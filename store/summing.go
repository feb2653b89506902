package store

import (
	"crypto/sha256"
	"hash"
)

// summing sums the lines of a log beside whoever reads them: a start waits for the slower of the two, and not for both.
type summing struct {
	hash hash.Hash
	// full are pieces that wait to be summed, and empty is room for others. over is closed after the last.
	full, empty chan []byte
	over        chan struct{}
	piece       []byte
}

// pieces is how many there are, of so many bytes.
const pieces, pieceSize = 4, 256 << 10

func newSumming() *summing {
	s := &summing{hash: sha256.New(), full: make(chan []byte, pieces), empty: make(chan []byte, pieces), over: make(chan struct{})}
	for range pieces - 1 {
		s.empty <- nil // made where it's needed: most logs are short
	}
	go func() {
		defer close(s.over)
		for piece := range s.full {
			_, _ = s.hash.Write(piece) // a hash takes everything
			s.empty <- piece[:0]
		}
	}()
	return s
}

// add takes the next line.
func (s *summing) add(line []byte) {
	if len(s.piece)+len(line) >= pieceSize && len(s.piece) > 0 {
		s.full <- s.piece
		s.piece = <-s.empty
	}
	s.piece = append(append(s.piece, line...), '\n')
}

// end is the sum of all that was added; nothing is added after it.
func (s *summing) end() hash.Hash {
	s.full <- s.piece
	close(s.full)
	<-s.over
	return s.hash
}
