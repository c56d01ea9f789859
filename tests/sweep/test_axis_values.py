"""Values of axes."""

from kcolor.sweep import axis_values


def test_a_point_changes_the_keys_of_its_tables():
    point = {"model.filters": [4, 8], "output": {"name": "squashed", "target.unit": False, "target.activation": "tanh"}}
    assert list(axis_values.changes_of(point)) == ["model.filters=[4, 8]", "target.unit=false", 'target.activation="tanh"']
    assert [axis_values.label(value) for value in point.values()] == ["[4, 8]", "squashed"]
    assert axis_values.label({"target.temperature": 0.8}) == "target.temperature=0.8"
