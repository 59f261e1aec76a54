"""What is recorded of figures that are saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.observing import Recorded, observing

matplotlib = pytest.importorskip("matplotlib", reason="needs matplotlib")
matplotlib.use("Agg")


def test_a_saved_figure_is_a_figure_with_its_titles(tmp_path: Path) -> None:
    import matplotlib.pyplot as plt

    with observing(tmp_path, "matplotlib"):
        figure, axes = plt.subplots(figsize=(3, 2))
        axes.plot([1, 2], [3, 4])
        axes.set(title="Loss", xlabel="step")
        figure.savefig("loss.png")
        plt.savefig("again", format="svg")
        plt.close(figure)
    record = Recorded(tmp_path)
    loss, again = record.entities_of("figure")
    assert (loss.name, loss.attributes["format"]) == ("loss.png", "png")
    assert loss.attributes["inches"] == [3.0, 2.0]
    assert loss.attributes["axes"] == [{"title": "Loss", "x": "step"}]
    assert loss.attributes["call"] == "Figure.savefig"
    assert (again.name, again.attributes["format"]) == ("again.svg", "svg")
    assert (tmp_path / "again.svg").exists() or (tmp_path / "again").exists()
    assert {record.openings[one.id].access for one in (loss, again)} == {"w"}
    assert record.gaps == []


def test_a_figure_without_an_ending_has_that_of_its_format(tmp_path: Path) -> None:
    import matplotlib.pyplot as plt

    with observing(tmp_path, "matplotlib"):
        figure = plt.figure()
        figure.savefig("plain")
        with open("open.pdf", "wb") as file:
            figure.savefig(file, format="pdf")
        plt.close(figure)
    record = Recorded(tmp_path)
    assert [one.name for one in record.entities_of("figure")] == ["plain.png", "open.pdf"]


def test_a_figure_that_is_not_saved_to_a_file_or_fails_leaves_nothing(tmp_path: Path) -> None:
    from io import BytesIO

    import matplotlib.pyplot as plt

    with observing(tmp_path, "matplotlib"):
        figure = plt.figure()
        figure.savefig(BytesIO())
        with pytest.raises(ValueError, match="not supported"):
            figure.savefig("x.nothing")
        plt.close(figure)
    assert Recorded(tmp_path).entities == {}
