# Canje. `make help` lists what there is; the scripts are in .ci/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: run test build bench soak help

run: ## demonstration: installs what is missing, builds, serves http://127.0.0.1:3000 (Ctrl-C ends it)
	@exec bash .ci/run-demo.sh

test: ## everything a change has to pass: format, lints, documentation, tests, browser journeys, sizes
	@exec bash .ci/test.sh

build: ## release: target/release/canje and target/site
	@bash .ci/setup.sh build && exec bash .ci/build.sh release --strict

bench: ## speed and memory, beside a peer, in one run
	@bash .ci/setup.sh test && bash .ci/build.sh release --strict && exec bash end2end/bench/run

soak: ## long runs kept out of `make test`: many more random cases, many more kills
	@bash .ci/setup.sh build && PROPTEST_CASES=20000 CANJE_SOAK_ROUNDS=100 exec cargo test --features emulators --release

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
