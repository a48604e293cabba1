"""ModelTable: the layers that a configuration makes."""

from pytestqt.qtbot import QtBot

from gan_studio.engine.config import RunConfig, with_values
from gan_studio.ui.setup.model_table import ModelTable


def rows(table: ModelTable) -> list[list[str]]:
    cells = [[table.item(row, column).text() for column in range(3)] for row in range(table.rowCount())]
    return [[text.replace("\u202f", "").replace("\u2009", "") for text in row] for row in cells]


def test_that_each_layer_tells_its_shape_and_parameters(qtbot: QtBot) -> None:
    table = ModelTable()
    qtbot.addWidget(table)
    listed = rows(table)
    assert ["ConvT \u00b7 BN \u00b7 ReLU", "256\u00d74\u00d74", str(16 * 100 * 256 + 2 * 256)] in listed
    assert listed[-1] == ["Conv", "1\u00d71\u00d71", str(16 * 256)]


def test_that_the_total_of_a_network_is_the_sum_of_its_layers(qtbot: QtBot) -> None:
    table = ModelTable()
    qtbot.addWidget(table)
    listed = rows(table)
    second = next(index for index, row in enumerate(listed) if row[0] == "Discriminator D")
    for network in (listed[:second], listed[second:]):
        assert int(network[0][2]) == sum(int(row[2]) for row in network[1:] if row[2])


def test_that_thousands_are_separated(qtbot: QtBot) -> None:
    table = ModelTable()
    qtbot.addWidget(table)
    assert table.item(0, 2).text() == "1\u202f066\u202f880"


def test_that_the_table_follows_the_configuration_and_never_scrolls(qtbot: QtBot) -> None:
    table = ModelTable()
    qtbot.addWidget(table)
    before = table.rowCount()
    config = with_values(RunConfig(), {"data.image_size": 64, "data.channels": 3, "model.latent_dim": 8})
    table.show_config(config)
    assert table.rowCount() == before + 2
    assert rows(table)[1][1] == "8\u00d71\u00d71"
    assert ["ConvT \u00b7 tanh", "3\u00d764\u00d764", str(16 * 64 * 3)] in rows(table)
    assert table.verticalScrollBar().maximum() == 0
