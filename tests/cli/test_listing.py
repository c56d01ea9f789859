"""`kcolor list`."""

from kcolor.cli import listing, main
from kcolor.recipes import shipped
from kcolor.saving import presets


def test_what_comes_with_kcolor(capsys):
    assert main.main(["list", "recipes"]) == 0
    assert "bins-shapes" in capsys.readouterr().out
    assert main.main(["list", "models"]) == 0
    listed = capsys.readouterr().out
    for name in presets.names():
        assert name in listed
        assert presets.find(name).is_file()
    assert main.main(["list"]) == 0
    both = capsys.readouterr().out
    assert listed in both
    assert both.index("models:") < both.index("recipes:") < both.index("bins-shapes")


def test_a_recipe_is_listed_with_what_it_trains():
    assert [line.split()[0] for line in listing.recipe_lines()] == shipped.names()
    assert all(line.endswith(shipped.summary(line.split()[0])) for line in listing.recipe_lines())
