package edge

import (
	"hash/crc32"
	"strings"
	"testing"
)

func TestChecksum(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("what is drawn ahead ", 5000)
	for _, text := range []string{"", "a", long} {
		for _, before := range []string{"", "b", "before " + long} {
			got := checksumOf([]byte(text)).after(crc32.ChecksumIEEE([]byte(before)))
			if want := crc32.ChecksumIEEE([]byte(before + text)); got != want {
				t.Errorf("%d bytes after %d: got %08x, want %08x", len(text), len(before), got, want)
			}
		}
	}
}
