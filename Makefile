# Two commands do everything on a fresh machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO ?= demo
PIP = $(BIN)/pip --disable-pip-version-check install --quiet

.PHONY: demo test slow long browser check docs pictures clean

# torch first: the tested version is the CPU build, the newest one would bring several GB of CUDA packages
$(VENV)/torch: constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) "$$(grep '^torch==' constraints.txt)"
	touch $@

$(VENV)/run: $(VENV)/torch pyproject.toml
	$(PIP) -c constraints.txt -e ".[embedded]"
	touch $@

$(VENV)/dev: $(VENV)/torch pyproject.toml
	$(PIP) -c constraints.txt -e ".[embedded,dashboard,test]"
	touch $@ $(VENV)/run

demo: $(VENV)/run
	mkdir -p $(DEMO)
	$(BIN)/autodistill search --dataset bbc-news --rows 200 --rest-unlabelled --max-length 64 --budget 3m --storage $(DEMO)/autodistill.db --out $(DEMO)/recipe.toml
	$(BIN)/autodistill train $(DEMO)/recipe.toml --storage $(DEMO)/autodistill.db --out $(DEMO)/student --force

check: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check autodistill benchmarks tests tools
	$(BIN)/mypy

test: check
	$(BIN)/python -m pytest -q -n auto

slow: $(VENV)/dev
	$(BIN)/python -m pytest -q -m slow -n auto

# kills, signals, damage and studies by the dozen: for a release
long: $(VENV)/dev
	$(BIN)/python -m pytest -q -m long -n auto

# what tests of pages in a browser need beside Chromium; without it they say that they are skipped
browser: $(VENV)/browser

$(VENV)/browser: $(VENV)/dev
	$(PIP) -c constraints.txt -e ".[browser]"
	touch $@ $(VENV)/dev $(VENV)/run

# the site of docs/, in site/; a broken link or a page that is not listed ends it
docs: $(VENV)/dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	@echo "site/index.html; with its search: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site"

# docs/pictures/ anew from published studies; needs Chromium
pictures: $(VENV)/dev
	$(BIN)/python -m tools.pictures

clean:
	rm -rf $(VENV) $(DEMO) site
