"""Evaluation: intervals by hand, figures against the Keras metrics, pictures against `colorize`, and the gallery."""

import json
import pathlib

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import Colorizer, bins, metrics, models, targets
from kcolor.colorizer.forward import Forward
from kcolor.evaluation import scorer as scoring_module
from kcolor.evaluation.confidence import RESAMPLES, Interval, bootstrap, resamples
from kcolor.evaluation.examples import EACH, SAMPLE, Gallery, Shown
from kcolor.evaluation.measure import Evaluation, evaluate
from kcolor.evaluation.scorer import Scorer, oracle
from kcolor.evaluation.scores import SCORES, Score, ab_mse_unit, bin_hits, decibels, mean_ab_mse_unit
from kcolor.targets.bins import OTHER_DECODINGS

DATA = pathlib.Path(__file__).parents[2] / "shared" / "data"
LPIPS_WEIGHTS = (DATA / "vgg16_notop_rgb.npz", DATA / "lpips_vgg_linear.npz")
RED_AB = (80.0925, 67.2032)  # scikit-image's, of pure red


def small_colorizer(target="lab", options=None, **kwargs):
    target = targets.get(target, **(options or {}))
    return Colorizer(models.build("unet", target, filters=(4, 8)), target, **kwargs)


def constant_colorizer(target, answer):
    """A colorizer whose network answers the same everywhere."""
    picture = keras.Input((None, None, 1))
    layer = keras.layers.Conv2D(target.channels, 1, kernel_initializer="zeros", bias_initializer="zeros")
    network = keras.Model(picture, layer(picture))
    layer.bias.assign(answer)
    return Colorizer(network, target, stride=1)


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


@pytest.fixture
def tiny(blobs):
    """Four photos of 12×12. Most tests are of that size: JAX compiles every operation anew for each."""
    return blobs[:4, 2:14, 2:14]


# Intervals


def test_the_interval_of_two_pictures_by_hand():
    # A quarter of the resamples has the first picture twice, a quarter the second one: both ends are reached.
    found = bootstrap([1.0, 3.0])
    assert (found.mean, found.low, found.high, found.count, found.half_width) == (2.0, 1.0, 3.0, 2, 1.0)


def test_weights_are_resampled_with_their_pictures():
    # By hand 1·3 + 3·1 over 4; a mean of the products resampled alone would leave 1..3.
    found = bootstrap([1.0, 3.0], [3.0, 1.0])
    assert (found.mean, found.low, found.high) == (1.5, 1.0, 3.0)


def test_the_root_is_taken_of_every_resample():
    found = bootstrap([1.0, 9.0], finish=np.sqrt)
    assert found.mean == pytest.approx(5**0.5)
    assert (found.low, found.high) == (1.0, 3.0)


def test_a_falling_finish_keeps_low_below_high():
    found = bootstrap([0.1, 0.001], finish=decibels)
    assert (found.low, found.high) == pytest.approx((10.0, 30.0))


def test_many_pictures_have_the_interval_of_the_normal_distribution(rng):
    values = rng.normal(5.0, 2.0, 400)
    found = bootstrap(values)
    assert found.mean == pytest.approx(values.mean())
    assert found.half_width == pytest.approx(1.96 * values.std() / 20, rel=0.08)


def test_pictures_without_a_value_do_not_count():
    assert bootstrap([1.0, np.nan, 3.0], [1.0, 50.0, 1.0]) == Interval(2.0, 1.0, 3.0, 2)


def test_one_picture_has_no_interval():
    found = bootstrap([np.nan, 4.0])
    assert (found.mean, found.count) == (4.0, 1)
    assert np.isnan([found.low, found.high, found.half_width]).all()


def test_no_value_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one picture"):
        bootstrap([np.nan])


def test_resamples_draw_as_many_pictures_as_there_are_and_always_the_same():
    draws = resamples(30)
    assert draws.shape == (RESAMPLES, 30)
    assert (draws.sum(axis=1) == 30).all()
    np.testing.assert_array_equal(draws, resamples(30))
    assert len(np.unique(draws, axis=0)) > 0.99 * RESAMPLES  # the parts they are drawn in differ


# Figures of its own


def flat(rgb, width=4):
    return np.tile(np.asarray(rgb, "float32"), (1, 4, width, 1))


def test_ab_error_on_system_cs_scale_by_hand():
    red, gray = flat((1, 0, 0)), flat((0.5, 0.5, 0.5))
    whole = (RED_AB[0] ** 2 + RED_AB[1] ** 2) / 2 / 255**2  # 0.0840
    half = np.concatenate([red, gray], axis=2)
    both_gray = np.concatenate([gray, gray], axis=2)
    assert float(ab_mse_unit(red, gray)[0]) == pytest.approx(whole, rel=1e-4)
    assert float(ab_mse_unit(half, both_gray)[0]) == pytest.approx(whole / 2, rel=1e-4)
    assert float(mean_ab_mse_unit(half, both_gray)[0]) == pytest.approx(whole / 4, rel=1e-4)  # of half the mean colour


def test_bin_hits_by_hand():
    grid = bins.gamut_grid(10.0)
    gray, red, blue = flat((0.5, 0.5, 0.5), 2), flat((1, 0, 0), 1), flat((0, 0, 1), 1)
    truth = np.concatenate([np.concatenate([gray, red, blue], axis=2), np.concatenate([gray, gray], axis=2)])
    neutral, red_bin = (int(bins.bin_of(np.array([ab]), grid)[0]) for ab in ((0.0, 0.0), RED_AB))
    answered = np.full((2, 4, 4), neutral)
    answered[0, :, 2] = red_bin  # right; blue is taken for neutral
    hits = {name: numpy(value) for name, value in bin_hits(answered, truth, grid).items()}
    np.testing.assert_allclose(hits["bin_accuracy"], [0.75, 1.0])
    np.testing.assert_allclose(hits["bin_accuracy_colored"], [0.5, np.nan])  # the second has no coloured pixel


def test_chroma_from_ten_on_counts_as_colored():
    grid = bins.uniform_grid(1)  # everything is right
    pale, vivid = flat((0.55, 0.5, 0.5)), flat((0.6, 0.5, 0.5))  # chroma 6.7 and 13.4
    hits = bin_hits(np.zeros((2, 4, 4)), np.concatenate([pale, vivid]), grid)
    np.testing.assert_allclose(numpy(hits["bin_accuracy_colored"]), [np.nan, 1.0])


def test_every_score_names_its_convention():
    for score in SCORES.values():
        assert isinstance(score, Score)
        assert len(score.convention) > 10
        assert score.better in ("higher", "lower", None)


# Pictures


@pytest.fixture(scope="module")
def photos_of_one_size():
    patches = np.random.default_rng(1).integers(0, 256, (3, 7, 5, 3), dtype="uint8")
    return patches.repeat(4, axis=1).repeat(4, axis=2)  # 28×20: neither side a multiple of the networks' strides


COLORIZERS = {
    "lab": lambda: small_colorizer(),
    "working size": lambda: small_colorizer(size=12),
    "larger working size": lambda: small_colorizer(size=24),
    "pooled": lambda: Colorizer(models.build("mean_regressor", "mean_ab", size=128), targets.get("mean_ab"), stride=128),
    "bins": lambda: small_colorizer("bins", {"grid": 6}, size=14),
}


@pytest.mark.parametrize("name", COLORIZERS)
def test_the_model_is_what_colorize_gives(name, photos_of_one_size):
    colorizer = COLORIZERS[name]()
    _, pictures = Scorer(colorizer, ["psnr"])(photos_of_one_size)
    np.testing.assert_array_equal(pictures["model"], colorizer.colorize(photos_of_one_size))


def measured_bins(photos, **options):
    return targets.get("bins", grid=6, **options).measure(photos)


def test_other_decodings_are_what_colorize_gives_with_them(photos_of_one_size):
    target = measured_bins(photos_of_one_size, decoding="mean")
    network = models.build("unet", target, filters=(4, 8))
    scores, pictures = Scorer(Colorizer(network, target, size=14), ["psnr", "bin_accuracy"])(photos_of_one_size)
    ways = {"T=0 (mode)": ("mode", None), "T=0.8": ("temperature", 0.8), "T=1 (mean)": ("mean", None)}
    for way, (decoding, temperature) in {**ways, "annealed 0.38": ("annealed_mean", 0.38)}.items():
        other = targets.get("bins", grid=6, decoding=decoding, temperature=temperature, measured=target.measured)
        expected = Colorizer(network, other, size=14).colorize(photos_of_one_size).astype(int)
        assert np.abs(pictures[way] - expected).max() <= 1  # graphs round apart
        assert "bin_accuracy" not in scores[way]  # the decoding changes no bin
    assert {way: bytes(picture) for way, picture in pictures.items()}["T=0 (mode)"] != bytes(pictures["T=1 (mean)"])


def test_the_network_runs_once_a_batch(photos_of_one_size, monkeypatch):
    calls, raw = [], Forward.raw
    monkeypatch.setattr(Forward, "raw", lambda self, *given: calls.append(given) or raw(self, *given))
    target = measured_bins(photos_of_one_size)
    colorizer = Colorizer(models.build("unet", target, filters=(4, 8)), target)
    found = evaluate(colorizer, photos_of_one_size, metrics=["psnr"], batch_size=2)
    assert len(calls) == 2
    assert set(found.figures["psnr"]) == {"grey", "model", "oracle", *OTHER_DECODINGS}


def test_the_oracle_is_a_picture_of_the_photos_size(photos_of_one_size):
    colorizer, photo = small_colorizer(), photos_of_one_size.astype("float32") / 255
    np.testing.assert_allclose(numpy(oracle(colorizer.target, photo)), photo, atol=1e-4)


def test_the_oracle_of_soft_bins_is_the_same_in_strips(photos_of_one_size, monkeypatch):
    target, photo = measured_bins(photos_of_one_size, soft=True), photos_of_one_size.astype("float32") / 255
    whole = numpy(target.decode(target.encode(photo), photo))
    monkeypatch.setattr(scoring_module, "_STRIP", 500)
    np.testing.assert_allclose(numpy(oracle(target, photo)), whole, atol=1e-6)


def test_compiled_or_not_the_figures_are_the_same(photos_of_one_size, monkeypatch):
    colorizer = small_colorizer("bins", {"grid": 6})
    names = ["psnr", "ab_distance", "colorfulness", "bin_accuracy"]
    eager, seen = Scorer(colorizer, names, temperatures=False)(photos_of_one_size)
    monkeypatch.setattr(scoring_module, "_EAGER", 0)
    scorer = Scorer(colorizer, names, temperatures=False)
    compiled, pictures = scorer(photos_of_one_size)
    assert len(scorer._compiled) == 1
    for way, figures in eager.items():
        for name, values in figures.items():
            np.testing.assert_allclose(compiled[way][name], values, rtol=1e-3)
    assert np.abs(pictures["model"].astype(int) - seen["model"]).max() <= 1


def test_compiling_pays_only_for_many_pixels_of_a_size(photos_of_one_size, monkeypatch):
    monkeypatch.setattr(scoring_module, "_EAGER", photos_of_one_size[..., 0].size + 1)
    scorer = Scorer(small_colorizer(size=24), ["psnr"])
    compiled = [bool(scorer(photos_of_one_size)) and len(scorer._compiled) for _ in range(3)]
    assert compiled == [0, 0, 1]


# Figures over a set


def test_figures_are_those_of_the_keras_metrics_over_pictures_of_many_sizes(rng):
    pictures = [rng.integers(0, 256, (12, width, 3), dtype="uint8") for width in (12, 12, 24)]
    colorizer = small_colorizer()
    found = evaluate(colorizer, pictures).figures
    by_hand = {name: metrics.get(name) for name in set(metrics.METRICS) - {"lpips", "bin_accuracy", "color_drift"}}
    by_hand["psnr_of_error"] = metrics.PSNR(average="error")
    for picture in pictures:
        for metric in by_hand.values():
            metric.update_state(picture[None], colorizer.colorize(picture)[None])
    for name, metric in by_hand.items():
        assert found[name]["model"].mean == pytest.approx(float(metric.result()), rel=1e-4), name
    assert set(found) == {*by_hand, "ab_mse_unit", "mean_ab_mse_unit"}
    assert found["rmse"]["model"].mean != pytest.approx(
        np.mean([found["rmse"]["model"].low, found["rmse"]["model"].high]), rel=1e-9
    )


def test_a_network_that_answers_no_color_is_worth_the_grey_picture(tiny):
    target = targets.get("lab", activation="linear")
    found = evaluate(
        constant_colorizer(target, [0.0, 0.0]), tiny, metrics=["rmse", "ab_rmse", "ciede2000"], batch_size=2
    ).figures
    for name, row in found.items():
        assert row["model"].mean == pytest.approx(row["grey"].mean, rel=1e-3), name
    assert found["psnr"]["oracle"].mean > 99  # lab loses nothing but a rounding
    assert found["psnr"]["grey"].mean < 25


def test_bin_accuracy_of_a_network_that_always_answers_one_bin():
    # Three quarters neutral, one quarter red; the network says red everywhere.
    target = targets.get("bins", step=10)
    photo = np.full((12, 12, 3), 128, "uint8")
    photo[:, 9:] = (255, 0, 0)
    bias = np.zeros(target.channels)
    bias[int(bins.bin_of(np.array([RED_AB]), target.bins)[0])] = 5.0
    found = evaluate(constant_colorizer(target, bias), [photo], metrics=["bin_accuracy", "bin_accuracy_colored"]).figures
    assert {way: found["bin_accuracy"][way].mean for way in ("model", "grey")} == {"model": 0.25, "grey": 0.75}
    assert {way: found["bin_accuracy_colored"][way].mean for way in ("model", "grey")} == {"model": 1.0, "grey": 0.0}


def test_bin_accuracy_leaves_the_margin_out_that_the_network_sees():
    # 12×12 of a network of stride 8: red where the photo ends, so the mirrored margin would count it more than once.
    target = targets.get("bins", step=10)
    photo = np.full((12, 12, 3), 128, "uint8")
    photo[:, 9:] = (255, 0, 0)
    bias = np.zeros(target.channels)
    bias[int(bins.bin_of(np.array([RED_AB]), target.bins)[0])] = 5.0
    colorizer = constant_colorizer(target, bias)
    colorizer = Colorizer(colorizer.network, target, stride=8)
    assert evaluate(colorizer, [photo], metrics=["bin_accuracy"]).figures["bin_accuracy"]["model"].mean == 0.25


def test_pictures_without_color_do_not_count_for_the_colored():
    gray, red = np.full((12, 12, 3), 90, "uint8"), np.zeros((12, 12, 3), "uint8")
    red[..., 0] = 255
    found = evaluate(small_colorizer("bins", {"step": 20}), [gray, red], metrics=["bin_accuracy", "bin_accuracy_colored"])
    assert {name: found.figures[name]["model"].count for name in ("bin_accuracy", "bin_accuracy_colored")} == {
        "bin_accuracy": 2,
        "bin_accuracy_colored": 1,
    }
    assert "of 1 of the pictures" in found.table()


@pytest.mark.skipif(not all(path.is_file() for path in LPIPS_WEIGHTS), reason=f"the weights of LPIPS are not in {DATA}")
def test_lpips_is_that_of_the_metric(photos_of_one_size):
    colorizer = small_colorizer()
    found = evaluate(colorizer, photos_of_one_size, metrics=["lpips"], lpips_weights=LPIPS_WEIGHTS).figures["lpips"]
    metric = metrics.LPIPS(*LPIPS_WEIGHTS)
    metric.update_state(photos_of_one_size, colorizer.colorize(photos_of_one_size))
    assert found["model"].mean == pytest.approx(float(metric.result()), rel=1e-4)
    assert found["oracle"].mean < 1e-4 < 0.02 < found["grey"].mean


@pytest.mark.slow
def test_grey_pictures_have_the_figures_that_the_prototype_had(shared):
    folder = pathlib.Path.home() / ".cache" / "kcolor" / "data" / "photos" / "test"
    if not folder.is_dir():
        pytest.skip(f"needs photographs, looked for in {folder}")
    from PIL import Image

    every = (np.asarray(Image.open(file).convert("RGB")) for file in sorted(folder.glob("*.jpg"))[::4])
    in_color = (photo for photo in every if np.ptp(photo, axis=-1).mean() > 2)
    names = ["psnr", "ab_distance", "pixel_accuracy", "colorfulness"]
    found = evaluate(constant_colorizer(targets.get("lab", activation="linear"), [0.0, 0.0]), in_color, metrics=names).figures
    assert found["psnr"]["grey"].mean == pytest.approx(23.16, abs=0.02)
    assert found["ab_distance"]["grey"].mean == pytest.approx(14.21, abs=0.02)
    assert found["pixel_accuracy"]["grey"].mean == pytest.approx(0.769, abs=0.001)
    assert found["colorfulness"]["photo"].mean == pytest.approx(38.5, abs=0.1)


# What goes in


def test_consecutive_pictures_of_one_size_go_through_together(rng):
    sizes = [(12, 12), (12, 12), (12, 12), (12, 24), (12, 12)]
    pictures = [rng.integers(0, 256, (*size, 3), dtype="uint8") for size in sizes]
    so_far = []
    found = evaluate(small_colorizer(), iter(pictures), metrics=["psnr"], batch_size=2, progress=so_far.append)
    assert so_far == [2, 3, 4, 5]
    assert found.count == 5


def test_batches_floats_and_single_photos_are_the_same_pictures(tiny):
    colorizer = small_colorizer()
    one_by_one = evaluate(colorizer, list(tiny[:2]), metrics="psnr").figures
    assert evaluate(colorizer, [tiny[:1], tiny[1]], metrics="psnr").figures == one_by_one
    floats = evaluate(colorizer, tiny[:2].astype("float32") / 255, metrics="psnr").figures
    assert floats["psnr"]["model"].mean == pytest.approx(one_by_one["psnr"]["model"].mean, abs=1e-4)
    assert evaluate(colorizer, tiny[0], metrics="psnr").count == 1  # and not 12 rows


def test_large_photos_go_through_fewer_at_a_time(monkeypatch, tiny):
    monkeypatch.setattr("kcolor.evaluation.measure._BATCH_PIXELS", 2 * 12 * 12)
    so_far = []
    evaluate(small_colorizer(), tiny, metrics=["psnr"], progress=so_far.append)
    assert so_far == [2, 4]


def test_a_saved_colorizer_is_evaluated_by_its_path(tmp_path, tiny):
    colorizer = small_colorizer()
    colorizer.save(tmp_path / "model.keras")
    found = evaluate(tmp_path / "model.keras", tiny[:2], metrics=["psnr"])
    assert found.figures == evaluate(colorizer, tiny[:2], metrics=["psnr"]).figures


def test_what_cannot_be_evaluated_is_refused(tiny):
    colorizer = small_colorizer()
    small = np.zeros((1, 8, 8, 3), "uint8")
    for pictures, options, message in (
        ([], {}, "at least one picture"),
        (tiny, {"metrics": ["psnr", "sharpness"]}, "(?s)psnr.*sharpness"),
        (tiny, {"metrics": ["lpips"]}, "lpips_weights"),
        (tiny, {"batch_size": 0}, "batch_size"),
        ([tiny[0].astype("float32")], {}, r"\[0, 1\]"),
        (small, {"metrics": ["ssim"]}, "11×11"),
        (tiny[:1], {"metrics": ["bin_accuracy"]}, "target of bins"),
    ):
        with pytest.raises(ValueError, match=message):
            evaluate(colorizer, pictures, **options)


def test_small_pictures_have_no_ssim():
    assert "ssim" not in evaluate(small_colorizer(), np.zeros((1, 8, 8, 3), "uint8")).figures


# What comes out


@pytest.fixture(scope="module")
def evaluation():
    pictures = np.random.default_rng(2).integers(0, 256, (3, 4, 4, 3), dtype="uint8").repeat(3, axis=1).repeat(3, axis=2)
    return evaluate(small_colorizer("bins", {"grid": 6}), pictures, batch_size=1)


def test_the_table_has_grey_model_and_oracle_and_names_its_conventions(evaluation):
    lines = evaluation.table().splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[0].split() == ["grey", "model", "oracle", "photo"]
    psnr = evaluation.figures["psnr"]["grey"]
    assert lines[1].startswith("PSNR, dB ↑")
    assert f"{psnr.mean:.2f} ± {psnr.half_width:.2f}" in lines[1]
    photo = evaluation.figures["colorfulness"]["photo"]
    assert any(line.startswith("colourfulness ") and f"{photo.mean:.2f} ±" in line for line in lines)
    error = evaluation.figures["ab_mse_unit"]["grey"].mean
    assert any(line.startswith("ab MSE × 1e4") and f"{1e4 * error:.2f} ±" in line for line in lines)
    assert all(way in evaluation.table() for way in OTHER_DECODINGS)
    assert "3 pictures; mean ± half of the 95 % interval over pictures: percentile bootstrap" in evaluation.table()
    for name in evaluation.figures:
        assert any(line.startswith(f"{SCORES[name].label}: ") for line in lines)


def test_json_has_every_figure_as_plain_numbers(evaluation):
    read = json.loads(json.dumps(evaluation.to_json(), allow_nan=False))
    assert (read["count"], read["target"]) == (3, "Bins")
    own = evaluation.figures["rmse"]["model"]
    assert read["figures"]["rmse"]["model"] == {"mean": own.mean, "low": own.low, "high": own.high, "count": 3}
    assert read["figures"]["rmse"]["better"] == "lower"
    assert set(read["figures"]) == set(evaluation.figures)


def test_a_single_picture_is_written_without_an_interval(tiny):
    found = evaluate(small_colorizer(), tiny[:1], metrics=["psnr"])
    assert isinstance(found, Evaluation)
    assert "±" not in found.table().splitlines()[1]
    assert found.to_json()["figures"]["psnr"]["model"]["low"] is None
    json.dumps(found.to_json(), allow_nan=False)


def test_the_sheet_shows_photo_grey_result_and_oracle(evaluation):
    picture = np.asarray(evaluation.sheet(height=64))
    assert picture.shape[1] > 4 * 64  # one of each, four pictures
    assert picture.shape[0] > 3 * 64
    assert picture.std() > 20


# The gallery


def offer(gallery, psnr):
    """A gallery of 2×2 pictures, whose grey level is their number modulo 256."""
    numbers = np.arange(len(psnr)) % 256
    batch = np.broadcast_to(numbers[:, None, None, None], (len(psnr), 2, 2, 3)).astype("uint8")
    values = {"psnr": np.array(psnr, "float32"), "ab_distance": np.zeros(len(psnr), "float32")}
    ways = ("grey", "model", "oracle")
    gallery.add(batch, dict.fromkeys(ways, batch), dict.fromkeys(ways, values))


def test_the_gallery_chooses_best_median_and_worst():
    gallery = Gallery()
    offer(gallery, [10.0, 30.0, 20.0, 40.0, 35.0, 12.0])
    offer(gallery, [11.0, 21.0, 22.0, 31.0, 32.0, 33.0, 34.0, 1.0])
    assert all(isinstance(shown, Shown) for kind in gallery.chosen().values() for shown in kind)
    chosen = {kind: [shown.psnr for shown in some] for kind, some in gallery.chosen().items()}
    # 14 pictures, median 25.5; the best and the worst ones are not shown twice.
    assert chosen == {"best": [40, 35, 34, 33], "median": [31, 30, 22, 21], "worst": [12, 11, 10, 1]}


@pytest.mark.parametrize(("count", "kinds"), [(1, (1, 0, 0)), (2, (1, 0, 1)), (3, (1, 1, 1)), (5, (2, 1, 2))])
def test_a_gallery_of_few_shows_each_once(count, kinds):
    gallery = Gallery()
    offer(gallery, range(count))
    assert tuple(map(len, gallery.chosen().values())) == kinds
    assert gallery.sheet().width > 0


def test_the_gallery_keeps_few_of_many_pictures(rng):
    gallery, psnr = Gallery(), rng.permutation(3000).astype(float)
    for start in range(0, 3000, 50):
        offer(gallery, psnr[start : start + 50])
    kept = gallery._shown
    assert len(kept) <= SAMPLE + 2 * EACH
    chosen = {kind: [shown.psnr for shown in some] for kind, some in gallery.chosen().items()}
    assert chosen["best"] == [2999, 2998, 2997, 2996]
    assert chosen["worst"] == [3, 2, 1, 0]
    assert all(1050 < value < 1950 for value in chosen["median"])  # within 15 % of the ranks
    for shown in kept:  # every thumbnail is of its own picture
        assert psnr[shown.number] == shown.psnr
        assert (shown.thumbnails["photo"] == shown.number % 50).all()


def test_an_empty_gallery_has_no_sheet():
    with pytest.raises(ValueError, match="empty"):
        Gallery().sheet()


def test_high_and_narrow_pictures_are_made_small_and_padded():
    gallery, tall = Gallery(), np.full((1, 400, 40, 3), 7, "uint8")
    ways, values = ("grey", "model", "oracle"), {"psnr": np.ones(1), "ab_distance": np.ones(1)}
    gallery.add(tall, dict.fromkeys(ways, tall), dict.fromkeys(ways, values))
    assert gallery._shown[0].thumbnails["model"].shape == (160, 16, 3)
    assert gallery.sheet(height=100).width >= 4 * 85  # room for the captions
