"""Dtype policies: the fast one, for a while, and networks recast."""

import contextlib

import keras
import numpy as np
import pytest

from kcolor.backbones import Preprocess
from kcolor.utils import precision


def test_auto_takes_what_is_fast(monkeypatch):
    assert precision.precision("mixed_float16") == "mixed_float16"
    for fast, name in ((True, "mixed_bfloat16"), (False, "float32")):
        monkeypatch.setattr(precision, "_has_fast_bfloat16", lambda fast=fast: fast)
        assert precision.precision("auto") == name


def test_this_machine_is_looked_at():
    assert precision.precision() in ("mixed_bfloat16", "float32")


def test_a_policy_does_not_outlive_its_block():
    before = keras.config.dtype_policy()
    with contextlib.suppress(KeyError), precision.policy("mixed_bfloat16"):
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
        raise KeyError
    assert keras.config.dtype_policy() == before


def test_a_model_that_computes_in_another_precision(policy):
    policy("mixed_bfloat16")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    policy("float32")
    other = precision.computing_in(model, "float32")
    assert (model.layers[0].compute_dtype, other.layers[0].compute_dtype) == ("bfloat16", "float32")
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), other.get_weights(), strict=True))
    kept = {"list": [{"class_name": "Dense", "config": {"name": "mixed_bfloat16"}}]}
    assert precision.recast(kept, "float32") == kept


@pytest.mark.parametrize(("flags", "there"), [("avx512f amx_bf16", True), ("avx512f avx512_bf16", True), ("avx512f", False)])
def test_a_cpu_says_whether_it_is_fast_in_bfloat16(monkeypatch, flags, there):
    monkeypatch.setattr(precision, "on_cpu", lambda: True)
    monkeypatch.setattr(precision.pathlib.Path, "read_text", lambda path: flags)
    assert precision.precision() == ("mixed_bfloat16" if there and keras.backend.backend() != "jax" else "float32")


def test_auto_is_a_policy_too():
    with precision.policy("auto"):
        assert keras.config.dtype_policy().name == precision.precision()


def test_what_computes_in_float32_under_any_policy_stays_so():
    """The means of pictures have more digits than half precision, and raw output is decoded in float32."""
    picture = keras.Input((4, 4, 1))
    features = keras.layers.Conv2D(2, 1, name="conv")(Preprocess("caffe", name="prepared")(picture))
    model = keras.Model(picture, keras.layers.Activation("linear", dtype="float32", name="raw")(features))
    other = precision.computing_in(model, "mixed_bfloat16")
    computes = {name: other.get_layer(name).compute_dtype for name in ("prepared", "conv", "raw")}
    assert computes == {"prepared": "float32", "conv": "bfloat16", "raw": "float32"}
    assert np.isfinite(keras.ops.convert_to_numpy(other(np.zeros((1, 4, 4, 1), "float32")))).all()


def test_channels_are_last_whatever_keras_is_set_to():
    keras.config.set_image_data_format("channels_first")
    try:
        with precision.channels_last():
            assert keras.config.image_data_format() == "channels_last"
        assert keras.config.image_data_format() == "channels_first"
    finally:
        keras.config.set_image_data_format("channels_last")


def test_a_whole_pictures_context_stays_in_float32():
    config = {"class_name": "LayerNormalization", "config": {"name": "context_norm", "dtype": {"class_name": "DTypePolicy"}}}
    assert precision.recast(config, "mixed_bfloat16") == config


def test_a_registered_function_has_its_name_as_config():
    config = {"class_name": "function", "config": "mine>squash", "registered_name": "mine>squash"}
    assert precision.recast({"activation": config}, "mixed_bfloat16") == {"activation": config}
