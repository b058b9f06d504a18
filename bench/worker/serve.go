package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// runServe serves the bytes of a file with bare Gin, at any path, until the
// context ends. With -hand it verifies each request as verifyByHand does: see
// runAddress. Like the program it answers /readyz and, with its count of
// allocations, /metrics.
func runServe(ctx context.Context, args []string, _ io.Writer) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:0", "")
	path := flags.String("path", "/page", "")
	file := flags.String("file", "", "")
	encoding := flags.String("encoding", "", "")
	hand := flags.Bool("hand", false, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var body []byte
	if *file != "" {
		data, err := os.ReadFile(*file)
		if err != nil {
			return err
		}
		body = data
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: bareGin(*path, *encoding, body, *hand), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// runAddress prints the path and query of a page that this worker has signed.
func runAddress(_ context.Context, _ []string, out io.Writer) error {
	_, err := fmt.Fprint(out, pagePath+"?"+pageQuery+"&jwt="+token(time.Now()))
	return err
}

func bareGin(path, encoding string, body []byte, hand bool) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/readyz", func(c *gin.Context) { c.Status(http.StatusOK) })
	engine.GET("/metrics", func(c *gin.Context) {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		c.String(http.StatusOK, fmt.Sprintf("go_memstats_mallocs_total %d\n", stats.Mallocs))
	})
	engine.GET(path, func(c *gin.Context) {
		query := c.Request.URL.RawQuery
		if hand && verifyByHand([]byte(secret), query[strings.LastIndexByte(query, '=')+1:], query) != nil {
			c.Status(http.StatusUnauthorized)
			return
		}
		if encoding != "" {
			c.Header("Content-Encoding", encoding)
		}
		c.Data(http.StatusOK, "text/html; charset=utf-8", body)
	})
	return engine
}
