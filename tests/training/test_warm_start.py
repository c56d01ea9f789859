"""Runs that begin with another colorizer."""

import dataclasses

import keras
import numpy as np
import pytest

import kcolor
from kcolor import recipes
from kcolor.recipes import recipe
from kcolor.training import warm_start
from kcolor.training.train import train

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="pictures come by tf.data")

SMALL = {
    "data": {"source": "shapes", "size": 32, "skip_gray": False, "train_limit": 48, "val_limit": 16},
    "target": {"name": "ycbcr"},
    "model": {"name": "unet", "filters": [4, 8], "dropout": 0.2},
    "optimizer": {"name": "adam", "learning_rate": 1e-2},
    "augment": {"crop": 0.2},
    "train": {"batch_size": 16, "epochs": 3, "metrics": ["psnr"], "deterministic": False, "precision": "float32"},
}


@pytest.mark.slow
def test_a_beginning(tmp_path):
    first = train(SMALL, out=tmp_path / "first", epochs=1, verbose=0)
    (tmp_path / "second").mkdir()
    plan = recipe.load(SMALL, ["train.start=../first"])
    assert warm_start.find(recipe.load(SMALL), tmp_path / "second") is None
    start = warm_start.find(plan, tmp_path / "second")
    assert isinstance(start, warm_start.Start)
    colorizer = plan.build_colorizer()
    start.give_weights(colorizer)
    assert all(np.array_equal(a, b) for a, b in zip(colorizer.get_weights(), first.get_weights(), strict=True))


def test_a_beginning_needs_no_pretrained_weights():
    fetched = recipe.load({**SMALL, "model": {"name": "pretrained_unet", "weights": "imagenet"}})
    assert warm_start.without_pretrained(fetched) is fetched
    begun = warm_start.without_pretrained(recipe.load(fetched, ["train.start=photo"]))
    assert begun.model.options == {"weights": "random", "frozen_norms": True}  # as with the weights of ImageNet
    free = warm_start.without_pretrained(recipe.load(fetched, ["train.start=photo", "model.frozen_norms=false"]))
    assert free.model.options["frozen_norms"] is False


@pytest.mark.slow
def test_a_run_may_begin_with_another_colorizer(tmp_path):
    plan = {**SMALL, "target": {"name": "bins", "grid": 6}, "train": {**SMALL["train"], "epochs": 1}}
    first = train(plan, out=tmp_path / "first", verbose=0)
    lines = []
    slow = [f"train.start={tmp_path / 'first'}", "optimizer.learning_rate=1e-9", "train.seed=5"]
    second = train(plan, out=tmp_path / "second", changes=slow, log=lines.append)
    assert not any("measuring" in line for line in lines)
    assert second.target.measured == first.target.measured
    kernels = [next(layer for layer in made.network.layers if layer.weights).get_weights()[0] for made in (first, second)]
    assert kernels[1] == pytest.approx(kernels[0], abs=1e-6)
    with pytest.raises(ValueError, match="Expected `train.start` to have the network"):
        train(plan, out=tmp_path / "third", changes=[*slow, "model.filters=[4, 6]"], verbose=0)


@pytest.mark.slow
def test_nothing_is_fetched_for_a_network_that_begins_with_another(tmp_path):
    tiny = {"name": "pretrained_unet", "backbone": "mobilenet_v2", "weights": "random", "filters": [2], "output_stride": 8}
    plan = {**SMALL, "model": tiny, "train": {**SMALL["train"], "epochs": 1}}
    train(plan, out=tmp_path / "first", verbose=0)
    plan["model"] = {**tiny, "weights": "imagenet"}
    train(plan, out=tmp_path / "second", changes=[f"train.start={tmp_path / 'first'}"], verbose=0)
    assert (tmp_path / "second" / "model.keras").is_file()


@pytest.mark.slow
def test_what_it_begins_with_sees_as_it_did():
    """A network on weights from a file sees photos prepared for those; its copy is built without the file."""
    changes = ["model.backbone=vgg16", "model.weights=random", "model.filters=[2]", "model.skip_filters=2", "target.step=60"]
    plan = recipe.load("photo", changes)
    ours, theirs = (plan.build_network() for _ in range(2))
    theirs.get_layer("vgg16_preprocess").mode = "torch"
    warm_start.copy_weights(theirs, ours)
    assert ours.get_layer("vgg16_preprocess").mode == "torch"
    photo = np.random.default_rng(0).random((1, 32, 32, 1), "float32")
    assert np.allclose(ours(photo), theirs(photo))
    other = recipe.load(plan, ["model.activation=tanh"]).build_network()
    with pytest.raises(ValueError, match="With the same weights its output differs"):
        warm_start.copy_weights(theirs, other)


def test_networks_of_a_large_stride_are_compared_at_a_size_of_theirs():
    theirs, ours = (kcolor.models.build("mean_regressor", "mean_ab", stages=7) for _ in range(2))  # of stride 128
    warm_start.copy_weights(theirs, ours)
    assert np.array_equal(ours.get_weights()[0], theirs.get_weights()[0])


def test_the_discriminator_beside_a_beginning_runs_no_code(tmp_path):
    """It is loaded as safely as the colorizer: a Lambda layer, which holds code, is refused."""
    picture = keras.Input((8, 8, 3))
    keras.Model(picture, keras.layers.Lambda(lambda x: x)(picture)).save(tmp_path / "discriminator.keras")
    colorizer = kcolor.AdversarialColorizer("unet", "lab", "patchgan", filters=(4, 8))
    start = warm_start.Start(colorizer, tmp_path / "discriminator.keras")
    with pytest.raises(ValueError, match="not loaded: it has a (Lambda|__lambda__)"):
        start.give_weights(colorizer)


@pytest.mark.slow
def test_a_network_that_is_to_use_hints_may_begin_without(rng):
    options = {"backbone": "squeezenet", "weights": "random", "filters": (4,), "output_stride": 4}
    plain, other = (kcolor.Colorizer("pretrained_unet", "bins", **options) for _ in range(2))
    hinted = kcolor.Colorizer("pretrained_unet", "bins", hints=True, **options)
    warm_start.Start(plain, warm_start.pathlib.Path("none")).give_weights(hinted)
    photo = rng.integers(0, 256, (1, 32, 32, 3), dtype="uint8")
    assert np.abs(np.array(hinted(photo)) - np.array(plain(photo))).max() < 1e-5
    warm_start.Start(hinted, warm_start.pathlib.Path("none")).give_weights(other)
    assert np.array_equal(other.colorize(photo), plain.colorize(photo))
    hinted.network.get_layer("hint_attention").none.assign(np.zeros(4))
    again = kcolor.Colorizer("pretrained_unet", "bins", hints=True, **options)
    warm_start.Start(hinted, warm_start.pathlib.Path("none")).give_weights(again)
    assert np.array(again.network.get_layer("hint_attention").none).tolist() == [0, 0, 0, 0]


def test_the_usual_weights_count_as_if_they_were_written():
    recipe = recipes.load("perceptual-photos", ["train.start=shapes"])
    plain = dataclasses.replace(recipe.model, options={k: v for k, v in recipe.model.options.items() if k != "weights"})
    recipe = dataclasses.replace(recipe, model=plain)
    assert warm_start.weights_of(recipe) == "imagenet"
    assert warm_start.without_pretrained(recipe).model.options["weights"] == "random"
    assert warm_start.weights_of(recipes.load("bins-shapes")) is None
