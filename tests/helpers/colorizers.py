"""Small colorizers that many tests use."""

import keras
from keras import layers, ops

import kcolor
from kcolor import color, models, targets


def numpy(x):
    return ops.convert_to_numpy(x)


def unet(target="lab", **options):
    return models.build("unet", target, filters=(4,), **options)


def small(target="lab", **options):
    """An untrained colorizer of stride 2."""
    target = targets.get(target)
    return kcolor.Colorizer(models.build("unet", target, filters=(4, 8)), target, **options)


def painter(output_stride=1, **options):
    """A colorizer whose raw output is half of the lightness, at the photo's resolution or a fraction of it."""
    luma = keras.Input((None, None, 1))
    paint = layers.Conv2D(2, 1, kernel_initializer=keras.initializers.Constant(0.5), use_bias=False)
    raw = paint(layers.AveragePooling2D(output_stride)(luma))
    return kcolor.Colorizer(keras.Model(luma, raw), targets.get("lab", activation="linear"), stride=4, **options)


def lightness(rgb):
    """L of uint8 photos."""
    return numpy(color.rgb_to_lightness(rgb.astype("float32") / 255))


def tiny(name="lab", network="unet", **options):
    """A colorizer of a network with random weights, large enough for colours to show."""
    target, arguments = targets.get(name), {"unet": {"filters": (4, 8)}}.get(network, {})
    keras.utils.set_random_seed(2)
    built = models.build(network, target, **{**arguments, **options.pop("network_options", {})})
    for weight in built.weights:
        if len(weight.shape) > 1:
            weight.assign(2 * weight)
    return kcolor.Colorizer(built, target, **options)
