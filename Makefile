# What one does with a fresh clone; `make` alone says what there is.
# Cargo's own settings hold: with CARGO_TARGET_DIR set, everything is built there.

OUT := out/demo
# Beyond Rust the build needs a C++ compiler and cmake for HiGHS, and libclang to read its header.
LIBCLANG = $(wildcard $(foreach dir,/usr/lib/llvm-*/lib /usr/lib/*-linux-gnu /usr/lib64,$(dir)/libclang.so* $(dir)/libclang-[0-9]*.so*))
DEBIAN_PACKAGES = build-essential cmake python3-venv $(if $(shell apt-cache pkgnames libclang1-14 2>/dev/null),libclang1-14,libclang-dev)
# With every assertion, in the program's own folder and with its dependencies; what `cargo build --release` or `make demo` does
# after it puts the program itself in its place again.
CHECKED = --workspace --locked --release --config tests/profile.toml
# Where tests/page.rs looks for one too.
BROWSER = $(firstword $(wildcard $(addprefix /usr/bin/,chromium chromium-browser google-chrome)))
DENY_VERSION := 0.20.2
# Root installs packages itself.
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.DEFAULT_GOAL := help
.PHONY: help rust setup setup-tests page pictures demo test test-long test-checked check style deny docs demo-data clean

help:
	@echo "make demo    build Hjemrute, plan a day of visits in the made-up town Lillevik, and open the page"
	@echo "make test    run all tests"
	@echo "make test-long   the tests that take long, damaged maps and whole cities among them, and hours of use"
	@echo "make test-checked   the search's property tests, many more of them (part of test-long)"
	@echo "make pictures   the pictures of the page in the README, by its tests"
	@echo "make check   formatting, lints, licences, links in the documentation, the demo's files"
	@echo "make page    build the scheduler's page into the program (demo and test do that first)"
	@echo "make setup   install what is missing on this machine (demo and test do that first)"
	@echo "make clean   remove what was built and planned"

rust:
	@command -v cargo >/dev/null || { \
		echo "Rust is missing. Install it as https://rustup.rs says, open a new shell and try again."; exit 1; }

# With apt-get, and only when something is missing: a list of packages takes a while to fetch.
setup: rust
	@if command -v cc >/dev/null && command -v cmake >/dev/null && [ -n "$(LIBCLANG)" ] && web/build.sh can; then \
		echo "Nothing to install: Rust, a C++ compiler, cmake, libclang and node or Python are here."; \
	elif [ -f /etc/debian_version ]; then \
		echo "Installing $(DEBIAN_PACKAGES) with apt-get."; \
		$(SUDO) apt-get update -qq && $(SUDO) apt-get install -y --no-install-recommends $(DEBIAN_PACKAGES); \
	else \
		echo "This is not Debian: if the build fails, install what corresponds to $(DEBIAN_PACKAGES)."; \
	fi

page: setup
	@web/build.sh

demo: page
	@echo "Building Hjemrute (some minutes the first time)."
	@cargo build --release --locked
	@echo "Planning the day in data/demo/day.json on the map of Lillevik; the work lists go to $(OUT)."
	@cargo run --release --locked --quiet -- demo --out $(OUT)
	@echo
	@echo "The work lists are ready: open $(CURDIR)/$(OUT)/index.html in a browser, and print it if you like."
	@echo "How to plan days of your own stands in README.md under \"Use it\"."
	@echo
	@if [ -t 1 ] && [ -z "$$CI" ]; then \
		echo "The scheduler's page runs until Ctrl-C; open the address behind \"Åpne siden\" in a browser."; \
		cargo run --release --locked --quiet -- serve --demo --data out/serve 2>out/serve.log; \
	else \
		echo "The scheduler's page is opened with: hjemrute serve --demo"; \
	fi

# What the tests look at the service with: its calls to the system, those of the documentation, its backups, a browser, and
# PyPI's schemathesis. A PostgreSQL server is installed where nothing may be left out, and used wherever there is one.
TEST_PACKAGES = $(strip $(foreach tool,strace curl sqlite3,$(if $(shell command -v $(tool)),,$(tool))) $(if $(BROWSER),,chromium) \
	$(if $(CI),$(if $(wildcard /usr/lib/postgresql/*/bin/initdb),,postgresql)))
setup-tests: setup
	@if [ -z "$(TEST_PACKAGES)" ]; then :; \
	elif [ -f /etc/debian_version ]; then \
		$(SUDO) apt-get update -qq && $(SUDO) apt-get install -y --no-install-recommends $(TEST_PACKAGES); \
	else \
		echo "Without $(TEST_PACKAGES) some tests are left out."; \
	fi
	@tests/service/schemathesis.sh bring || echo "Without schemathesis from PyPI a test is left out."

test: setup-tests page
	@echo "Running all tests, those in the documentation too."
	@tests/service/postgres.sh cargo test $(CHECKED) --no-fail-fast
	@echo "All tests pass."

test-long: setup-tests test-checked
	@echo "Running the long tests."
	@tests/service/postgres.sh cargo test $(CHECKED) --no-fail-fast -- --ignored
	@echo "All long tests pass."

# Every change of every operator against a count from scratch, times against their definition, plans against every plan of a
# tiny day: as in `test`, so many times as many.
test-checked: setup
	@echo "Running the search's property tests, forty times as many."
	@HJEMRUTE_SAMPLES=40 HJEMRUTE_ORACLE_DAYS=3000 cargo test $(CHECKED) --lib --test oracle
	@echo "The search keeps what it promises."

pictures: page
	@echo "Making the pictures of the page that stand in the README."
	@PICTURES=$(CURDIR)/docs cargo test $(CHECKED) --test page -- --nocapture

check: style deny docs demo-data
	@echo "All is well."

style: rust
	@echo "Looking at the formatting, and for lints."
	@cargo fmt --all --check
	@cargo clippy $(CHECKED) --all-targets -- -D warnings

deny: rust
	@if cargo deny --version >/dev/null 2>&1; then \
		echo "Looking at the dependencies: licences, bans, sources (deny.toml)."; \
		cargo deny --locked check licenses bans sources; \
	elif [ -n "$$CI" ]; then \
		echo "cargo-deny is missing."; exit 1; \
	else \
		echo "Licences not looked at: cargo install cargo-deny --locked --version $(DENY_VERSION)"; \
	fi

# Of examples there are none: naming them has cargo see the dependencies as it does for tests, and look at none of them again.
docs: rust
	@echo "Looking for broken links in the documentation."
	@RUSTDOCFLAGS="-D warnings" cargo doc $(CHECKED) --lib --bins --examples --no-deps --document-private-items

demo-data:
	@if command -v python3 >/dev/null; then \
		echo "Making the demo's files anew and comparing."; \
		python3 data/demo/make_town.py --check; \
	else \
		echo "The demo's files are not compared: there is no python3."; \
	fi

clean: rust
	@echo "Removing what was built, and $(OUT)."
	@cargo clean
	@rm -rf $(OUT)
