package browsertest

import (
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

// find looks through a tree of frames for an address, depth first.
func find(tree *page.FrameTree, part string) *cdp.Frame {
	for _, child := range tree.ChildFrames {
		if strings.Contains(child.Frame.URL, part) {
			return child.Frame
		}
		if found := find(child, part); found != nil {
			return found
		}
	}
	return nil
}
