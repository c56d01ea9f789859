"""What each colour target can do at best."""

import pytest

from kcolor import targets
from kcolor.evaluation import target_demo


def test_the_demo_shows_every_target():
    assert {name for name, _ in target_demo.SHOWN.values()} == set(targets.TARGETS)


@pytest.mark.slow
def test_the_demo_says_how_good_each_target_can_be(samples):
    sheet, table = target_demo.demo([samples["hats"][::4, ::4], samples["girl"][::4, ::4]])
    psnr = {name: value for name, _, value, _, _ in table}
    assert psnr["grey"] < psnr["mean_ab"] < psnr["bins 6x6"] < psnr["bins 18x18"] < psnr["bins step 10, soft"] < psnr["lab"]
    assert psnr["photo"] == 100
    assert sheet.height > 2 * 128
    color = {row[0]: row[-1] for row in table}
    assert color["grey"] < 0.5 < 20 < color["photo"]
