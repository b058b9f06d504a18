// Command gin is a gadget with Gin as the router: connect verifies, Gin routes.
package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"html/template"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	_ "modernc.org/sqlite"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/sqlstore"
)

//go:embed atlassian-connect.json
var descriptor []byte

//go:embed gadget.html
var html string

//go:embed thumbnail.svg
var thumbnail []byte

func main() {
	page, noPage := template.New("gadget").Parse(html)
	db, noDB := sql.Open("sqlite", os.Getenv("DATABASE"))
	store, noStore := sqlstore.Open(context.Background(), db, os.Getenv("SECRET_KEYS"))
	if err := errors.Join(noPage, noDB, noStore); err != nil {
		log.Fatal(err)
	}
	app, err := connect.NewApp(connect.AppConfig{
		Descriptor: descriptor, BaseURL: os.Getenv("BASE_URL"), Store: store, SessionKeys: store.SessionKeys(),
		KeysURL: os.Getenv("KEYS_URL"), TokenURL: os.Getenv("TOKEN_URL"),
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(os.Getenv("ADDR"), router(app, page)))
}

// router mounts the app's calls. It has none of Gin's loggers: they print queries, and
// the query of a page holds its token.
func router(app *connect.App, page *template.Template) http.Handler {
	r := gin.New()
	r.Use(gin.Recovery())
	r.GET(connect.DescriptorPath, func(c *gin.Context) {
		c.Data(http.StatusOK, "application/json; charset=utf-8", app.Rendered)
	})
	for _, call := range app.Calls() {
		r.POST(call.Path, lifecycle(call))
	}
	r.GET("/thumbnail.svg", func(c *gin.Context) { c.Data(http.StatusOK, "image/svg+xml", thumbnail) })
	r.GET("/gadget", gin.WrapH(app.Page(func(w http.ResponseWriter, r *http.Request, c *connect.Caller) error {
		// The place is in the address, which the token was signed for.
		place := connect.DashboardItem{Dashboard: r.FormValue("dashboardId"), Item: r.FormValue("dashboardItemId")}
		token, err := app.Sessions.Mint(c, place)
		if err != nil {
			return err
		}
		return page.Execute(w, map[string]string{"Script": os.Getenv("SCRIPT_URL"), "Token": token.Reveal()})
	})))
	r.GET("/count", verified(app.Verifier.Session), func(c *gin.Context) { count(app, c) })
	return r
}

// lifecycle is what Jira tells of installs.
func lifecycle(call connect.Call) gin.HandlerFunc {
	return func(c *gin.Context) {
		body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, 64<<10))
		if err != nil {
			c.Status(http.StatusRequestEntityTooLarge)
			return
		}
		if _, err = call.Receive(c.Request, body); err != nil {
			refuse(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	}
}

// callerKey is where verified leaves the caller.
const callerKey = "caller"

// verified is middleware: what comes after it runs only for requests that verify takes,
// such as Verifier.Session for the calls of a page's script or Verifier.Context for a
// context token.
func verified(verify func(*http.Request) (*connect.Caller, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		caller, err := verify(c.Request)
		if err != nil {
			refuse(c, err)
			return
		}
		c.Set(callerKey, caller)
	}
}

// count says how many issues the person who looks has open.
func count(app *connect.App, c *gin.Context) {
	caller, ok := c.MustGet(callerKey).(*connect.Caller)
	if !ok {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	t := caller.Tenant()
	j, err := jira.New(app.UserClient(t, caller.Account()), t.BaseURL)
	var n int64
	if err == nil {
		n, err = j.Search.Count(c.Request.Context(), "assignee = currentUser() AND statusCategory != Done")
	}
	if err != nil {
		log.Print("count: ", err)
		c.JSON(http.StatusBadGateway, gin.H{"error": "Jira did not answer"})
		return
	}
	c.JSON(http.StatusOK, gin.H{"open": n})
}

// refuse answers what connect's errors mean: a wrong caller is told nothing, and a host
// calls again when the fault is here.
func refuse(c *gin.Context, err error) {
	var (
		auth *connect.AuthError
		body *connect.BodyError
		old  *connect.IgnoredError
	)
	switch {
	case errors.As(err, &old):
		c.AbortWithStatus(http.StatusNoContent)
	case errors.As(err, &auth), errors.As(err, &body):
		log.Print("refused: ", err)
		c.AbortWithStatus(http.StatusUnauthorized)
	default:
		log.Print("cannot verify: ", err)
		c.AbortWithStatus(http.StatusServiceUnavailable)
	}
}
