"""Recipes that ship, by name."""

import pytest
from helpers.processes import run_python

from kcolor import recipes
from kcolor.recipes import shipped


def test_names_and_summaries_need_no_keras():
    code = "import sys, kcolor.recipes as recipes; print([recipes.summary(name) for name in recipes.names()][0])\n"
    printed = run_python(code + "print('keras' in sys.modules)").splitlines()
    assert printed == [recipes.summary(recipes.names()[0]), "False"]


def test_what_a_recipe_package_lacks_is_named():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'. It has Recipe, load, names, summary"):
        _ = recipes.nonsense
    assert shipped.text("photo").startswith("# ")
