# `make help` lists what can be made.

PREFIX ?= /usr/local
DESTDIR ?=
export PATH := $(PATH):$(HOME)/.cargo/bin
# Networks can fail for minutes, so pip and Cargo retry for minutes.
export PIP_RETRIES ?= 10
export PIP_DEFAULT_TIMEOUT ?= 60
export CARGO_NET_RETRY ?= 10

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
ABI_VERSION := $(shell sed -n 's/^\#define BANDCLUSTER_ABI_VERSION //p' include/bandcluster.h)
SONAME := libbandcluster.so.$(ABI_VERSION)
LIBRARY := target/release/libbandcluster.so
CLI := target/release/bandcluster
PYTHON_ZIP := dist/bandcluster_qgis-python.zip

# Waiting OpenMP threads (scikit-learn) must not spin: on busy cores that takes twice as long.
PYTEST_QGIS := QT_QPA_PLATFORM=offscreen OMP_WAIT_POLICY=passive \
	.venv/bin/python -m pytest -q -p no:cacheprovider
# pytest-qgis starts QGIS in every session, so it is on only for the tests of QGIS.
PYTEST := $(PYTEST_QGIS) -p no:pytest_qgis -p no:pytest-qt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help
help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

# --- Setting up -----------------------------------------------------------------------------------

.PHONY: setup
setup: target/setup-test ## Install what building and testing need (Debian, Ubuntu)

# The stamps make a second run instant; `make clean` removes them.
target/setup-%: .ci/setup Cargo.toml tests/requirements.txt
	.ci/setup $*
	@mkdir -p target && touch $@

# --- Building -------------------------------------------------------------------------------------

.PHONY: build wheel plugin plugin-repository
build: target/setup-build ## Build the library and the command line, into target/release
	cargo build --release

wheel: build target/setup-test ## Build the Python package, dist/bandcluster-*.whl
	.venv/bin/python -m build --wheel --outdir dist .

plugin: build ## Build the QGIS plugin, dist/bandcluster_qgis.zip
	/usr/bin/python3 plugin/build_zip.py --library $(LIBRARY) --output dist/bandcluster_qgis.zip

# The wheels in dist must be the published ones: the plugin accepts no others.
plugin-repository: ## Build the plugin without a library, dist/bandcluster_qgis-python.zip
	ls dist/bandcluster-$(VERSION)-*.whl >/dev/null 2>&1 || $(MAKE) wheel
	/usr/bin/python3 plugin/build_python_zip.py --output $(PYTHON_ZIP) \
		dist/bandcluster-$(VERSION)-*.whl

.PHONY: dist
dist: target/setup-build ## Build all published files, into dist/ (ONLY; not in `make test`)
	.ci/setup dist
	/usr/bin/python3 .ci/dist $(if $(ONLY),--only $(ONLY))

.PHONY: translations
translations: ## Bring the plugin's translations up to date with its texts (see CONTRIBUTING.md)
	/usr/bin/python3 plugin/translations.py

.PHONY: third-party
third-party: target/setup-build ## List what is compiled in, with its licences, in THIRD_PARTY.txt
	/usr/bin/python3 .ci/third_party.py

# Run it after a change of src/capi or src/jobs. It writes to include/ and docs/.
.PHONY: bless-header
bless-header: target/setup-build ## Store the generated C header and the schemas of jobs
	BANDCLUSTER_BLESS=1 cargo test --profile testing --test header --test job_schema

# --- Showing --------------------------------------------------------------------------------------

.PHONY: demo
demo: build ## Cluster a real scene, label its neighbour, tell how long it took
	@.ci/demo

# SIZE=10980 is the number of pixels along a side. It takes 15 GB of memory; SIZE=4000 takes 2.
SIZE ?= 10980
.PHONY: demo-tile
demo-tile: build target/setup-test ## Cluster a scene of a tile's size, beside scikit-learn
	@.venv/bin/python .ci/demo_tile --size $(SIZE)

.PHONY: look
look: build ## Take pictures of the HTML pages with headless Chromium, into target/look
	/usr/bin/python3 tests/look.py

# Pictures of pages need chromium-headless-shell and fonts-droid-fallback, and are skipped without.
.PHONY: tutorial-pictures
tutorial-pictures: build ## Take the pictures of the tutorial and the README in the QGIS desktop
	/usr/bin/python3 plugin/tests/desktop/pictures.py docs/images
	/usr/bin/python3 plugin/tests/desktop/explorer.py target/explorer --pages docs/images
	/usr/bin/python3 plugin/tests/desktop/screenshot.py docs/images/qgis-desktop.png
	/usr/bin/python3 plugin/tests/desktop/screenshot.py target/qgis-desktop-zh.png \
		--language zh-Hans --dialog docs/images/qgis-desktop-zh.png

.PHONY: notebooks
notebooks: build target/setup-test ## Run the notebooks of docs/notebooks, store their outputs
	.venv/bin/python docs/notebooks/run.py

.PHONY: house
house: target/setup-build ## Draw the picture in docs/design.md from the imports in src
	BANDCLUSTER_BLESS=1 cargo test --profile testing --test house picture

# Sphinx, in an environment of its own, builds the site. Doxygen reads the C header.
DOCS := target/docs

.PHONY: docs
docs: build target/setup-docs $(DOCS)/tools/requirements.txt ## Build the site, target/docs/html
	/usr/bin/python3 docs/site/sources.py --command $(CLI) $(DOCS)/sources
	mkdir -p $(DOCS)/doxygen
	BANDCLUSTER_HEADER=$(DOCS)/sources/bandcluster.h BANDCLUSTER_DOXYGEN=$(DOCS)/doxygen \
		doxygen docs/site/Doxyfile
	BANDCLUSTER_DOXYGEN=$(abspath $(DOCS))/doxygen BANDCLUSTER_LIBRARY=$(abspath $(LIBRARY)) \
		$(DOCS)/tools/bin/sphinx-build --fail-on-warning --keep-going --quiet -E \
		-c docs/site $(DOCS)/sources $(DOCS)/html

$(DOCS)/tools/requirements.txt: docs/site/requirements.txt
	rm -rf $(DOCS)/tools
	/usr/bin/python3 -m venv $(DOCS)/tools
	$(DOCS)/tools/bin/pip install --quiet --disable-pip-version-check -r $<
	cp $< $@

# --- Testing --------------------------------------------------------------------------------------

TESTS := lint test-rust test-c test-python test-wheel test-cli test-qgis test-readme
.PHONY: test $(TESTS)
test: $(TESTS) ## Run everything below (sets up first)

lint: target/setup-test ## Formatting, clippy, ruff, mypy, widths of lines
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	cargo clippy --lib --no-default-features -- -D warnings
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/python .ci/wrap --check

test-rust: target/setup-test ## The engine and the command line
	cargo test --profile testing

test-c: target/setup-test build ## The headers; C and C++ programs; valgrind
	$(PYTEST) tests/test_c_api.py

test-python: target/setup-test build ## The Python binding, against scikit-learn too
	$(PYTEST) plugin/tests/binding

test-wheel: target/setup-test build ## The Python package, installed into an empty environment
	$(PYTEST) tests/test_wheel.py

test-cli: target/setup-test build plugin ## Errors; the same labels from every face; GDAL; faults
	$(PYTEST) tests/test_cli_errors.py tests/test_faces.py tests/test_gdal.py \
		tests/test_third_party.py tests/test_faults.py tests/test_soak.py \
		tests/test_release.py tests/test_dist.py tests/test_lines.py tests/test_graphics.py

test-qgis: target/setup-test plugin ## The QGIS plugin
	rm -rf .qgis-settings
	$(PYTEST_QGIS) plugin/tests/qgis

.PHONY: test-qgis-versions
test-qgis-versions: target/setup-test plugin ## QGIS 3.40 and 3.44 (not in `make test`)
	plugin/tests/qgis_versions.sh $(SUITES)

.PHONY: test-fresh
test-fresh: ## `make demo` and `make test` on bare Debian 12 and 13 (not in `make test`)
	TARGETS="$(TARGETS)" .ci/fresh $(SUITES)

.PHONY: test-platforms
test-platforms: target/setup-test build ## Windows, arm64, Debians (PLATFORMS; not in `make test`)
	.ci/platforms $(PLATFORMS)

test-readme: demo plugin target/setup-test ## Commands and snippets of the documentation
	$(PYTEST) tests/test_readme.py tests/test_tutorial.py tests/test_examples.py \
		tests/test_docs_site.py

# --- Releasing ------------------------------------------------------------------------------------

.PHONY: check-plugin release-check
check-plugin: plugin-repository ## Checks of QGIS's plugin repository; Qt 6, which QGIS 4 has
	.ci/check_plugin $(PYTHON_ZIP)

release-check: ## Ready for release? Versions, changelog, metadata, checksums (TAG=v1.2.3)
	/usr/bin/python3 .ci/release.py check $(if $(TAG),--tag $(TAG))

# --- Searching for faults -------------------------------------------------------------------------

.PHONY: faults soak
# Options: CASES=200 (of each kind), SEED=1, ONLY=write,rename,... and CASE=17 (only this case).
# With strace, or as root, more kinds of faults are tried.
CASES ?=
SEED ?= 1
faults: build target/setup-faults ## Signals, full disks and the like in jobs (ten minutes)
	/usr/bin/python3 tests/faults/faults.py --cases $(or $(CASES),60) --seed $(SEED) \
		$(if $(ONLY),--only $(ONLY)) $(if $(CASE),--case $(CASE))

# Options: MINUTES=60, SEED=1 (of the first case), CASES=1 and QGIS=no.
MINUTES ?= 60
soak: target/setup-test build plugin ## Random jobs of every face, checked against NumPy (an hour)
	.venv/bin/python tests/soak/soak.py --minutes $(MINUTES) --seed $(SEED) \
		$(if $(CASES),--cases $(CASES)) $(if $(filter no,$(QGIS)),,--qgis)

.PHONY: fuzz sanitize
# SECONDS is the time for each target. ONLY=model,fit chooses targets.
fuzz: SECONDS := 60
fuzz: target/setup-build ## Fuzz models, requests and the like (SECONDS, ONLY; not in `make test`)
	tests/fuzz/run.sh $(SECONDS) $(ONLY)

sanitize: target/setup-test build ## Tests with sanitizers and valgrind (ONLY; not in `make test`)
	ONLY=$(ONLY) tests/sanitize.sh

# --- Measuring ------------------------------------------------------------------------------------

.PHONY: test-counts bless-counts
test-counts: target/setup-test ## Instructions per pixel of the hot loops (callgrind)
	$(PYTEST) tests/test_kernel_counts.py

bless-counts: target/setup-test ## Update benches/counts.json after a change of the hot loops
	BANDCLUSTER_BLESS=1 $(PYTEST) tests/test_kernel_counts.py

# Options: RUNS=5, PEER_RUNS=1, ONLY=train,tile,... and SCENES (a folder; 5.5 GB, made if missing).
# The machine should be idle and have 8 GB of free disk.
RUNS ?= 5
PEER_RUNS ?= 1
SCENES ?= target/bench/scenes

.PHONY: bench
bench: build plugin ## Compare with the peers, in docs/benchmarks.md (three quarters of an hour)
	benches/peers/setup.sh
	cargo build --release --example linfa_peer
	/usr/bin/python3 benches/peers/scenes.py $(SCENES)
	/usr/bin/python3 benches/peers/compare.py --scenes $(SCENES) --runs $(RUNS) \
		--peer-runs $(PEER_RUNS) --output docs/benchmarks.md $(if $(ONLY),--only $(ONLY))

.PHONY: shares
shares: build ## Where the processor's time goes in each job (perf, scenes of `make bench`)
	/usr/bin/python3 benches/shares.py $(SCENES)

# --- Installing -----------------------------------------------------------------------------------

# Writes a file of packaging/ for this prefix and version.
filled = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' packaging/$(1).in >

# Builds only what is missing or older than its sources, so that `sudo make install` after
# `make build` does not run Cargo as root.
$(LIBRARY): $(shell find src build.rs Cargo.toml Cargo.lock -name '*.rs' -o -name 'Cargo.*')
	$(MAKE) build

# Completions and manual pages that the command line writes, below share/. A test compares this
# list with the files that it writes.
SHARED := bash-completion/completions/bandcluster zsh/site-functions/_bandcluster \
	fish/vendor_completions.d/bandcluster.fish \
	$(addprefix man/man1/bandcluster,.1 -cluster.1 -fit.1 -predict.1 -choose-k.1 -merge.1 -info.1)
CMAKE_CONFIG := lib/cmake/bandcluster/bandcluster-config
LICENSES := LICENSE LICENSE-MIT LICENSE-APACHE THIRD_PARTY.txt
INSTALLED := lib/libbandcluster.so.$(VERSION) lib/$(SONAME) lib/libbandcluster.so \
	lib/pkgconfig/bandcluster.pc \
	$(CMAKE_CONFIG).cmake $(CMAKE_CONFIG)-version.cmake \
	include/bandcluster.h include/bandcluster.hpp bin/bandcluster $(addprefix share/,$(SHARED)) \
	$(addprefix share/doc/bandcluster/,$(LICENSES))

.PHONY: install uninstall
install: $(LIBRARY) ## Install everything that is built (PREFIX, DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include
	install -m 755 $(LIBRARY) $(DESTDIR)$(PREFIX)/lib/libbandcluster.so.$(VERSION)
	ln -sf libbandcluster.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libbandcluster.so
	install -m 644 include/bandcluster.h include/bandcluster.hpp $(DESTDIR)$(PREFIX)/include
	install -d $(DESTDIR)$(PREFIX)/share/doc/bandcluster
	install -m 644 $(LICENSES) $(DESTDIR)$(PREFIX)/share/doc/bandcluster
	$(call filled,bandcluster.pc) $(DESTDIR)$(PREFIX)/lib/pkgconfig/bandcluster.pc
	install -D -m 644 packaging/bandcluster-config.cmake $(DESTDIR)$(PREFIX)/$(CMAKE_CONFIG).cmake
	$(call filled,bandcluster-config-version.cmake) $(DESTDIR)$(PREFIX)/$(CMAKE_CONFIG)-version.cmake
	if [ -x $(CLI) ]; then \
		install -D -m 755 $(CLI) $(DESTDIR)$(PREFIX)/bin/bandcluster && \
		made=$$(mktemp -d) && $(CLI) generate $$made && \
		for file in $(SHARED); do \
			install -D -m 644 $$made/$$file $(DESTDIR)$(PREFIX)/share/$$file || exit 1; \
		done && \
		rm -r $$made; fi

uninstall: ## Remove the files of `make install`, and nothing else (PREFIX, DESTDIR)
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(INSTALLED))
	-rmdir 2>/dev/null \
		$(addprefix $(DESTDIR)$(PREFIX)/,share/doc/bandcluster lib/cmake/bandcluster lib/cmake)

.PHONY: clean
clean: ## Remove everything that `make` has built
	rm -rf target dist demo .venv .qgis-settings .mypy_cache
