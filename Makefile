# The commands that people and CI run alike. Everything behind them is in scripts/.

.PHONY: help quickstart quickstart-down check test test-long test-claude bench-exact bench bench-hiera bless

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '  make %-16s %s\n' "$$name" "$$text"; done

quickstart: ## A running, checked stack on this machine, from nothing
	@scripts/quickstart

quickstart-down: ## Remove all that quickstart made; installed packages stay
	@scripts/quickstart-down

check: ## Format, lints and every test without live parts (under 3 minutes, warm)
	@scripts/install build check
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	cargo clippy --test live --test claude --test speed -- -D warnings
	cargo test

test: ## All that CI runs: check, then the live tests (root or sudo; installs what they need)
	@scripts/test

test-long: ## The long forms of the live tests: about an hour (root or sudo)
	@scripts/test-long bench:: faults:: many_clients each_collector recordings_of_the_real
	@scripts/hiera-corpus

test-claude: ## The real client from npm through a stack, offline (root or sudo; 364 MB)
	@scripts/test-claude

bench-exact: ## How exact a stack is, in all cases and versions: half an hour (root or sudo)
	@scripts/bench-exact

bench: ## What a run costs that changes nothing, against other tools (root or sudo)
	@scripts/bench

bench-hiera: ## How much faster lookups are than those of Puppet, in one run
	@scripts/bench-hiera

bless: ## Write golden files and transcripts anew; read the diff before you commit it
	OTELCTL_BLESS=1 cargo test --test golden
	TRYCMD=overwrite cargo test --test transcript
