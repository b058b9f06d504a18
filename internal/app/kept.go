package app

import "github.com/sightline-go/sightline/store"

// subjects are the parts of the database that handlers take as one value.
type subjects struct {
	*store.Tenants
	*store.Gadgets
	*store.Conversations
	*store.Glances
	*store.Slack
}

func kept(st *store.Store) subjects {
	return subjects{st.Tenants, st.Gadgets, st.Conversations, st.Glances, st.Slack}
}
