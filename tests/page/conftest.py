"""One server with a small model for all quick tests of the page."""

import pytest
from helpers.colorizers import small
from helpers.page import serving


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """File of a small, untrained colorizer."""
    path = tmp_path_factory.mktemp("model") / "small.keras"
    small("bins", size=16).save(path)
    return path


@pytest.fixture(scope="session")
def client(tmp_path_factory, model):
    """A server that is ready, and what asks it."""
    limits = {"file_bytes": 300_000, "pixels": 1_000_000, "json_bytes": 20_000, "tab_seconds": 60}
    with serving(tmp_path_factory.mktemp("serve"), {"small": model, "other": model}, **limits) as client:
        yield client
