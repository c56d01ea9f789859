"""Imports go one way: the ladder. ``python tests/package/test_import_direction.py`` counts rooms, floors and arrows."""

import ast
import functools
import importlib.util
import pathlib
import sys

if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from helpers.package import PACKAGE, ROOT, dotted, label, modules

# From the ground up. A package may import those on floors below its own, and nothing beside or above it.
LADDER = """\
utils
images, backbones
color, data
augment, bins
losses
metrics, targets
hints, models
colorizer, layers
recipes, saving
evaluation, exporting, photo_files
page, training, video
cli, sweep
__main__"""
FLOORS = [set(line.split(", ")) for line in LADDER.splitlines()]


def floor_of(room):
    return next(i for i, floor in enumerate(FLOORS) if room in floor)


def room_of(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_names(tree):
    """The full names of what a file of kcolor imports from kcolor, wherever in it but for type checkers."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.".startswith("kcolor."))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if f"{alias.name}.".startswith("kcolor."))
        else:
            yield from imported_names(node)


def imported_rooms(path):
    names = imported_names(ast.parse(path.read_text()))
    return {name.split(".")[1] for name in names if "." in name} - {room_of(path)}


def arrows():
    """Every pair of rooms of which the first imports the second."""
    return {(room_of(path), room) for path in modules() for room in imported_rooms(path) if room_of(path) != "__init__"}


def summary() -> str:
    """How many rooms the house has at its top, on how many floors, and how many arrows between them."""
    found = arrows()
    rooms = {room for arrow in found for room in arrow}

    @functools.cache
    def height(room):
        return 1 + max((height(other) for one, other in found if one == room), default=0)

    return f"{len(rooms)} rooms on {max(map(height, rooms))} floors, {len(found)} arrows between them"


def test_every_module_has_its_place():
    assert {room_of(path) for path in modules()} - {"__init__"} == set().union(*FLOORS)


def test_import_arrows_go_one_way():
    wrong = {
        label(path): rooms
        for path in modules()
        if room_of(path) != "__init__"  # which names what is public, wherever it is
        and (rooms := [room for room in imported_rooms(path) if floor_of(room) >= floor_of(room_of(path))])
    }
    assert wrong == {}


def test_no_two_files_import_each_other():
    """Not even in a circle of several, where each is imported at the top of the next."""
    files = {dotted(path): path for path in modules()}
    graph = {}
    for name, path in files.items():
        top = ast.Module([node for node in ast.parse(path.read_text()).body if not isinstance(node, ast.FunctionDef)], [])
        # `from kcolor.bins import x` is of the file x if there is one, and of the package otherwise.
        found = (wanted if wanted in files else wanted.rpartition(".")[0] for wanted in imported_names(top))
        graph[name] = {other for other in found if other in files} - {name, "kcolor"}
    while free := [name for name, needed in graph.items() if not needed & set(graph)]:
        for name in free:
            del graph[name]
    assert sorted(graph) == []


def test_the_ladder_in_contributing_is_this_one():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    assert "\n".join(f"    {line}" for line in LADDER.splitlines()) in text


def test_rooms_floors_and_arrows_are_counted():
    rooms = len(set().union(*FLOORS))
    assert summary().startswith(f"{rooms} rooms on ")


def test_registered_classes_are_imported_from_where_they_are():
    """`kcolor.utils.registration` names modules, which no import shows."""
    from kcolor.utils import registration

    assert [name for name in registration.MODULES if importlib.util.find_spec(name) is None] == []


if __name__ == "__main__":
    print(summary())
