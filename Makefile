# `make help` lists what there is. Everything is installed into .venv; nothing else is touched.

PYTHON ?= python3
ASSIGNMENT ?=
NOTEBOOK ?=
FROM ?=
SHEET ?=
COLUMN ?=
PORT ?= 8000
TEACH ?=
HERE ?= .
JOBS ?= 0
SCHEDULER ?=
ANEW ?=
ROWS ?=
OPTIONS ?=
WORKERS ?= auto
ORDER ?=
PYTEST ?=
SEED ?=
run := .venv/bin/python -m
pip := .venv/bin/python -P course/install.py --constraint constraints.txt
tests = $(run) pytest -n $(WORKERS) --dist loadgroup $(if $(ORDER),--$(ORDER)-order --no-loadscope-reorder)
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help book pdf exercises answers check collect grade handback lab serve test test-all fuzz lint benchmark clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

book: .venv/course exercises  ## install all that is needed, make the exercises, build the book
	@$(run) course book

exercises: .venv/course  ## make the exercise notebooks from their sources
	@$(run) course exercises

answers: .venv/course  ## try the checks on right and wrong answers [ASSIGNMENT=01]
	@$(run) course answers $(ASSIGNMENT)

check: .venv/course  ## run the visible checks of your copy: NOTEBOOK=01, or a file
	@test -n "$(NOTEBOOK)" || { echo "say which: make check NOTEBOOK=01"; exit 2; }
	@cd "$(HERE)" && "$(CURDIR)/.venv/bin/python" -m course check "$(NOTEBOOK)"

collect: .venv/course  ## take in what a class handed in: ASSIGNMENT=01-… FROM=class.zip [SHEET=worksheet.csv]
	@test -n "$(ASSIGNMENT)" -a -n "$(FROM)" || { echo "say which: make collect ASSIGNMENT=01-… FROM=class.zip"; exit 2; }
	@$(run) course collect "$(ASSIGNMENT)" "$(FROM)" $(if $(SHEET),"$(SHEET)")

grade: .venv/course  ## grade what lies in submitted/ for ASSIGNMENT=01-… [JOBS=2] [SCHEDULER=tls://…] [ANEW=yes]
	@test -n "$(ASSIGNMENT)" || { echo "say which: make grade ASSIGNMENT=01-…"; exit 2; }
	@$(run) course grade "$(ASSIGNMENT)" --jobs "$(JOBS)" --scheduler "$(SCHEDULER)" $(if $(ANEW),--anew)

handback: .venv/course  ## marks and feedback for Moodle and Canvas: ASSIGNMENT=01-… [SHEET=…] [COLUMN=…]
	@test -n "$(ASSIGNMENT)" || { echo "say which: make handback ASSIGNMENT=01-…"; exit 2; }
	@$(run) course handback "$(ASSIGNMENT)" $(if $(SHEET),--sheet "$(SHEET)") --column "$(COLUMN)"

lab: .venv/course  ## open JupyterLab on work/, your own copies of the exercises [TEACH=yes] [OPTIONS=…]
	@$(run) course lab $(if $(TEACH),--teach) -- $(OPTIONS)

pdf: .venv/test book  ## print the whole book into one PDF
	@$(run) course pdf

serve: .venv/course  ## show the built book on this machine [PORT=8000]
	@$(run) course serve --port $(PORT)

test: .venv/test exercises lint  ## install what the tests need, run them all [WORKERS=4] [ORDER=random] [PYTEST="--durations 20"]
	@$(tests) -m "not slow" $(PYTEST)

test-all: .venv/test exercises lint  ## the same with all seeds, a cold book, the slow tests
	@$(tests) $(PYTEST)

fuzz: .venv/test exercises  ## 10,000 damaged notebooks and 100,000 forged messages [SEED=1]
	@.venv/bin/python tests/grading/fuzz.py $(if $(SEED),--seed $(SEED))

lint: .venv/test  ## style, formatting and types
	@$(run) ruff check
	@$(run) ruff format --check
	@$(run) mypy

benchmark: .venv/course  ## measure the course beside its peers, one table [ROWS="vae gan"]
	@.venv/bin/python benchmarks --write $(if $(ROWS),--only $(ROWS))

clean:  ## remove what was built; .venv, work/, gradebook and submissions stay
	rm -rf _build book/exercises solutions/*/*.ipynb .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# Installed once, and again when what is asked for has changed.
.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "make a virtual environment failed (Debian: apt install python3-venv)"; exit 1; }
	@touch $@

.venv/course: .venv/python pyproject.toml constraints.txt
	@$(pip) --editable '.[book,course]'
	@$(run) course system dataset-fashion-mnist bubblewrap
	@touch $@

.venv/test: .venv/course
	@$(pip) --editable '.[book,course,cluster,test]'
	@$(run) course system
	@touch $@
