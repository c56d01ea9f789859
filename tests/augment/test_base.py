"""Seeds and random numbers: one seed gives many, and always the same."""

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import augment
from kcolor.augment.base import (
    DRAWS,
    LIMITS,
    Augmentation,
    _Drawn,
    as_floats,
    check_options,
    draw_numbers,
    normal_noise,
    split_seed,
    uniform,
)


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_every_quantity_has_a_draw_of_its_own():
    assert len(set(DRAWS)) == len(DRAWS)
    assert len({tuple(numpy(seed.next())) for seed in split_seed(5)}) == 4
    assert [tuple(numpy(one.next())) for one in split_seed(np.int64(5))] == [tuple(numpy(one.next())) for one in split_seed(5)]


@pytest.mark.parametrize("seed", [None, 1.5, True, "1", np.array([1, 2, 3]), np.array([1.0, 2.0])])
def test_bad_seeds_are_refused(seed):
    with pytest.raises(ValueError, match=r"Expected `seed` as an int.*Received: "):
        augment.geometry(pictures(1, 4, 4, 3), seed)


def test_numbers_are_uniform_and_of_each_picture():
    draws = draw_numbers(split_seed(3)[0], 500)
    assert list(draws) == list(DRAWS)
    numbers = np.stack([numpy(draw) for draw in draws.values()])
    assert numbers.shape == (len(DRAWS), 500)
    assert 0 < numbers.min() < 0.02 < 0.98 < numbers.max() < 1
    assert numbers.mean(axis=1) == pytest.approx(0.5, abs=0.06)
    assert np.abs(np.corrcoef(numbers)[~np.eye(len(DRAWS), dtype=bool)]).max() < 0.2


def test_more_draws_and_more_seeds_leave_the_first_as_they_are():
    # What was drawn before `film` came, in kcolor 0.1: 13 numbers of a picture, and 3 seeds.
    seeds = split_seed(np.array([3, 7]))
    before = keras.random.randint((3, 2), 0, 2**31 - 1, dtype="int32", seed=_Drawn(np.array([3, 7])))
    for seed, row in zip(seeds, numpy(before), strict=False):
        np.testing.assert_array_equal(numpy(seed.next()), row)
    draws = draw_numbers(seeds[0], 5)
    for name, row in zip(DRAWS[:13], uniform(seeds[0], 13, 5), strict=True):
        np.testing.assert_array_equal(numpy(draws[name]), numpy(row))
    assert DRAWS[12] == "noise"


def test_noise_is_normal():
    noise = numpy(normal_noise(split_seed(3)[2], 4, 30, 50))
    assert noise.shape == (4, 30, 50, 1)
    assert (noise.mean(), noise.std()) == pytest.approx((0, 1), abs=0.05)
    assert np.mean(np.abs(noise) < 1) == pytest.approx(0.683, abs=0.02)


def test_a_generator_moves_on_and_a_drawn_seed_does_not():
    generator = keras.random.SeedGenerator(5)
    first, second = (numpy(split_seed(generator)[0].next()) for _ in range(2))
    assert not np.array_equal(first, second)
    drawn = split_seed(5)[0]
    assert np.array_equal(numpy(drawn.next()), first)
    assert np.array_equal(numpy(drawn.next()), first)


def test_the_layer_around_a_function_gives_it_photos_a_generator_and_the_options():
    def brighten(photos, seed, noise):
        return photos + noise * ops.cast(seed.next()[0], "float32")

    layer = Augmentation(brighten, {"noise": 0.5}, seed=6, name="brighter")
    assert numpy(layer(np.ones((1, 2, 2, 3), "float32"), training=True)).max() == 4
    assert numpy(layer(np.ones((1, 2, 2, 3), "float32"))).max() == 1
    assert layer.get_config() == {"noise": 0.5, "seed": 6, "name": "brighter"}


def test_a_saved_layer_continues_its_random_numbers():
    one, other = (Augmentation(lambda photos, seed: photos, {}, seed, None) for seed in (1, 2))
    one.seed_generator.next()
    store = {}
    one.save_own_variables(store)
    other.load_own_variables(store)
    assert numpy(other.seed_generator.state).tolist() == numpy(one.seed_generator.state).tolist() == [1, 1]


def test_limits_are_those_of_the_checks():
    for name, limit in LIMITS.items():
        check_options(**{name: limit})
        with pytest.raises(ValueError, match=f"Expected `{name}` as a number in .0, {limit}.. Received: "):
            check_options(**{name: limit + 0.01})


def test_pictures_may_have_any_channels_unless_it_is_said():
    assert as_floats(np.zeros((1, 2, 3, 5), "float16")).shape == (1, 2, 3, 5)
    with pytest.raises(ValueError, match=r"\(batch, height, width, 3\). Received shape: \(1, 2, 3, 5\)"):
        as_floats(np.zeros((1, 2, 3, 5), "float16"), channels=3)
