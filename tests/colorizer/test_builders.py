"""Networks by their names."""

import pytest

from kcolor import targets
from kcolor.colorizer.builders import built


def test_a_network_is_built_or_taken_as_it_is():
    network = built("unet", targets.get("lab"), None, {"filters": (4, 8)})
    assert built(network, targets.get("lab"), None, {}) is network
    with pytest.raises(ValueError, match="Unknown options of a colorizer: \\['filters'\\]"):
        built(network, targets.get("lab"), None, {"filters": (4, 8)})
