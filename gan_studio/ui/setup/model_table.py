"""The layers of both networks, as the configuration makes them."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gan_studio.engine.config import RunConfig
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan, parameter_count
from gan_studio.ui.number_text import grouped
from gan_studio.ui.rich_text import paragraphs

ACTIVATION_NAMES = {"relu": "ReLU", "leaky_relu": "LReLU", "tanh": "tanh", "none": ""}


class ModelTable(QTableWidget):
    """A read-only table: layer, shape of what comes out (channels x height x width), trained parameters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._config = RunConfig()
        self._build()
        self.retranslate()

    def show_config(self, config: RunConfig) -> None:
        """List the layers that a configuration makes."""
        if (config.model, config.data) != (self._config.model, self._config.data):
            self._config = config
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Layers of both networks"))
        titles = (self.tr("Layer"), self.tr("Out"), self.tr("Params"))
        tips = (
            self.tr("What the layer does: BN is batch normalisation, then the activation."),
            self.tr("Shape of what comes out: channels \u00d7 height \u00d7 width."),
            self.tr("Numbers that training adjusts."),
        )
        for column, (title, tip) in enumerate(zip(titles, tips, strict=True)):
            item = QTableWidgetItem(title)
            item.setToolTip(tip)
            item.setTextAlignment(_side(column))
            self.setHorizontalHeaderItem(column, item)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_height()

    def _build(self) -> None:
        self.setObjectName("modelTable")
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)

    def _fill(self) -> None:
        channels, size = self._config.data.channels, self._config.data.image_size
        generator, discriminator = generator_plan(self._config), discriminator_plan(self._config)
        self.clearSpans()
        self.setRowCount(0)
        self._add_title(self.tr("Generator G"), generator)
        self._add_row((self.tr("z, the noise"), _shape(self._config.model.latent_dim, 1), ""), "")
        for layer in generator:
            self._add_layer(layer, self.tr("ConvT"), self.tr("Transposed convolution"))
        self._add_title(self.tr("Discriminator D"), discriminator)
        self._add_row((self.tr("picture"), _shape(channels, size), ""), "")
        for layer in discriminator:
            self._add_layer(layer, self.tr("Conv"), self.tr("Convolution"))
        self._fit_height()

    def _add_title(self, name: str, plan: tuple[LayerPlan, ...]) -> None:
        tip = self.tr("All parameters of this network.")
        self.setSpan(self.rowCount(), 0, 1, 2)
        items = self._add_row((name, "", grouped(parameter_count(plan))), tip)
        bold = QFont(self.font())
        bold.setBold(True)
        for item in items:
            item.setFont(bold)

    def _add_layer(self, layer: LayerPlan, short: str, long: str) -> None:
        norm = "BN" if layer.batch_norm else ""
        name = " \u00b7 ".join(part for part in (short, norm, ACTIVATION_NAMES[layer.activation]) if part)
        text = self.tr("{long} 4 \u00d7 4, stride {stride}: {shape_in} in, {shape_out} out.")
        shape_in, shape_out = _shape(layer.in_channels, layer.in_size), _shape(layer.out_channels, layer.out_size)
        tip = text.format(long=long, stride=layer.stride, shape_in=shape_in, shape_out=shape_out)
        self._add_row((name, shape_out, grouped(layer.parameters)), tip)

    def _add_row(self, texts: tuple[str, str, str], tip: str) -> list[QTableWidgetItem]:
        row = self.rowCount()
        self.insertRow(row)
        items = [QTableWidgetItem(text) for text in texts]
        for column, item in enumerate(items):
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setToolTip(paragraphs(tip))
            item.setTextAlignment(_side(column))
            self.setItem(row, column, item)
        return items

    def _fit_height(self) -> None:
        height = self.fontMetrics().height() + 4
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        for row in range(self.rowCount()):
            self.setRowHeight(row, height)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + height * self.rowCount() + 2)


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _shape(channels: int, size: int) -> str:
    return f"{channels}\u2009\u00d7\u2009{size}\u2009\u00d7\u2009{size}"
