# `make demo` and `make test` need nothing but Python 3.11+ and the package registry.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python
INSTALL = DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
PARALLEL = -m "not replica and not reliability" --numprocesses auto --maxschedchunk 1
# Otherwise each of some hundred processes compiles all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-fast test-mongodb system system-build lint format audit lock docs docs-links prose
.PHONY: package container check-reliability check-replica bench bench-identity bench-reading bench-soak clean

$(VENV)/.demo: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, this is $$($(PYTHON) --version)" >&2; exit 1; }
	@echo "Installing the environment into $(VENV): 1 to 3 minutes without any output"
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --upgrade pip
	$(RUN) -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.installed: requirements-dev.txt $(VENV)/.demo
	$(RUN) -m pip install --quiet -r requirements-dev.txt
	touch $@

# Set up the environment, then crawl the sample site and show what was stored.
demo: $(VENV)/.demo
	$(RUN) -m kcna_spider demo

# Run the tests except those of `make check-replica` and `make check-reliability`.
# COVERAGE=1 measures which lines they run, and fails below the floor in pyproject.toml.
test: $(VENV)/.installed
	$(if $(COVERAGE),COVERAGE_PROCESS_START=pyproject.toml) $(RUN) -m pytest $(PARALLEL) \
	  $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

# Run the tests that need no server, no process of their own and no long computation (30 seconds).
test-fast: $(VENV)/.installed
	$(RUN) -m pytest --numprocesses logical --dist worksteal \
	  -m "not process and not slow and not replica and not reliability"

# Run the tests against a MongoDB server: make test-mongodb URI=mongodb://...
# Each test has a database of its own, which is dropped afterwards.
test-mongodb: $(VENV)/.installed
	MONGODB_TEST_URI="$(URI)" $(RUN) -m pytest $(PARALLEL)

# Install the system parts that some tests need: Chromium, Redis and mongosh (Debian and Ubuntu, as root).
system:
	apt-get update -qq
	command -v chromium > /dev/null || $(INSTALL) chromium || $(INSTALL) chromium-browser
	command -v redis-server > /dev/null || $(INSTALL) redis-server
	command -v npm > /dev/null || $(INSTALL) nodejs npm
	command -v mongosh > /dev/null || npm install --global --no-fund --no-audit mongosh@2

# Install what pip needs to build the embedded database where it has no wheel (Debian, as root).
# See docs/how-to/install.md.
system-build:
	apt-get update -qq
	$(INSTALL) build-essential cmake swig liblz4-dev libsnappy-dev libzstd-dev

# Run ruff and mypy, and check the files of containers, GitHub and citations.
lint: $(VENV)/.installed
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/hadolint Dockerfile
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-issue-forms \
	  $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff

format: $(VENV)/.installed
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

# Look up known vulnerabilities of the packages in requirements.lock, where pip-audit can reach its data.
audit: $(VENV)/.installed
	$(RUN) .ci/audit.py

# Write requirements.lock: every package with its hashes, for Python 3.11 and newer.
# Install from it with `pip install --require-hashes -r requirements.lock`.
lock: $(VENV)/.installed
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes \
	  --no-header --no-emit-index-url -o requirements.lock requirements.txt

# Build the documentation into build/docs. A warning is an error.
docs: $(VENV)/.installed
	$(RUN) -m sphinx -q -W --keep-going -b html docs build/docs

# Check whether the links of the documentation to other sites work.
docs-links: $(VENV)/.installed
	$(RUN) -m sphinx -q -W --keep-going -b linkcheck docs build/docs-links

# Check the wording of documents, docstrings, comments and messages (needs npm). ALL=1 shows warnings too.
prose: $(VENV)/.installed
	mkdir -p build/textlint && cp docs/style/package.json build/textlint/
	npm install --prefix build/textlint --silent --no-fund --no-audit --no-package-lock
	rm -rf build/prose && $(RUN) -m docs.style.extract build/prose
	build/textlint/node_modules/.bin/textlint --config docs/style/textlintrc.json \
	  --rules-base-directory $(CURDIR)/build/textlint/node_modules \
	  --ignore-path docs/style/textlintignore $(if $(ALL),,--quiet) *.md docs build/prose

# Build wheel and sdist into dist/, install the wheel with its dependencies, and run the demo with it.
package: $(VENV)/.installed
	rm -rf build/package dist
	$(VENV)/bin/uv build --quiet --out-dir dist
	$(PYTHON) -m venv build/package
	build/package/bin/python -m pip install --quiet dist/*.whl
	cd build/package && bin/kcna-spider demo
	rm -rf build/package

# Build the image of the Dockerfile, where Docker is installed.
container:
	docker build --tag kcna_spider .

# Crawl with faults, kills, outages and damaged pages, and print a table.
# RELIABILITY=long: twenty kills, an outage of a minute, 100,000 pages.
check-reliability: $(VENV)/.installed
	$(RUN) -m pytest -m reliability tests/reliability

# Run the spiders against the replica of the four sites, where developers have it.
check-replica: $(VENV)/.installed
	$(RUN) -m pytest -m replica

# Run all benchmarks and write their ratios into bench/RESULTS.md (more than 30 minutes).
# BENCH=--quick only checks that they work; BENCH="crawl stored" runs some of them.
bench: $(VENV)/.installed
	$(RUN) -m bench $(BENCH)

# Measure the identity of stories over the real corpus.
bench-identity: $(VENV)/.installed
	$(RUN) -m bench.identity

# Measure seconds and memory of the report, the exports and a copy of 60,000 articles.
bench-reading: $(VENV)/.installed
	$(RUN) -m bench.reading

# Crawl 20,000 stories with faults, and show memory and rate over time.
bench-soak: $(VENV)/.installed
	$(RUN) -m bench.soak

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
