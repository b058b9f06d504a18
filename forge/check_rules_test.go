package forge_test

import "strings"

const oneEndpoint = `
    - key: pages # calls of a page name their path themselves
      remote: backend
`

// refusedByTheValidator are the mistakes that Atlassian's validator refuses.
func refusedByTheValidator() []mutation {
	const storage = "      inScopeEUD: true # account ids, and copies of gadgets' settings\n"
	return []mutation{
		{"connectModules without app.connect.remote", "hybrid", "    remote: backend\n    auth", "    auth", "error connect.remote", "app.connect.remote"},
		{"authentication without connectModules", "forge", "  licensing:\n", "  connect: {key: a, authentication: jwt, remote: backend}\n  licensing:\n", "error connect.authentication", "app.connect.authentication"},
		{"two lifecycle items", "hybrid", "  jira:lifecycle:\n", "  jira:lifecycle:\n    - {key: second, installed: /a}\n", "error connect.lifecycle", "connectModules.jira:lifecycle"},
		{"jira:dashboardItems", "hybrid", "jira:jiraDashboardItems", "jira:dashboardItems", "error connect.module", "connectModules.jira:dashboardItems"},
		{"Connect remote configurable", "hybrid", "\n    operations:", "\n    configurable: {name: a, description: b}\n    operations:", "error connect.configurable", "remotes[0].configurable"},
		{"dangling resolver.endpoint", "forge", "endpoint: pages", "endpoint: nowhere", "error endpoint.missing", "modules.jira:dashboardGadget[0].resolver.endpoint"},
		{"duplicate module key across Connect and Forge", "hybrid", "key: workload-gadget", "key: workload", "error key.twice", "modules.jira:dashboardGadget[0].key"},
		{"gadget resource is a URL", "forge", "resource: app", "resource: https://sightline.example/gadget", "error resource.address", "modules.jira:dashboardGadget[0].resource"},
		{"storage without inScopeEUD", "forge", "    storage:\n" + storage, "", "error remote.storage", "remotes[0].storage.inScopeEUD"},
		{
			"http base URL in fetch permissions", "forge", backendOf("https://sightline.example/app"),
			backendOf("http://127.0.0.1:8080") + "  external: {fetch: {backend: [{remote: backend}]}}\n", "error remote.http", "remotes[0].baseUrl",
		},
		{
			"only token scopes", "forge", scopesOf(), "    - read:app-system-token\n    - read:app-user-token\n", "error scope.only-tokens, error trigger.scope", "permissions.scopes",
		},
	}
}

// backendOf is testdata/forge.yml from the remote's base URL to the permissions.
func backendOf(baseURL string) string {
	return "    baseUrl: " + baseURL + ` # a change needs every admin's approval
    operations:
      - compute
      - storage
    storage:
      inScopeEUD: true # account ids, and copies of gadgets' settings

permissions:
`
}

// scopesOf are the scopes in testdata/forge.yml that are not for tokens, and
// those that are.
func scopesOf() string {
	return `    - read:jira-work # issues, work logs, projects, dashboards, and the events about them
    - write:jira-work # a person logs their own work and hands issues over; the gadget's own settings on the dashboard
    - read:jira-user # who is in a team, names and faces, a viewer's time zone and language
    - read:app-system-token # the app's own token: glances, which have no viewer
    - read:app-user-token # the viewer's token: a gadget shows what the viewer may see
`
}

// passedByTheValidator are the mistakes that it lets pass.
func passedByTheValidator() []mutation {
	five := strings.Repeat("    - {key: KEY, endpoint: tick, interval: hour}\n", 5)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		five = strings.Replace(five, "KEY", "tick-"+name, 1)
	}
	return []mutation{
		{"missing event scope", "forge", "    - read:jira-work # issues, work logs, projects, dashboards, and the events about them\n", "", "error trigger.scope", "modules.trigger[1].events[0]"},
		{"missing system token scope", "forge", "    - read:app-system-token # the app's own token: glances, which have no viewer\n", "", "error scope.token", "permissions.scopes"},
		{"missing user token scope", "forge", "    - read:app-user-token # the viewer's token: a gadget shows what the viewer may see\n", "", "error scope.token", "permissions.scopes"},
		{"no compute", "forge", "      - compute\n", "", "warning remote.compute", "remotes[0].operations"},
		{"endpoint key longer than 23 characters", "forge", "  endpoint:\n", "  endpoint:\n    - {key: an-endpoint-with-a-long-key, remote: backend}\n", "warning endpoint.key", "modules.endpoint[0].key"},
		{"lifecycle enabled", "hybrid", "      uninstalled: /lifecycle/uninstalled\n", "      uninstalled: /lifecycle/uninstalled\n      enabled: /lifecycle/enabled\n", "warning connect.never", "connectModules.jira:lifecycle[0].enabled"},
		{"lifecycle disabled", "hybrid", "      uninstalled: /lifecycle/uninstalled\n", "      uninstalled: /lifecycle/uninstalled\n      disabled: /lifecycle/disabled\n", "warning connect.never", "connectModules.jira:lifecycle[0].disabled"},
		{"act-as-user without Connect modules", "forge", "    - read:jira-user", "    - act-as-user:connect-jira\n    - read:jira-user", "warning scope.connect-left", "permissions.scopes[2]"},
		{"an event that does not exist", "forge", "avi:jira:updated:worklog", "avi:jira:changed:worklog", "error trigger.event", "modules.trigger[1].events[4]"},
		{"an event after the uninstall", "forge", "avi:forge:upgraded:app", "avi:forge:uninstalled:app", "error trigger.event", "modules.trigger[0].events[1]"},
		{"a trigger's endpoint without a route", "forge", "      route:\n        path: /forge/events\n", "", "error endpoint.route", "modules.endpoint[2].route.path"},
		{"a schedule's endpoint without a route", "forge", "      route:\n        path: /forge/tick\n", "", "error endpoint.route", "modules.endpoint[3].route.path"},
		{"preUninstall's endpoint without a route", "forge", "      route:\n        path: /forge/uninstall\n", "", "error endpoint.route", "modules.endpoint[4].route.path"},
		{"a route that is an address", "forge", "path: /forge/tick", "path: https://elsewhere.example/tick", "error endpoint.route", "modules.endpoint[3].route.path"},
		{"a route without a slash", "forge", "path: /forge/tick", "path: forge/tick", "error endpoint.route", "modules.endpoint[3].route.path"},
		{"a route that leaves the base URL", "forge", "path: /forge/tick", "path: /forge/../tick", "error endpoint.route", "modules.endpoint[3].route.path"},
		{"a route with a query", "forge", "path: /forge/tick", "path: /forge/tick?a=b", "error endpoint.route", "modules.endpoint[3].route.path"},
		{"six scheduled triggers", "forge", "  scheduledTrigger:\n", "  scheduledTrigger:\n" + five, "error scheduled.many", "modules.scheduledTrigger"},
		{"a resource without a resources section", "forge", "resources:\n  - key: app\n    path: static/app\n", "", "error resource.missing", "modules.jira:dashboardGadget[0].resource"},
		{"an unknown gadget property", "forge", "      refreshable: true", "      refreshable: true\n      colour: red", "warning gadget.property", "modules.jira:dashboardGadget[0].colour"},
		{"the user's token on a trigger", "forge", "        path: /forge/events\n      auth:", "        path: /forge/events\n      auth:\n        appUserToken: {enabled: true}", "error trigger.user-token", "modules.endpoint[2].auth.appUserToken"},
	}
}

func appRules() []mutation {
	const id = "id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555"
	return []mutation{
		{"no app id", "forge", id, "", "error app.id", "app.id"},
		{"an app id that is not an ARI", "forge", id, "id: 11111111-2222-4333-8444-555555555555", "error app.id", "app.id"},
		{"an app that is not registered", "forge", id, "id: ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000", "warning app.id", "app.id"},
		{"no runtime", "forge", "  runtime:\n    name: nodejs22.x # Forge wants one, the app has no functions\n", "", "error app.runtime", "app.runtime.name"},
		{"an old runtime", "forge", "nodejs22.x", "nodejs18.x", "error app.runtime", "app.runtime.name"},
		{"a name", "forge", "app:\n", "app:\n  name: Sightline\n", "warning app.name", "app.name"},
		{"no licensing", "forge", "  licensing:\n    enabled: false", "  other:\n    enabled: false", "warning app.licensing", "app.licensing"},
		{"a Connect key too long", "hybrid", "key: app.sightline", "key: " + strings.Repeat("a", 91), "error connect.key", "app.connect.key"},
		{"a Connect key with a slash", "hybrid", "key: app.sightline", "key: app/sightline", "error connect.key", "app.connect.key"},
		{"a Connect key with an undeclared variable", "hybrid", "key: app.sightline", "key: ${CONNECT_KEY}", "error environment.variable", "app.connect.key"},
		{"no Connect key", "hybrid", "    key: app.sightline # can never be added, changed or removed in production\n", "", "error connect.key, error gadget.connect-keys", "app.connect.key"},
		{"a Connect key without the remote", "forge", "  licensing:\n", "  connect: {key: a}\n  licensing:\n", "warning connect.region", "app.connect"},
	}
}

func connectRules() []mutation {
	return []mutation{
		{"another authentication", "hybrid", "authentication: jwt", "authentication: none", "error connect.authentication", "app.connect.authentication"},
		{"a Connect remote that does not exist", "hybrid", "    remote: backend\n    auth", "    remote: nowhere\n    auth", "error connect.remote", "app.connect.remote"},
		{"a Connect module without its product", "hybrid", "jira:configurePage", "configurePage", "error connect.module", "connectModules.configurePage"},
		{"a single Connect module", "hybrid", "  jira:configurePage:\n    - key: configure\n", "  jira:configurePage:\n      key: configure\n", "error connect.list", "connectModules.jira:configurePage"},
		{"a webhook without a key", "hybrid", "    - key: issue-created\n      event", "    - event", "error key.missing", "connectModules.jira:webhooks[0].key"},
		{"a lifecycle without a key", "hybrid", "    - key: connect-lifecycle\n      installed", "    - installed", "error key.missing", "connectModules.jira:lifecycle[0].key"},
		{"a webhook without an event", "hybrid", "      event: jira:issue_created\n", "", "error connect.field", "connectModules.jira:webhooks[0].event"},
		{"a dashboard item without a thumbnail", "hybrid", "      thumbnailUrl: /static/thumbnail.svg\n", "", "error connect.field", "connectModules.jira:jiraDashboardItems[0].thumbnailUrl"},
		{"a lifecycle without installed", "hybrid", "      installed: /lifecycle/installed\n", "", "warning connect.lifecycle", "connectModules.jira:lifecycle[0].installed"},
		{"connectKeys without a Connect key", "forge", "      refreshable: true", "      refreshable: true\n      connectKeys: [workload]", "error gadget.connect-keys", "modules.jira:dashboardGadget[0].connectKeys"},
		{"a Connect scope that does not exist", "hybrid", "read:connect-jira", "browse:connect-jira", "error scope.connect", "permissions.scopes[5]"},
		{"another product's scope", "hybrid", "read:connect-jira", "space-admin:connect-jira", "error scope.connect", "permissions.scopes[5]"},
	}
}

func moduleRules() []mutation {
	return []mutation{
		{"a gadget without a thumbnail", "forge", "      thumbnail: https://sightline.example/app/static/thumbnail.svg\n", "", "error gadget.field", "modules.jira:dashboardGadget[0].thumbnail"},
		{"a gadget's thumbnail that is a path", "forge", "https://sightline.example/app/static/thumbnail.svg", "/static/thumbnail.svg", "warning gadget.thumbnail", "modules.jira:dashboardGadget[0].thumbnail"},
		{"a gadget without a resource", "forge", "      resource: app\n      resolver", "      resolver", "error gadget.field", "modules.jira:dashboardGadget[0].resource"},
		{"an edit resource that does not exist", "forge", "      edit:\n        resource: app", "      edit:\n        resource: form", "error resource.missing", "modules.jira:dashboardGadget[0].edit.resource"},
		{"an entry that does not exist", "forge", "resource: app", "resource: app/gadget", "error resource.entry", "modules.jira:dashboardGadget[0].resource"},
		{"a function that does not exist", "forge", "endpoint: pages", "function: resolver", "error function.missing", "modules.jira:dashboardGadget[0].resolver.function"},
		{"two global pages", "forge", "  jira:globalPage:\n", "  jira:globalPage:\n    - {key: more, title: More, resource: app}\n", "error page.one", "modules.jira:globalPage"},
		{"a trigger without events", "forge", "      events:\n        - avi:forge:installed:app\n        - avi:forge:upgraded:app\n", "", "error trigger.events", "modules.trigger[0].events"},
		{"a trigger on an endpoint that does not exist", "forge", "endpoint: lifecycle", "endpoint: nowhere", "error endpoint.missing", "modules.trigger[0].endpoint"},
		{"an interval that Forge does not have", "forge", "interval: hour", "interval: minute", "error scheduled.interval", "modules.scheduledTrigger[0].interval"},
		{"a key with a dot", "forge", "key: token-refresh", "key: token.refresh", "error key.form", "modules.scheduledTrigger[0].key"},
		{"the migration named with core:", "forge", "  connectToForgeMigration:", "  core:connectToForgeMigration:", "error migration.name", "modules.core:connectToForgeMigration"},
		{"a guide without https", "forge", "migrationGuideUrl: https://", "migrationGuideUrl: http://", "error migration.guide", "modules.connectToForgeMigration[0].migrationGuideUrl"},
		{"a migration's unknown answer", "forge", `"YES"`, `"MAYBE"`, "error migration.answer", "modules.connectToForgeMigration[0].willMigrateToForgeBeforeEOS"},
	}
}

func remoteRules() []mutation {
	const base = "baseUrl: https://sightline.example/app"
	const pages = oneEndpoint + "      auth:\n        appSystemToken:\n          enabled: true\n        appUserToken:\n          enabled: true\n"
	return []mutation{
		{"plain http", "forge", base, "baseUrl: http://sightline.example/app", "error remote.http", "remotes[0].baseUrl"},
		{"plain http on loopback", "forge", base, "baseUrl: http://127.0.0.1:8080", "warning remote.http", "remotes[0].baseUrl"},
		{"a base URL that is not an address", "forge", base, "baseUrl: sightline.example", "error remote.base-url", "remotes[0].baseUrl"},
		{"no base URL", "forge", "    " + base + " # a change needs every admin's approval\n", "", "error remote.base-url", "remotes[0].baseUrl"},
		{"regions without a default", "forge", base, "baseUrl: {EU: https://sightline.example}", "error remote.region", "remotes[0].baseUrl.default"},
		{"a region that does not exist", "forge", base, "baseUrl: {default: https://sightline.example, MARS: https://sightline.example}", "error remote.region", "remotes[0].baseUrl.MARS"},
		{"a remote's key too long", "forge", "remotes:\n", "remotes:\n  - {key: a-remote-with-a-long-name, baseUrl: https://a.example, operations: [compute]}\n", "error remote.key", "remotes[0].key"},
		{"a remote twice", "forge", "remotes:\n", "remotes:\n  - {key: backend, baseUrl: https://a.example, operations: [compute]}\n", "error key.twice", "remotes[1].key"},
		{"an operation that does not exist", "forge", "      - storage", "      - storage\n      - read", "error remote.operation", "remotes[0].operations[2]"},
		{"no operations", "forge", "    operations:\n      - compute\n      - storage\n", "", "warning remote.operations", "remotes[0].operations"},
		{"an endpoint's remote that does not exist", "forge", oneEndpoint, strings.Replace(oneEndpoint, "backend", "nowhere", 1), "error remote.missing", "modules.endpoint[0].remote"},
		{"an endpoint without a remote", "forge", oneEndpoint, strings.Replace(oneEndpoint, "      remote: backend\n", "", 1), "error remote.missing", "modules.endpoint[0].remote"},
		{"a page's endpoint without tokens", "forge", pages, oneEndpoint, "warning endpoint.auth", "modules.endpoint[0].auth"},
		{"a fetch permission for a remote that does not exist", "forge", "permissions:\n", "permissions:\n  external: {fetch: {client: [{remote: nowhere}]}}\n", "error remote.missing", "permissions.external.fetch.client[0].remote"},
		{"a scope twice", "forge", "    - read:jira-user", "    - read:jira-work\n    - read:jira-user", "warning scope.twice", "permissions.scopes[2]"},
	}
}

func textRules() []mutation {
	return []mutation{
		{"a resource's folder that does not exist", "forge", "path: static/app", "path: static/page", "error resource.path", "resources[0].path"},
		{"a resource without a path", "forge", "    path: static/app\n", "", "error resource.path", "resources[0].path"},
		{"a folder without an index.html", "forge", "path: static/app", "path: static", "error resource.index", "resources[0].path"},
		{"a resource's key too long", "forge", "resources:\n  - key: app\n", "resources:\n  - {key: a-resource-with-a-long-key, path: static/app}\n  - key: app\n", "error resource.key", "resources[0].key"},
		{"a text that is in no language", "forge", "i18n: workload.title", "i18n: workload.name", "error text.missing, warning text.missing", "modules.jira:dashboardGadget[0].title.i18n"},
		{"no translations", "forge", "translations:\n", "other:\n", "error text.section", "modules.jira:dashboardGadget[0].title.i18n"},
		{"a language that Forge does not have", "forge", "key: de-DE", "key: de-AT", "error text.language", "translations.resources[1].key"},
		{"a default language without a file", "forge", "default: en-US", "default: fr-FR", "error text.fallback", "translations.fallback.default"},
		{"a file that does not exist", "forge", "locales/de-DE.json", "locales/de.json", "error text.file", "translations.resources[1].path"},
		{"a file outside the folder", "forge", "locales/de-DE.json", "../de-DE.json", "warning text.path", "translations.resources[1].path"},
	}
}
