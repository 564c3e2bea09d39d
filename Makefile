# つなぎ — make demo starts it on a fresh machine, make test proves it.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
PORT ?= 8000
SIZE ?= city
TESTS ?= tests
JOBS ?= auto
APT := DEBIAN_FRONTEND=noninteractive apt-get -y -qq --no-install-recommends install

.PHONY: setup run demo test matrix test-15 check fix bench docs reset lock for-browser for-15

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 以上が必要です。"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "部品を入れています…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup            ## serve what is there
	@$(BIN)/tsunagi serve --port $(PORT)

demo: setup           ## load the demo city (once) and serve it
	@$(BIN)/tsunagi demo --size $(SIZE) --port $(PORT)

test: setup for-browser   ## everything, including the browser journeys
	$(BIN)/python -m pytest $(TESTS) -n $(JOBS) --dist loadfile --no-loadscope-reorder -q

matrix: setup for-browser   ## every page as every role × involved, stranger, anonymous (docs/decisions/0054)
	TSUNAGI_MATRIX=whole $(BIN)/python -m pytest $(TESTS) -m visits -n $(JOBS) --dist loadfile -q

test-15: setup for-browser for-15   ## the same on Debian's PostgreSQL 15
	TSUNAGI_PG=15 $(BIN)/python -m pytest $(TESTS) -n $(JOBS) --dist loadfile --no-loadscope-reorder -q

check: setup          ## style, templates, import contracts, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint src --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/mypy

fix: setup            ## what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup          ## speed and size, as ratios against the raw query of the same run
	@test -d bench || { echo "bench/ はまだありません。"; exit 1; }
	$(BIN)/python -m bench

docs: setup           ## the pages that the program writes itself
	$(BIN)/tsunagi docs

reset:                ## stop the database and forget all data
	@if [ -x $(BIN)/tsunagi ] && [ -z "$$DATABASE_URL" ]; then $(BIN)/tsunagi database erase --yes; fi
	@rm -rf "$${TSUNAGI_VAR:-var}"
	@echo "データを消しました。make demo で作り直せます。"

lock: setup           ## pin the dependencies of pyproject.toml anew (needs pip-tools)
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		-o requirements.lock pyproject.toml
	@sed -i '/^#/d' requirements.lock

# What the journeys need besides Python: a browser, and a font that has Japanese letters.
for-browser:
	@need=""; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| need="chromium"; \
	{ command -v fc-list >/dev/null && fc-list :lang=ja | grep -q .; } || need="$$need fontconfig fonts-noto-cjk"; \
	[ -z "$$need" ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "入れています: $$need"; apt-get -qq update && $(APT) $$need >/dev/null; \
	else \
		echo "テストには次が必要です: sudo apt-get install -y --no-install-recommends $$need"; exit 1; \
	fi

for-15:
	@[ -x /usr/lib/postgresql/15/bin/postgres ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get -qq update && $(APT) postgresql-15 >/dev/null; \
	else \
		echo "必要です: sudo apt-get install -y --no-install-recommends postgresql-15"; exit 1; \
	fi
