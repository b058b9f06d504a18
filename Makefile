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

.PHONY: load
load: ## measure the program under load, beside its floors
	go run ./bench

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
