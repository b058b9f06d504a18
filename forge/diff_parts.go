package forge

import "strings"

// remotes need an approval when one is new or moves: an admin has allowed data
// to go to an address.
func (d *differ) remotes() {
	if d.connect {
		d.firstRemote()
		return
	}
	was, is := byKey(d.from.get("remotes")), byKey(d.to.get("remotes"))
	for _, key := range sortedKeys(was, is) {
		path := "remotes." + key
		_, old := was[key]
		_, now := is[key]
		switch {
		case !old:
			d.add(NeedApproval, path, "the remote %s is new", key)
		case !now:
			d.add(NeedNothing, path, "the remote %s is gone", key)
		default:
			d.remote(path, was[key], is[key])
		}
	}
}

func (d *differ) remote(path string, was, is node) {
	if canon(was.get("baseUrl")) != canon(is.get("baseUrl")) {
		d.add(NeedApproval, path+".baseUrl", "the base URL is %s and was %s", addresses(is), addresses(was))
	}
	for _, name := range []string{"operations", "storage"} {
		if canon(was.get(name)) != canon(is.get(name)) {
			d.add(NeedApproval, path+"."+name, "what the remote does with data is said otherwise")
		}
	}
}

func addresses(remote node) string {
	base := remote.get("baseUrl")
	if base.isText() {
		return base.text()
	}
	var list []string
	for region, address := range base.fields() {
		list = append(list, region.text()+" "+address.text())
	}
	return strings.Join(list, ", ")
}

// firstRemote compares the descriptor's base URL with the backend that takes
// its place.
func (d *differ) firstRemote() {
	was := strings.TrimSuffix(d.from.get("baseUrl").text(), "/")
	for _, remote := range d.to.get("remotes").items() {
		if is := strings.TrimSuffix(remote.get("baseUrl").text(), "/"); is != was {
			d.add(NeedApproval, remote.pathOf("baseUrl"), "the base URL is %s and the descriptor's was %s", addresses(remote), was)
		}
	}
}

// endpoints need an approval however they change. Coming from Connect there
// were none.
func (d *differ) endpoints() {
	if d.connect {
		return
	}
	was, is := byKey(d.from.get("modules", "endpoint")), byKey(d.to.get("modules", "endpoint"))
	for _, key := range sortedKeys(was, is) {
		if canon(was[key]) != canon(is[key]) {
			d.add(NeedApproval, "modules.endpoint."+key, "the endpoint %s is %s", key, how(was, is, key))
		}
	}
}

func how(was, is map[string]node, key string) string {
	if _, ok := was[key]; !ok {
		return "new"
	}
	if _, ok := is[key]; !ok {
		return "gone"
	}
	return "another one"
}

// egress is what pages may load and where they may send: free on the step from
// Connect, and asked about later.
func (d *differ) egress() {
	for _, name := range []string{"external", "content"} {
		was, is := d.from.get("permissions", name), d.to.get("permissions", name)
		if canon(was) == canon(is) {
			continue
		}
		need := NeedApproval
		if d.connect {
			need = NeedNothing
		}
		d.add(need, "permissions."+name, "pages may load or send other things than before")
	}
}

// connectModules and their remote go without a question, but not by themselves.
func (d *differ) connectModules() {
	const path = "app.connect.remote"
	was, is := d.from.get("app", "connect", "remote"), d.to.get("app", "connect", "remote")
	switch {
	case is.present():
	case d.connect:
		d.add(NeedUpgrade, path, "the Connect app has no remote any more, and its region is not carried over")
	case was.present():
		d.add(NeedUpgrade, path, "the Connect modules have no remote any more")
	}
	if d.from.get("connectModules").present() && d.to.get("connectModules").absent() {
		d.add(NeedUpgrade, "connectModules", "the Connect modules are gone")
	}
}

// modules come and go without a question.
func (d *differ) modules() {
	was, is := d.modulesOf(d.from), d.modulesOf(d.to)
	for _, key := range sortedKeys(was, is) {
		if canon(was[key]) != canon(is[key]) {
			d.add(NeedNothing, "modules."+key, "the module is %s", how(was, is, key))
		}
	}
}

// modulesOf are a manifest's Forge modules without its endpoints, by kind and
// key.
func (d *differ) modulesOf(root node) map[string]node {
	found := map[string]node{}
	if isDescriptor(root) {
		return found
	}
	for kind, list := range root.get("modules").fields() {
		if kind.text() == "endpoint" {
			continue
		}
		for _, item := range list.items() {
			found[kind.text()+"."+item.get("key").text()] = item
		}
	}
	return found
}
