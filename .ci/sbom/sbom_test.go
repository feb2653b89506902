package sbom

import (
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/stretchr/testify/require"
)

var (
	binary = flag.String("binary", "", "the program")
	list   = flag.String("sbom", "", "the list of what is built into it")
)

// TestTheListNamesEveryModule of the binary, and a list that lacks one, or has one of another sum, is noticed.
func TestTheListNamesEveryModule(t *testing.T) {
	if *binary == "" {
		t.Skip(".ci/deploy/release says of which binary: -binary and -sbom")
	}
	info, err := buildinfo.ReadFile(*binary)
	require.NoError(t, err)
	require.NotEmpty(t, info.Deps)
	raw, err := os.ReadFile(*list)
	require.NoError(t, err)
	bom, err := read(string(raw))
	require.NoError(t, err)
	require.NoError(t, names(bom, info))

	one := info.Deps[len(info.Deps)/2].Path
	for what, spoil := range map[string]func(*cyclonedx.Component){
		"isn't listed": func(c *cyclonedx.Component) { c.Name = "example.com/another" },
		"is listed as": func(c *cyclonedx.Component) { c.Version += "-rc1" },
		"has a sum":    func(c *cyclonedx.Component) { (*c.Hashes)[0].Value = strings.Repeat("0", 64) },
	} {
		bom, err := read(string(raw))
		require.NoError(t, err)
		for i := range *bom.Components {
			if c := &(*bom.Components)[i]; c.Name == one {
				spoil(c)
			}
		}
		require.ErrorContains(t, names(bom, info), one+" "+what)
	}
	_, err = read(strings.Replace(string(raw), `"specVersion"`, `"spekVersion"`, 1))
	require.ErrorContains(t, err, "spekVersion")
}

// read reads a document in which nothing is that CycloneDX doesn't know.
func read(raw string) (*cyclonedx.BOM, error) {
	var bom cyclonedx.BOM
	d := json.NewDecoder(strings.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&bom); err != nil {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read the list: something follows it")
	}
	if bom.BOMFormat != cyclonedx.BOMFormat || bom.SpecVersion < cyclonedx.SpecVersion1_5 || bom.Metadata == nil || bom.Components == nil {
		return nil, errors.New("read the list: it isn't one of CycloneDX")
	}
	return &bom, nil
}

// names holds a list to what a binary says of itself, and to nothing beside that but Go's own library.
func names(bom *cyclonedx.BOM, info *buildinfo.BuildInfo) error {
	if is := bom.Metadata.Component.Name; is != info.Main.Path {
		return fmt.Errorf("it's the list of %s", is)
	}
	listed := map[string]cyclonedx.Component{}
	for _, c := range *bom.Components {
		listed[c.Name] = c
	}
	if std := listed["std"]; "go"+strings.TrimPrefix(std.Version, "go") != info.GoVersion {
		return fmt.Errorf("it was built by %s, and listed is %q", info.GoVersion, std.Version)
	}
	if more := len(listed) - len(info.Deps) - 1; more > 0 {
		return fmt.Errorf("it lists %d that aren't in the binary", more)
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:"))
		if err != nil {
			return fmt.Errorf("read the sum of %s: %w", m.Path, err)
		}
		switch c, ok := listed[m.Path]; {
		case !ok:
			return fmt.Errorf("%s isn't listed", m.Path)
		case c.Version != m.Version:
			return fmt.Errorf("%s is listed as %s instead of %s", m.Path, c.Version, m.Version)
		case c.Hashes == nil || len(*c.Hashes) != 1 || (*c.Hashes)[0].Value != hex.EncodeToString(sum):
			return fmt.Errorf("%s has a sum that isn't the binary's", m.Path)
		}
	}
	return nil
}
