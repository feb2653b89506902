package paper

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// letters is how high text is, in points.
const letters = 13

// drawing is a picture that is measured in points.
type drawing struct {
	image       *image.RGBA
	each        float32 // dots of a point, each way
	plain, bold font.Face
}

// newDrawing reads the fonts each time: what is drawn once a week need not be kept.
func newDrawing(wide, high, each int) (*drawing, error) {
	d := &drawing{image: image.NewRGBA(bounds(wide, high, each)), each: float32(each)}
	var err error
	if d.plain, err = face(goregular.TTF, each); err != nil {
		return nil, err
	}
	d.bold, err = face(gobold.TTF, each)
	return d, err
}

func face(ttf []byte, each int) (font.Face, error) {
	f, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	made, err := opentype.NewFace(f, &opentype.FaceOptions{Size: float64(letters * each), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("size font: %w", err)
	}
	return made, nil
}

func (d *drawing) fill(ink color.RGBA) {
	draw.Draw(d.image, d.image.Bounds(), image.NewUniform(ink), image.Point{}, draw.Src)
}

// shape fills the inside of some corners.
func (d *drawing) shape(ink color.RGBA, corners ...[2]float32) {
	box := image.Rectangle{Min: image.Pt(math.MaxInt32, math.MaxInt32)}
	for i, c := range corners {
		corners[i] = [2]float32{c[0] * d.each, c[1] * d.each}
		x, y := int(corners[i][0]), int(corners[i][1])
		box.Min.X, box.Min.Y, box.Max.X, box.Max.Y = min(box.Min.X, x), min(box.Min.Y, y), max(box.Max.X, x+1), max(box.Max.Y, y+1)
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for i, c := range corners {
		x, y := c[0]-float32(box.Min.X), c[1]-float32(box.Min.Y)
		if i == 0 {
			r.MoveTo(x, y)
			continue
		}
		r.LineTo(x, y)
	}
	r.ClosePath()
	r.Draw(d.image, box, image.NewUniform(ink), image.Point{})
}

func (d *drawing) line(x1, y1, x2, y2, wide float32, ink color.RGBA) {
	long := float32(math.Hypot(float64(x2-x1), float64(y2-y1)))
	if long == 0 {
		return
	}
	dx, dy := (y2-y1)/long*wide/2, (x1-x2)/long*wide/2
	d.shape(ink, [2]float32{x1 + dx, y1 + dy}, [2]float32{x2 + dx, y2 + dy}, [2]float32{x2 - dx, y2 - dy}, [2]float32{x1 - dx, y1 - dy})
}

// mark is what stands at a value of a series: a dot, a square, a diamond, a triangle.
func (d *drawing) mark(which int, x, y float32, ink color.RGBA) {
	corners := [...]int{16, 4, 4, 3}[which%4]
	turned := [...]float64{0, math.Pi / 4, 0, -math.Pi / 2}[which%4]
	var at [][2]float32
	for i := range corners {
		a := turned + 2*math.Pi*float64(i)/float64(corners)
		at = append(at, [2]float32{x + 4.5*float32(math.Cos(a)), y + 4.5*float32(math.Sin(a))})
	}
	d.shape(ink, at...)
}

// side is which end of a text stands where it is put.
type side int

const (
	fromLeft side = iota
	centred
	fromRight
)

// text writes on a line, and answers how long it is.
func (d *drawing) text(x, y float32, say string, ink color.RGBA, bold bool, s side) float32 {
	with := d.plain
	if bold {
		with = d.bold
	}
	w := font.Drawer{Dst: d.image, Src: image.NewUniform(ink), Face: with}
	say = drawable(with, say)
	long := float32(w.MeasureString(say)) / 64 / d.each
	x -= [...]float32{0, long / 2, long}[s]
	w.Dot = fixed.Point26_6{X: fixed.Int26_6(x * d.each * 64), Y: fixed.Int26_6(y * d.each * 64)}
	w.DrawString(say)
	return long
}

// drawable is text in the letters that a font has: in place of others it draws boxes.
func drawable(f font.Face, s string) string {
	out := []rune(s)
	for i, r := range out {
		if _, has := f.GlyphAdvance(r); !has {
			out[i] = '?'
		}
	}
	return string(out)
}
