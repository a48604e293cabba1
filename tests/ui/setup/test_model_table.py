"""ModelTable: the layers of a configuration."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.ui.setup.model_table import ModelTable


@pytest.fixture
def table(qtbot: QtBot) -> ModelTable:
    table = ModelTable()
    qtbot.addWidget(table)
    return table


def rows(table: ModelTable) -> list[list[str]]:
    """Read every cell, narrow spaces left out."""
    narrow = str.maketrans("", "", "\u200a\u2009\u202f")
    return [
        [table.item(row, column).text().translate(narrow) for column in range(3)] for row in range(table.rowCount())
    ]


def shown(table: ModelTable, **changes: Any) -> list[list[str]]:
    table.show_config(with_values(RunConfig(), {name.replace("__", "."): value for name, value in changes.items()}))
    return rows(table)


def test_that_each_layer_tells_its_shape_and_parameters(table: ModelTable) -> None:
    listed = rows(table)
    assert ["ConvT\u00b7BN\u00b7ReLU", "256\u00d74\u00d74", str(16 * 100 * 256 + 2 * 256)] in listed
    assert listed[-1] == ["Conv", "1\u00d71\u00d71", str(16 * 256)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"model__conditional": True},
        {"model__upsampling": "resize", "model__discriminator_norm": "spectral", "data__image_size": 28},
        {"model__architecture": "vanilla"},
    ],
)
def test_that_the_total_of_a_network_is_the_sum_of_its_layers(table: ModelTable, changes: dict[str, Any]) -> None:
    table.set_classes(10)
    listed = shown(table, **changes)
    second = next(index for index, row in enumerate(listed) if row[0] == "Discriminator D")
    for network in (listed[:second], listed[second:]):
        assert int(network[0][2]) == sum(int(row[2]) for row in network[1:] if row[2])


def test_that_thousands_are_separated(table: ModelTable) -> None:
    assert table.item(0, 2).text() == "1\u202f066\u202f880"


def test_that_the_table_follows_the_configuration_and_never_scrolls(table: ModelTable) -> None:
    before = table.rowCount()
    listed = shown(table, data__image_size=64, data__channels=3, model__latent_dim=8)
    assert table.rowCount() == before + 2
    assert listed[1][1] == "8\u00d71\u00d71"
    assert ["ConvT\u00b7tanh", "3\u00d764\u00d764", str(16 * 64 * 3)] in listed
    assert table.verticalScrollBar().maximum() == 0


def test_that_a_resize_convolution_tells_its_kernel(table: ModelTable) -> None:
    listed = shown(table, model__upsampling="resize")
    assert ["Up+Conv 3\u00d73\u00b7BN\u00b7ReLU", "128\u00d78\u00d78", str(9 * 256 * 128 + 2 * 128)] in listed


def test_that_28_pixels_begin_and_end_with_a_map_of_7(table: ModelTable) -> None:
    listed = shown(table, data__image_size=28)
    assert ["ConvT 7\u00d77\u00b7BN\u00b7ReLU", "128\u00d77\u00d77", str(49 * 100 * 128 + 2 * 128)] in listed
    assert listed[-1] == ["Conv 7\u00d77", "1\u00d71\u00d71", str(49 * 128)]


def test_that_spectral_norm_is_named_in_every_layer_of_d(table: ModelTable) -> None:
    listed = shown(table, model__discriminator_norm="spectral")
    second = [row[0] for row in listed].index("Discriminator D")
    layers = [row[0] for row in listed[second + 2 :]]
    assert all("SN" in name for name in layers)
    assert "singular value" in table.item(table.rowCount() - 1, 0).toolTip()


def test_that_the_fully_connected_gan_lists_fully_connected_layers(table: ModelTable) -> None:
    listed = shown(table, model__architecture="vanilla")
    assert [row[0] for row in listed] == [
        *("Generator G", "z, the noise", "FC\u00b7ReLU", "FC\u00b7ReLU", "FC\u00b7tanh"),
        *("Discriminator D", "picture", "FC\u00b7LReLU", "FC\u00b7LReLU", "FC"),
    ]
    assert listed[4][1:] == ["1\u00d732\u00d732", str((1024 + 1) * 32 * 32)]


def test_that_classes_are_counted_in_once_they_are_known(table: ModelTable) -> None:
    unknown = shown(table, model__conditional=True)
    assert unknown[2] == ["class", "?", ""]
    assert not any("CBN" in row[0] for row in unknown)
    table.set_classes(10)
    known = rows(table)
    assert known[2] == ["class", "10\u00d71\u00d71", ""]
    assert ["ConvT\u00b7CBN\u00b7ReLU", "256\u00d74\u00d74", str(16 * 100 * 256 + 20 * 256)] in known
    assert known[-1] == ["Projection", "1\u00d71\u00d71", "40960"]


def test_that_classes_of_the_pictures_leave_a_plain_model_as_it_is(table: ModelTable) -> None:
    before = rows(table)
    table.set_classes(10)
    assert rows(table) == before
