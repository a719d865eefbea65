# Needs Python 3.11 or later and make; everything else is installed into .venv: what a review needs from requirements.lock, what
# tests and checks need from requirements-dev.lock.
.DEFAULT_GOAL := help
.PHONY: help demo test golden mutants check offline format bench load lock licences sbom clean fuzz linear pictures

# The first Python that is new enough. Override: make PYTHON=/opt/python3.12/bin/python3 demo
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FULL := $(VENV)/.full
EXTRAS := archives fast ocr build
MORE := dask oidc parquet postgresql dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

help: ## Show what can be made
	@echo '可用目标 / targets:'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo '需要 Python 3.11 或更新的版本。' >&2; exit 2; }
	@echo '正在准备运行环境 $(VENV)（首次约一两分钟）……'
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo '无法建立虚拟环境：Debian 系统请先安装 python3-venv。' >&2; exit 2; }
	@$(PIP) --no-deps --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q catalog checks extractors flows records reports || true  # readers may not write beside themselves
	@touch $@

$(FULL): $(READY) requirements-dev.lock
	@echo '正在安装测试和检查所需的组件……'
	@$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

NOTICE ?= 2023
INBOX := $(if $(filter 2023,$(NOTICE)),samples/inbox,samples/$(NOTICE)-inbox)
OUT := $(if $(filter 2023,$(NOTICE)),out,out-$(NOTICE))
demo: $(READY) ## Read samples/inbox and write the review reports to out/ (NOTICE=students for another programme)
	@$(BIN)/shenbao review --notice $(NOTICE) --inbox $(INBOX) --out $(OUT)
	@echo '在浏览器里审查这一轮（不设登录，只在本机）：'
	@echo '  $(BIN)/shenbao desk --notice $(NOTICE) --inbox $(INBOX) --out $(OUT) --open'

test: $(FULL) ## Run the tests
	@$(BIN)/python -m pytest

golden: $(FULL) ## Accept what the program says now of the golden cases (ONLY=pdf for some)
	@$(BIN)/python -m tests.golden.accept $(ONLY)

mutants: $(FULL) ## Try the tests against slips of the hand in the core (ONLY=checks/meaning/matching for a part)
	@$(BIN)/python -m tests.mutants.run $(ONLY)

check: $(FULL) ## Lint, format check, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m checks.book --check
	$(BIN)/python -m flows.command.datapage --check
	$(BIN)/python -m tests.house

offline: $(FULL) ## Read every format and count the connections beyond this machine
	@$(BIN)/python -m pytest -q tests/flows/test_offline.py

format: $(FULL) ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(FULL) ## Read changed files of every format and tell what goes wrong (SECONDS=60 SEED=1 ONLY=docx,pdf)
	@$(BIN)/python -m tests.fuzz.run --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1) $(if $(ONLY),--only $(ONLY))

linear: $(FULL) ## Try every pattern and every rule on long crafted repeats; takes long
	@$(BIN)/python -m tests.linear.trial --length 100000 checks. records. extractors.
	@$(BIN)/python -m tests.linear.rules --every

bench: $(FULL) ## Measure, as ratios to a floor in the same run (ONLY=word for one part)
	@$(BIN)/python -m tests.bench.run $(ONLY)

pictures: demo $(FULL) ## Draw samples/pictures anew from what the demo writes (needs LibreOffice, poppler, Chromium)
	@$(BIN)/python -m samples.make_pictures
	@$(BIN)/python -m samples.make_desk_pictures

load: $(FULL) ## Twenty people at the desk over 3,000 applications, 10,000 requests (ARGS='--requests 1000')
	@$(BIN)/python -m tests.bench.load $(ARGS)

lock: ## Compile requirements.lock and requirements-dev.lock from pyproject.toml (UPGRADE= to keep what is locked)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) uv
	$(COMPILE) $(UPGRADE) $(EXTRAS:%=--extra %) --output-file requirements.lock
	$(COMPILE) $(UPGRADE) $(EXTRAS:%=--extra %) $(MORE:%=--extra %) --constraint requirements.lock --output-file requirements-dev.lock

UPGRADE := --upgrade
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate \
	--generate-hashes --custom-compile-command 'make lock'

licences: $(FULL) ## Write docs/licences.md: the licence of every package in the lock
	@$(BIN)/python -m tests.supply.licences

sbom: $(FULL) ## Write dist/sbom.cdx.json: what is installed, as CycloneDX
	@mkdir -p dist
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o dist/sbom.cdx.json $(BIN)/python
	@echo 'dist/sbom.cdx.json'

clean: ## Remove the environment, caches and out/
	rm -rf $(VENV) out out-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
