package edge

import (
	"context"
	"sync"

	"github.com/sightline-go/sightline/web"
)

// maxFrames bounds the frames that are kept. The program's own pages need a few
// for each language.
const maxFrames = 64

// frames keeps the pages around views, rendered and compressed once.
type frames struct {
	mu   sync.RWMutex
	kept map[web.Shell]*frame
}

// frame is a page in pieces.
type frame struct {
	web.Frame
	head, rest, tail Drawn
}

// of is the frame of a page.
func (f *frames) of(ctx context.Context, z *compressors, s web.Shell) (*frame, error) {
	s = s.Common()
	f.mu.RLock()
	found := f.kept[s]
	f.mu.RUnlock()
	if found != nil {
		return found, nil
	}
	made, err := newFrame(ctx, z, s)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = make(map[web.Shell]*frame)
	}
	if len(f.kept) < maxFrames {
		f.kept[s] = made
	}
	return made, nil
}

func newFrame(ctx context.Context, z *compressors, s web.Shell) (*frame, error) {
	pieces, err := web.NewFrame(ctx, s)
	if err != nil {
		return nil, err
	}
	f := &frame{Frame: pieces, tail: Drawn{html: pieces.Tail}}
	if f.head, err = z.ahead(pieces.Head); err != nil {
		return nil, err
	}
	f.rest, err = z.ahead(pieces.Rest)
	return f, err
}
