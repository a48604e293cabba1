"""Model table: the layers of both networks, with output shapes and parameters."""

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

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan, parameter_count
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs

ACTIVATION_NAMES = {"relu": "ReLU", "leaky_relu": "LReLU", "tanh": "tanh", "none": ""}
USUAL_KERNEL = 4
"""Kernel size of most convolutions; the table names only other sizes."""


class ModelTable(Retranslating, QTableWidget):
    """A read-only table: layer, output shape (channels x height x width), trained parameters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._config = RunConfig()
        self._classes = 0
        self._build()
        self.retranslate()

    def show_config(self, config: RunConfig) -> None:
        """List the layers of a configuration."""
        if (config.model, config.data) != (self._config.model, self._config.data):
            self._config = config
            self.retranslate()

    def set_classes(self, count: int) -> None:
        """Set how many classes a class-conditional model has; 0 while that is not known."""
        if count != self._classes:
            self._classes = count
            self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Layers of both networks"))
        titles = (self.tr("Layer"), self.tr("Output"), self.tr("Params"))
        tips = (
            self.tr(
                "Kind of layer, normalisation (BN batch, CBN conditional batch, SN spectral) and activation."
                " Point at a row for details."
            ),
            self.tr("Output shape: channels \u00d7 height \u00d7 width."),
            self.tr("Number of trained parameters."),
        )
        for column, (title, tip) in enumerate(zip(titles, tips, strict=True)):
            item = QTableWidgetItem(title)
            item.setToolTip(tip)
            item.setTextAlignment(_side(column))
            self.setHorizontalHeaderItem(column, item)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
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
        config, classes = self._config, self._classes if self._config.model.conditional else 0
        self.clearSpans()
        self.setRowCount(0)
        z = (self.tr("z, the noise"), _shape(config.model.latent_dim, 1), "")
        self._add_network(self.tr("Generator G"), z, generator_plan(config, classes))
        picture = (self.tr("picture"), _shape(config.data.channels, config.data.image_size), "")
        self._add_network(self.tr("Discriminator D"), picture, discriminator_plan(config, classes))
        self._fit_height()

    def _add_network(self, name: str, given: tuple[str, str, str], plan: tuple[LayerPlan, ...]) -> None:
        self._add_title(name, plan)
        self._add_row(given, "")
        if self._config.model.conditional:
            self._add_class()
        for layer in plan:
            self._add_layer(layer)

    def _add_class(self) -> None:
        if self._classes:
            self._add_row((self.tr("class"), _shape(self._classes, 1), ""), self.tr("A weight for each class."))
        else:
            tip = self.tr(
                "The number of classes is known once the pictures are read. Until then the table assumes none."
            )
            self._add_row((self.tr("class"), "?", ""), tip)

    def _add_title(self, name: str, plan: tuple[LayerPlan, ...]) -> None:
        tip = self.tr("Total parameters of this network.")
        self.setSpan(self.rowCount(), 0, 1, 2)
        items = self._add_row((name, "", grouped(parameter_count(plan))), tip)
        bold = QFont(self.font())
        bold.setBold(True)
        for item in items:
            item.setFont(bold)

    def _add_layer(self, layer: LayerPlan) -> None:
        short, long = self._kind_names(layer)
        norm, norm_tip = self._norm_names(layer)
        name = "\u2009\u00b7\u2009".join(part for part in (short, norm, ACTIVATION_NAMES[layer.activation]) if part)
        shape_in, shape_out = _shape(layer.in_channels, layer.in_size), _shape(layer.out_channels, layer.out_size)
        tip = self.tr("{long}: {shape_in} in, {shape_out} out.")
        self._add_row(
            (name, shape_out, grouped(layer.parameters)),
            name,
            tip.format(long=long, shape_in=shape_in, shape_out=shape_out),
            norm_tip,
        )

    def _kind_names(self, layer: LayerPlan) -> tuple[str, str]:
        match layer.kind:
            case "transposed":
                short, long = self.tr("ConvT"), self.tr("Transposed convolution {kernel}, stride {stride}")
            case "resize":
                short = self.tr("Up+Conv")
                long = self.tr(
                    "Nearest-neighbour upsampling by 2, then a convolution {kernel}: no checkerboard artefacts"
                )
            case "convolution":
                short, long = self.tr("Conv"), self.tr("Convolution {kernel}, stride {stride}")
            case "linear":
                short, long = self.tr("FC"), self.tr("Fully connected: every input reaches every output")
            case "projection":
                short = self.tr("Projection")
                long = self.tr("Projection: how well the features match the class, added to the output above")
        kernel = f"{layer.kernel}\u00d7{layer.kernel}"
        shown = short if layer.kernel in (1, USUAL_KERNEL) else f"{short} {kernel}"
        return shown, long.format(kernel=kernel, stride=layer.stride)

    def _norm_names(self, layer: LayerPlan) -> tuple[str, str]:
        match layer.norm:
            case "batch":
                return "BN", self.tr("BN, batch normalisation: brings each channel to mean 0 and standard deviation 1.")
            case "conditional":
                return "CBN", self.tr(
                    "CBN, conditional batch normalisation: BN with a scale and a shift for each class."
                )
            case "spectral":
                return "SN", self.tr("SN, spectral normalisation: divides the weight by its largest singular value.")
            case "none":
                return "", ""

    def _add_row(self, texts: tuple[str, str, str], *tips: str) -> list[QTableWidgetItem]:
        row = self.rowCount()
        self.insertRow(row)
        items = [QTableWidgetItem(text) for text in texts]
        for column, item in enumerate(items):
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setToolTip(paragraphs(*tips))
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
    return f"{channels}\u200a\u00d7\u200a{size}\u200a\u00d7\u200a{size}"
