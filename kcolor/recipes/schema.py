"""The sections of a recipe: which keys each has, what they may be, and what they are if they are not given."""

import inspect

import keras

from kcolor import augment, losses, models, targets
from kcolor.colorizer.two_optimizers import TRAINS

REQUIRED = object()
ANY = (bool, int, float, str, list)

# Key: (what it may be, what it is if not given). None is "not given", which TOML has no word for.
DATA = {
    "source": (str, None),  # a name in kcolor.data.SOURCES, a folder or a zip
    "size": (int, REQUIRED),  # of the square that the network sees in training
    "working_size": (int, None),  # shorter side of what it sees of a photo afterwards; as in training if not given
    "crop": (str, "center"),  # or "random", "squash"
    "zoom": (float, 1.0),  # with "random": up to how many times `size` the picture is, before it is cropped
    "copies": ((str, int), None),  # a name in kcolor.data.COPIES, or a number of copies
    "classes": (list, None),
    "val": (float, 0.1),  # shares, where the source has no such split
    "test": (float, 0.1),
    "train_limit": (int, None),
    "val_limit": (int, None),
    "test_limit": (int, None),
    "skip_gray": (bool, True),
    "max_broken": (float, 0.05),
    "data_dir": (str, None),
    "download": (bool, False),
    "cache": (str, None),
}
TRAIN = {
    "start": (str, None),  # a colorizer to go on from: a name, a file, the folder of a run; its tables are taken too
    "batch_size": (int, 32),
    "epochs": (int, 10),
    "steps": (int, None),  # at most so many batches an epoch, of other pictures each time; all pictures if not given
    "precision": (str, "auto"),
    "seed": (int, 0),
    "metrics": (list, ["psnr", "ab_distance"]),  # measured on the validation pictures
    "monitor": (str, None),  # what the best weights are best in; val_loss if not given
    "patience": (int, None),  # stop after so many epochs without a better one
    "drop_patience": (int, None),  # multiply the learning rate by drop_factor after so many
    "drop_factor": (float, 0.2),
    "measure_limit": (int, 20_000),  # pictures that bin tables are measured on
    "samples_every": (int, 5),  # epochs between contact sheets
    "deterministic": (bool, True),
    "jit_compile": (bool, None),
}
SCHEDULE = {
    "name": (str, "constant"),  # or "cosine"
    "warmup": (float, 0.0),  # epochs in which the learning rate rises from nothing
    "end": (float, 0.0),  # what is left of the learning rate in the end
}
GUIDE = {
    "recipe": (str, None),  # trained first, in the same run, on the same data
    "model": (str, None),  # or a finished colorizer's file
}
ADVERSARIAL = {  # see kcolor.gan.AdversarialColorizer.compile
    "factor": (float, 0.1),
    "kind": (str, "bce"),
    "label_smoothing": (float, 0.0),
    "discriminator_every": (int, 1),
    "trains": (str, "both"),
    "stop_at_accuracy": (float, None),  # stop as soon as so large a share of real and made pictures is told apart
}
PRECISIONS = ("auto", "float32", "mixed_bfloat16", "mixed_float16")
CHOICES = {
    ("data", "crop"): ("center", "random", "squash"),
    ("train", "precision"): PRECISIONS,
    ("schedule", "name"): ("constant", "cosine"),
    ("adversarial", "kind"): losses.ADVERSARIAL_KINDS,
    ("adversarial", "trains"): TRAINS,
}
SHARES = {("adversarial", "factor"), ("adversarial", "label_smoothing"), ("adversarial", "stop_at_accuracy")}
POSITIVE = {
    ("data", "size"),
    ("data", "working_size"),
    ("train", "batch_size"),
    ("train", "epochs"),
    ("train", "steps"),
    ("train", "samples_every"),
    ("train", "measure_limit"),
    ("adversarial", "discriminator_every"),
}

OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}
FIXED = {"data": DATA, "train": TRAIN, "schedule": SCHEDULE, "guide": GUIDE, "adversarial": ADVERSARIAL}
NAMED = {
    "target": targets.TARGETS,
    "model": models.MODELS,
    "loss": losses.LOSSES,
    "optimizer": OPTIMIZERS,
    "discriminator": {name: model for name, model in models.MODELS.items() if not models.takes_target(name)},
    "discriminator_optimizer": OPTIMIZERS,
}
LAYERS = {"augment": augment.Geometry, "age": augment.Age}
NOT_OPTIONS = {"target", "measured", "self", "kwargs", "name"}


def check_section(name: str, given: dict, where: str = "recipe") -> dict:
    """One section, checked and filled in."""
    if name in FIXED:
        allowed = FIXED[name]
    elif name in NAMED:
        allowed = _options(NAMED[name], name, given, where)
    else:
        allowed = _signature(LAYERS[name])
    if unknown := sorted(set(given) - set(allowed)):
        raise ValueError(f"Unknown key in [{name}] of {where}. Expected some of {sorted(allowed)}. Received: {unknown}")
    filled = {}
    for key, (kinds, default) in allowed.items():
        if key in given:
            filled[key] = _check_value(f"{name}.{key}", given[key], kinds, where)
        elif default is REQUIRED:
            raise ValueError(f"Expected {name}.{key} in {where}. It is not there")
        elif name in FIXED and default is not None:
            filled[key] = default
        if key in filled and filled[key] not in CHOICES.get((name, key), [filled[key]]):
            raise ValueError(f"Expected {name}.{key} as one of {CHOICES[name, key]}. Received: {filled[key]!r}")
        if (name, key) in SHARES and key in filled and not 0 <= filled[key] <= 1:
            raise ValueError(f"Expected {name}.{key} in {where} in [0, 1]. Received: {filled[key]!r}")
        if (name, key) in POSITIVE and key in filled and filled[key] < 1:
            raise ValueError(f"Expected {name}.{key} as at least 1. Received: {filled[key]!r}")
    return filled


def _options(registry, section, given, where):
    if given.get("name") not in registry:
        raise ValueError(
            f"Expected {section}.name in {where} as one of {sorted(registry)}. Received: {given.get('name', 'nothing')!r}"
        )
    return {"name": (str, REQUIRED), **_signature(registry[given["name"]])}


def _signature(function):
    """The options of a function or class; what they may be is read from their defaults."""
    options = {}
    for key, parameter in inspect.signature(function).parameters.items():
        if key in NOT_OPTIONS or parameter.kind == parameter.VAR_KEYWORD:
            continue
        default = None if parameter.default is parameter.empty else parameter.default
        options[key] = (ANY if default is None or callable(default) else _kinds(default), default)
    return options


def _kinds(default):
    if isinstance(default, float):
        # A number a level, or one for all (dropout of the U-Net): the builder says if it cannot take a list.
        return (float, list)
    return (list,) if isinstance(default, tuple) else (type(default),)


def _check_value(key, value, kinds, where):
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    if float in kinds and isinstance(value, int) and not isinstance(value, bool):
        return value if kinds == ANY else float(value)
    if not any(type(value) is kind for kind in kinds):
        words = {list: "a list", bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        expected = " or ".join(words[kind] for kind in kinds)
        raise ValueError(f"Expected {key} in {where} as {expected}. Received: {value!r}")
    return value
