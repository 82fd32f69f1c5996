# `make demo` and `make test` need nothing but Python 3.11+ and the package registry.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python
# Each of some hundred processes would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo docs docs-links prose test test-fast test-mongodb system system-build lint format audit lock package container check-reliability check-replica bench bench-identity bench-reading bench-soak clean

$(VENV)/.installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %d.%d" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Installing the environment into $(VENV): 1 to 3 minutes without any output"
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --upgrade pip
	$(RUN) -m pip install --quiet -r requirements-dev.txt
	touch $@

demo: $(VENV)/.installed  ## environment, sample site, crawls, database, summary
	$(RUN) -m kcna_spider demo

test: $(VENV)/.installed  ## environment and the tests without replica and reliability; COVERAGE=1 measures which lines they run, with a floor
	$(if $(COVERAGE),COVERAGE_PROCESS_START=pyproject.toml) $(RUN) -m pytest -m "not replica and not reliability" --numprocesses auto --maxschedchunk 1 $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

test-fast: $(VENV)/.installed  ## the tests that need no server, no process of their own and no long computation (30 seconds)
	$(RUN) -m pytest -m "not process and not slow and not replica and not reliability" --numprocesses logical --dist worksteal

test-mongodb: $(VENV)/.installed  ## all tests against a MongoDB server, each in a database of its own, which is dropped: make test-mongodb URI=mongodb://...
	MONGODB_TEST_URI="$(URI)" $(RUN) -m pytest -m "not replica and not reliability" --numprocesses auto --maxschedchunk 1

system:  ## what some tests need of the system: Chromium, Redis and mongosh (Debian and Ubuntu, as root)
	apt-get update -qq
	command -v chromium > /dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
	command -v redis-server > /dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server
	command -v npm > /dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm
	command -v mongosh > /dev/null || npm install --global --no-fund --no-audit mongosh@2

system-build:  ## what pip needs to build the embedded database where it has no wheel (Debian, as root): docs/how-to/install.md
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends build-essential cmake swig liblz4-dev libsnappy-dev libzstd-dev

lint: $(VENV)/.installed  ## ruff, mypy, and the files of containers, GitHub and citations
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/hadolint Dockerfile
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff

format: $(VENV)/.installed
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

audit: $(VENV)/.installed  ## known holes in what requirements.lock pins, where pip-audit can reach its data
	$(RUN) .ci/audit.py

lock: $(VENV)/.installed  ## requirements.lock: every package with its hashes, for deployment on any Python from 3.11 on (pip install --require-hashes -r requirements.lock)
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-header --no-emit-index-url -o requirements.lock requirements.txt

docs: $(VENV)/.installed  ## the documentation as a site, into build/docs; a warning is an error
	$(RUN) -m sphinx -q -W --keep-going -b html docs build/docs

docs-links: $(VENV)/.installed  ## whether the addresses of other sites in the documentation respond
	$(RUN) -m sphinx -q -W --keep-going -b linkcheck docs build/docs-links

prose: $(VENV)/.installed  ## the wording of documents, docstrings, comments and messages (needs npm); ALL=1 shows warnings too
	mkdir -p build/textlint && cp docs/style/package.json build/textlint/
	npm install --prefix build/textlint --silent --no-fund --no-audit --no-package-lock
	rm -rf build/prose && $(RUN) -m docs.style.extract build/prose
	build/textlint/node_modules/.bin/textlint --config docs/style/textlintrc.json --rules-base-directory $(CURDIR)/build/textlint/node_modules \
	  --ignore-path docs/style/textlintignore $(if $(ALL),,--quiet) *.md docs build/prose

package: $(VENV)/.installed  ## wheel and sdist, into dist/; the wheel is installed with what it depends on, and runs the demo
	rm -rf build/package dist
	$(VENV)/bin/uv build --quiet --out-dir dist
	$(PYTHON) -m venv build/package
	build/package/bin/python -m pip install --quiet dist/*.whl
	cd build/package && bin/kcna-spider demo
	rm -rf build/package
	$(RUN) -m pytest tests/test_packaging.py

container:  ## the image of the Dockerfile, where Docker is installed
	docker build --tag kcna_spider .

check-reliability: $(VENV)/.installed  ## faults, kills, outages, spoilt pages, as a table; RELIABILITY=long for twenty kills, a minute's outage, 100,000 pages
	$(RUN) -m pytest -m reliability tests/reliability

check-replica: $(VENV)/.installed  ## the spiders against the replica of the four sites, where developers have it
	$(RUN) -m pytest -m replica

bench: $(VENV)/.installed  ## all benchmarks as one table of ratios, into bench/RESULTS.md (20 minutes); BENCH=--quick to see that they work, BENCH="crawl stored" for parts
	$(RUN) -m bench $(BENCH)

bench-identity: $(VENV)/.installed  ## identity of stories over the real corpus
	$(RUN) -m bench.identity

bench-reading: $(VENV)/.installed  ## the report, exports and a copy of 60,000 articles: seconds and memory
	$(RUN) -m bench.reading

bench-soak: $(VENV)/.installed  ## a crawl of 20,000 stories with faults: memory and rate over time
	$(RUN) -m bench.soak

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
