# make demo            set up and look at what kcolor does
# make test            set up and run the tests (TensorFlow backend)
# make test-backends   the core's tests on JAX and on PyTorch, each in an environment of its own
# make test-slow       what takes long
# make lint / format   ruff, and mypy reads the types
# make docs            the documentation as a site, in build/docs
# make notebooks       runs those of examples/ and keeps what they print
# make dist            a wheel and a source distribution, in build/dist
# make pictures        those of README.md and docs/ that show what the colorizer does; HISTORIC and KODAK are folders of photographs

PYTHON ?= python3
WORKERS ?= 2
TORCH ?= torch==2.13.0
# What the core needs without TensorFlow: kcolor itself is installed without its dependencies there.
CORE = keras numpy pillow scikit-image pytest pytest-xdist
# What the site and a release are made with. It reads kcolor's docstrings without importing it.
DOCS = mkdocs-material 'mkdocstrings[python]' nbconvert ruff build twine
# Two workers on two cores: each keeps to one thread.
# JAX compiles every operation of every size; nearly all of the tests' time there is that, and unoptimised it takes two thirds.
PYTEST = TF_CPP_MIN_LOG_LEVEL=3 OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1
# Both workers, and later runs, share what JAX has compiled.
JAX_CACHE = JAX_COMPILATION_CACHE_DIR=$(CURDIR)/.venv-jax/compiled JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0 JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES=-1
ARGS ?=
# What depends on the backend. Files, the command line, recipes, sweeps, data and docs do the same on each: TensorFlow's run has them.
CORE_TESTS = $(addprefix tests/,augment backbones bins color colorizer data/test_keras_feed.py evaluation hints images losses metrics models saving targets training utils) \
	tests/package/test_docstrings.py tests/package/test_every_target_with_every_model.py tests/package/test_frameworks.py
KODAK ?= kcolor/samples
HISTORIC ?= kcolor/samples/historic

.PHONY: browser demo dist docs notebooks pictures test test-backends test-jax test-torch test-slow endurance lint format clean

demo: .venv/ready
	.venv/bin/kcolor colorize kcolor/samples --recursive --recolor --out demo
	.venv/bin/kcolor sheet demo --recursive --beside kcolor/samples --columns 3 --out demo.jpg --overwrite
	.venv/bin/kcolor demo --out demo.png --overwrite

pictures: .venv/ready
	.venv/bin/kcolor colorize kcolor/samples/historic --out build/pictures/samples --overwrite
	.venv/bin/python docs/site/pictures.py kcolor/samples/historic build/pictures/samples
	.venv/bin/kcolor colorize $(HISTORIC) --out build/pictures/historic --overwrite
	.venv/bin/kcolor sheet build/pictures/historic --height 160 --out docs/historic.jpg --overwrite
	.venv/bin/kcolor colorize $(KODAK) --recolor --out build/pictures/kodak --overwrite
	.venv/bin/kcolor sheet build/pictures/kodak --beside $(KODAK) --columns 4 --height 110 --out docs/kodak.jpg --overwrite
	.venv/bin/python -m benchmarks.edges kcolor/samples/*.jpg --out docs/edges.jpg
	.venv/bin/kcolor explain kcolor/samples/hats.jpg 300 165 --out docs/explain.jpg --overwrite
	.venv/bin/python docs/site/concept_pictures.py
	-.venv/bin/python docs/site/page_pictures.py  # needs a browser: make browser

docs: .venv-docs/ready
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --quiet

notebooks: .venv/ready
	TF_CPP_MIN_LOG_LEVEL=3 .venv/bin/python examples/execute.py

# Built apart from this folder's files, and checked. tests/package/test_install.py colours a picture with what is installed.
dist: .venv-docs/ready
	rm -rf build/dist
	.venv-docs/bin/python -m build --quiet --outdir build/dist .
	.venv-docs/bin/twine check --strict build/dist/*
	ls -l build/dist

test: .venv/ready
	$(PYTEST) .venv/bin/python -m pytest -n $(WORKERS) -m "not slow" $(ARGS)

test-backends: test-jax test-torch

test-jax: .venv-jax/ready
	$(PYTEST) $(JAX_CACHE) XLA_FLAGS=--xla_backend_optimization_level=0 KERAS_BACKEND=jax .venv-jax/bin/python -m pytest -n $(WORKERS) -m "not slow" $(if $(findstring tests/,$(ARGS)),,$(CORE_TESTS)) $(ARGS)

test-torch: .venv-torch/ready
	$(PYTEST) KERAS_BACKEND=torch .venv-torch/bin/python -m pytest -n $(WORKERS) -m "not slow" $(if $(findstring tests/,$(ARGS)),,$(CORE_TESTS)) $(ARGS)

test-slow: .venv/ready
	$(PYTEST) .venv/bin/python -m pytest -n $(WORKERS) -m slow $(ARGS)

# A hundred times SIGKILL, for an album, a training, a sweep, an export and a film: hours.
endurance: .venv/ready
	.venv/bin/python -m benchmarks.endurance $(ARGS)

# What the page's tests drive. Chromium comes from the system's packages, where they may be installed; without it the tests are skipped.
browser: .venv/ready
	.venv/bin/pip install --quiet --editable '.[browser]'
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || apt-get install --yes --quiet chromium >/dev/null 2>&1 \
		|| echo "There is no Chromium, and none could be installed: tests in a browser are skipped."

lint: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

format: .venv/ready
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.venv/ready: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --upgrade pip
	.venv/bin/pip install --quiet --editable '.[dev]'
	@touch $@

.venv-docs/ready: setup.cfg
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/pip install --quiet --upgrade pip
	.venv-docs/bin/pip install --quiet $(DOCS)
	@touch $@

.venv-jax/ready: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv-jax
	.venv-jax/bin/pip install --quiet --upgrade pip
	.venv-jax/bin/pip install --quiet jax $(CORE)
	.venv-jax/bin/pip install --quiet --no-deps --editable .
	@touch $@

.venv-torch/ready: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/pip install --quiet --upgrade pip
	.venv-torch/bin/pip install --quiet $(TORCH) $(CORE)
	.venv-torch/bin/pip install --quiet --no-deps --editable .
	@touch $@

clean:
	rm -rf .venv .venv-docs .venv-jax .venv-torch build *.egg-info
