"""Layout of the explorer."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gan_studio.ui.explorer.adaptive_splitter import AdaptiveSplitter
from gan_studio.ui.explorer.class_bar import ClassBar
from gan_studio.ui.explorer.explore_bar import ExploreBar
from gan_studio.ui.explorer.explorer_image import ExplorerImage
from gan_studio.ui.explorer.neighbour_grid import NeighbourGrid
from gan_studio.ui.explorer.sliders.latent_sliders import LatentSliders
from gan_studio.ui.explorer.snapshot_slider import SnapshotSlider


class ExplorePage(QWidget):
    """Buttons and classes at the top; picture, neighbours and time slider at the left; latent sliders at the right.

    Attributes:
        bar, classes, image, grid, snapshots, sliders: the parts, which the tab connects.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = ExploreBar(self)
        self.classes = ClassBar(self)
        self.image = ExplorerImage(self)
        self.grid = NeighbourGrid(self)
        self.snapshots = SnapshotSlider(self)
        self.sliders = LatentSliders(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addWidget(self.classes)
        column.addWidget(self._split(), 1)

    def _split(self) -> QSplitter:
        split = QSplitter(Qt.Orientation.Horizontal, self, childrenCollapsible=False, handleWidth=12)
        split.setObjectName("exploreSplitter")
        split.addWidget(self._left())
        split.addWidget(self.sliders)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 1)
        split.setSizes([640, 340])
        return split

    def _left(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(AdaptiveSplitter(self.image, self.grid, left), 1)
        column.addWidget(self.snapshots)
        return left
