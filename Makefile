# Two commands: `make demo` shows the gateway at work, `make test` runs every check.

PY     = .venv/bin/python
PIP    = $(PY) -m pip --disable-pip-version-check --quiet
LOCKED = $(PIP) install --require-hashes --requirement
HERE   = $(PIP) install --no-deps --no-build-isolation --no-index --editable .

.PHONY: demo test lint bench fuzz docs lock clean

demo: .venv/run.stamp
	@.venv/bin/edi-gateway demo $(ARGS)

test: lint
	$(PY) -m pytest -n auto --dist worksteal $(ARGS)

lint: .venv/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m mypy

bench: .venv/dev.stamp .venv/bench.stamp
	@$(PY) -m benchmarks $(ARGS) > docs/.benchmarks.md && mv docs/.benchmarks.md docs/benchmarks.md && cat docs/benchmarks.md

fuzz: .venv/fuzz.stamp
	@$(PY) -m tests.fuzz $(ARGS)

# The environment: made once, and again when a lock or pyproject.toml changes.
.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "installing into .venv"
	@$(LOCKED) requirements/run.txt
	@$(HERE)
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "installing what the tests need"
	@$(LOCKED) requirements/dev.txt
	@touch $@

.venv/fuzz.stamp: requirements/fuzz.txt .venv/run.stamp
	@echo "installing the fuzzer"
	@$(LOCKED) requirements/fuzz.txt
	@touch $@

.venv/bench.stamp: requirements/bench.txt .venv/run.stamp
	@echo "installing the peers of the benchmarks"
	@$(LOCKED) requirements/bench.txt
	@touch $@

.venv/bin/python:
	@sh .ci/venv $(PYTHON)

# For maintainers: the pages that the code prints, and the locks (needs uv).
docs: .venv/dev.stamp
	@$(PY) -m edi_gateway.reports.kinds > docs/issues.md
	@$(PY) -m edi_gateway.reports.verdict_table > docs/verdicts.md
	@$(PY) -m edi_gateway.model._describe > docs/model.md

LOCK = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-config --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	$(LOCK) --extra build --constraint requirements/constraints.txt --output-file requirements/run.txt
	$(LOCK) --extra build --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt
	$(LOCK) --extra fuzz --constraint requirements/dev.txt --output-file requirements/fuzz.txt
	$(LOCK) --extra bench --constraint requirements/dev.txt --output-file requirements/bench.txt

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
