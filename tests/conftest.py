"""What several test files share: real photographs, and small made-up ones."""

import gc
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
from helpers.graphs import Switch
from PIL import Image

SHARED = pathlib.Path(__file__).parents[2] / "shared" / "data"


SWITCH = Switch()


def pytest_addoption(parser):
    parser.addoption(
        "--graphs", action="store_true", help="TensorFlow makes graphs in all tests, not only in those that are about them"
    )


def pytest_collection_finish():
    """Leaves what is imported out of garbage collection: a sixth of the time was looking through TensorFlow's objects."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Says whether this test, and the fixtures that it is the first to need, make graphs on TensorFlow."""
    SWITCH.graphs = item.config.getoption("graphs") or item.get_closest_marker("graphs") is not None


@pytest.fixture(scope="session")
def shared():
    """The folder with published weights and photographs; tests that need it are skipped where it is not there."""
    if not (SHARED / "unpack.py").is_file():
        pytest.skip(f"needs the shared data, looked for in {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def kodak(shared):
    """Four of the Kodak pictures, uint8, at their full size."""
    found = subprocess.run([sys.executable, shared / "unpack.py", "kodak"], capture_output=True, text=True, check=True)
    folder = pathlib.Path(found.stdout.strip()) / "kodak" / "kodak"
    return [np.asarray(Image.open(folder / f"{n}.jpg").convert("RGB")) for n in ("03", "04", "14", "23")]


@pytest.fixture(scope="session")
def samples():
    """The photos that come with kcolor, uint8, by name."""
    from kcolor.data.samples import sample_photos

    return sample_photos()


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def blobs():
    """Eight photos of 32×32 with large patches of colour, uint8."""
    patches = np.random.default_rng(1).integers(0, 256, (8, 4, 4, 3), dtype="uint8")
    return patches.repeat(8, axis=1).repeat(8, axis=2)


@pytest.fixture
def policy():
    """Sets a dtype policy for one test."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.fixture(autouse=True)
def _fresh():
    """Every test starts with the same random numbers, and leaves no graph behind, nor determinism (and no XLA)."""
    keras.utils.set_random_seed(0)
    yield
    keras.utils.clear_session(free_memory=False)
    if keras.backend.backend() == "tensorflow":
        from tensorflow.python.framework.config import disable_op_determinism  # there is no public way back

        disable_op_determinism()
