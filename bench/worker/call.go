package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
)

// somebody is the server's answer.
const somebody = `{"self":"https://example.atlassian.net/rest/api/3/user?accountId=1","accountId":"712020:3bd8d567-b217-0b29-43d2-690aba641d5a",` +
	`"accountType":"atlassian","displayName":"Mara Lindqvist","active":true,"timeZone":"Europe/Stockholm","locale":"en_GB"}`

const somebodyPath = "/rest/api/3/myself"

// answering is a server on loopback with a single answer.
func answering(ctx context.Context) (address string, end func(), err error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, somebody)
	})}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String(), func() { _ = server.Close() }, nil
}

// callLoop is one call of a client with everything except the signature.
func callLoop(ctx context.Context) (op func() error, end func(), err error) {
	address, end, err := answering(ctx)
	if err != nil {
		return nil, nil, err
	}
	network := &http.Transport{}
	paced := &rest.Pace{Base: &rest.Limit{Base: network, Slots: rest.NewSlots(8)}, Budget: &rest.Budget{}}
	client, err := jira.New(&http.Client{Transport: &rest.Retry{Base: paced}}, address)
	if err != nil {
		end()
		return nil, nil, err
	}
	return func() error {
		user, err := client.Myself.Get(ctx)
		if err == nil && user.DisplayName == "" {
			err = errors.New("nobody")
		}
		return err
	}, end, nil
}

// plainCallLoop is the same with net/http and encoding/json.
func plainCallLoop(ctx context.Context) (op func() error, end func(), err error) {
	address, end, err := answering(ctx)
	if err != nil {
		return nil, nil, err
	}
	client := &http.Client{Transport: &http.Transport{}}
	return func() error { return plainCall(ctx, client, address+somebodyPath) }, end, nil
}

func plainCall(ctx context.Context, client *http.Client, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	var user jira.User
	if err := json.Unmarshal(data, &user); err != nil {
		return err
	}
	if user.DisplayName == "" {
		return errors.New("nobody")
	}
	return nil
}
