# Each target is one command that a person could type.
TOOL = go tool -modfile=.ci/tools/go.mod

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.PHONY: dev
dev: ## run the app and the local site
	go run ./cmd/sightline dev

.PHONY: test
test: ## run the tests
	go test ./...

.PHONY: mutants
mutants: ## show that each refusal of Forge's calls has a test of its own (some minutes)
	go run ./internal/tools/mutants connect/testdata/forge-refusals.tsv

.PHONY: bench
bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

FUZZTIME = 1m
STEPS = 3000

.PHONY: fuzz
fuzz: ## look for inputs that break: every fuzz target for a minute (FUZZTIME=10s for less)
	@grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed 's,/[^/]*:func , ,' | sort | \
	while read -r dir name; do \
		echo "$$dir $$name"; \
		go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$dir" || exit 1; \
	done

.PHONY: random
random: ## change issues, rights and events at random under views of a warm index: 3,000 steps (STEPS=100 for fewer)
	SIGHTLINE_TEST_STEPS=$(STEPS) go test -count=1 -timeout 90m -run '^TestViewsOfAWarmIndex$$' -v ./e2e/index

TENANTS = 50
HOURS = 7-9

.PHONY: simulate
simulate: ## play hours of a day of ten thousand tenants and write docs/quota.md: a quarter of an hour (HOURS=0-24 for all of it)
	SIGHTLINE_SIMULATE=$(TENANTS) SIGHTLINE_SIMULATE_HOURS=$(HOURS) go test -count=1 -timeout 4h -run '^TestSimulation$$' -v ./e2e/simulation

.PHONY: scale
scale: ## ten thousand rooms and three replicas, a renamed copy of the tree, a measurement of another commit (a quarter of an hour)
	SIGHTLINE_TEST_SCALE=1 SIGHTLINE_TEST_ALL=1 go test -count=1 -timeout 30m -v ./e2e/scale ./internal/tools/module ./bench

.PHONY: replicas
replicas: ## three processes on one database: what one learns, a rolling restart, one that is killed (a quarter of an hour)
	SIGHTLINE_TEST_SCALE=1 SIGHTLINE_TEST_ALL=1 go test -count=1 -timeout 60m -parallel 1 -v ./e2e/replicas

.PHONY: race
race: ## run the tests of all packages with the race detector, without browsers (half an hour)
	CGO_ENABLED=1 SIGHTLINE_TEST_BROWSER=off go test -race -vet=off -timeout 30m -skip '^TestTenantCacheIsBounded$$' ./...

.PHONY: states
states: ## look at every state of the pages, on each host and in each language, in Chromium (half an hour)
	SIGHTLINE_TEST_SCALE=1 SIGHTLINE_TEST_ALL=1 go test -count=1 -timeout 60m ./e2e/states

.PHONY: load
load: ## measure the program under load, beside its floors
	go run ./bench

SOAKTIME = 10m

.PHONY: soak
soak: ## load the program with everything at once for ten minutes: is its memory flat? (SOAKTIME=1m for less)
	go run ./bench -case mixed -runs 1 -time $(SOAKTIME)

.PHONY: generate
generate: ## compile the templates
	go tool templ generate -path web

.PHONY: surface
surface: ## list the public names of connect/... anew
	go run ./internal/tools/surface > connect/api.txt.new
	mv connect/api.txt.new connect/api.txt

.PHONY: module
module: ## give the tree another module path: make module NEW=host/path
	go run ./internal/tools/module "$(NEW)"

.PHONY: lint
lint: ## run the linters
	$(TOOL) golangci-lint run

.PHONY: format
format: ## format the code
	$(TOOL) golangci-lint fmt

.PHONY: build
build: ## build the static binary
	CGO_ENABLED=0 go build -trimpath -o sightline ./cmd/sightline

.PHONY: release
release: ## build what a release has: binaries and checksums, in dist
	go run ./internal/tools/release

.PHONY: screenshot
screenshot: ## take the README's picture from the running product
	SIGHTLINE_SCREENSHOTS=$(CURDIR)/docs go test -count=1 -run '^TestBrowser$$' ./e2e/flow
