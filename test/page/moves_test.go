package page

import (
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/browser"
)

// TestDemoMoves holds the moving picture that the README shows: the round, with both people in one window. With
// -update-picture it makes it again.
func TestDemoMoves(t *testing.T) {
	const file = "../../docs/demo.gif"
	if *updatePicture {
		b := browser.Start(t)
		t.Run("make", func(t *testing.T) { makeMovingPicture(t, b, file) })
	}
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(700_000), "bytes")
	moves, err := gif.DecodeAll(f)
	require.NoError(t, err)
	require.Equal(t, [2]int{1280, 760}, [2]int{moves.Config.Width, moves.Config.Height})
	require.GreaterOrEqual(t, len(moves.Image), 5)
}

func makeMovingPicture(t *testing.T, b *browser.Browser, file string) {
	v := visitDemo(t, b, 1280, 760)
	v.Click("side-by-side")
	v.Says(in(1, "talk-title"), "access-approvals")
	var frames []image.Image
	keep := func() { frames = append(frames, v.frame()) }
	keep()
	v.guide("You're Alice")
	v.Says(browser.Mark("guide-text"), "to send it")
	keep()
	v.guide("to send it")
	v.Says(in(0, "ephemeral"), "#1")
	v.Says(in(1, "message"), "Alice Ames asks")
	v.Says(browser.Mark("guide-text"), "Read the card")
	keep()
	v.Press(in(1, "button-Approve"))
	v.Says(in(1, "message"), "Approved by @Bob Baker")
	v.vendorHas("jane@acme.example", "just created")
	keep()
	v.guide("Usher has told Alice")
	v.Says(in(0, "message"), "Jane's SE Ranking seat is ready (#1)")
	keep()
	f, err := os.Create(file)
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, gif.EncodeAll(f, moving(frames)))
}

// frame is what the browser shows now.
func (v *visit) frame() image.Image {
	v.t.Helper()
	file := filepath.Join(v.t.TempDir(), "frame.png")
	v.Picture(file)
	f, err := os.Open(file)
	require.NoError(v.t, err)
	defer f.Close()
	shown, err := png.Decode(f)
	require.NoError(v.t, err)
	return shown
}

// moving are the frames one after the other, each as what differs from the one before, in the colors that they have most of.
func moving(frames []image.Image) *gif.GIF {
	colors := commonest(frames)
	out := &gif.GIF{Config: image.Config{ColorModel: colors, Width: frames[0].Bounds().Dx(), Height: frames[0].Bounds().Dy()}}
	var before *image.Paletted
	for i, frame := range frames {
		now := image.NewPaletted(frame.Bounds(), colors)
		draw.Draw(now, now.Bounds(), frame, image.Point{}, draw.Src)
		part := now
		if before != nil {
			part = now.SubImage(differing(before, now)).(*image.Paletted)
		}
		out.Image, out.Delay = append(out.Image, part), append(out.Delay, 240)
		if i == len(frames)-1 {
			out.Delay[i] = 500
		}
		before = now
	}
	return out
}

// commonest are the 256 colors that most of the pixels have.
func commonest(frames []image.Image) color.Palette {
	count := map[color.RGBA]int{}
	for _, frame := range frames {
		for y := range frame.Bounds().Dy() {
			for x := range frame.Bounds().Dx() {
				count[color.RGBAModel.Convert(frame.At(x, y)).(color.RGBA)]++
			}
		}
	}
	all := make([]color.RGBA, 0, len(count))
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int { return count[b] - count[a] })
	var palette color.Palette
	for _, c := range all[:min(256, len(all))] {
		palette = append(palette, c)
	}
	return palette
}

// differing is the smallest part that has every pixel in which two pictures differ.
func differing(a, b *image.Paletted) (part image.Rectangle) {
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if a.ColorIndexAt(x, y) != b.ColorIndexAt(x, y) {
				part = part.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if part.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return part
}
