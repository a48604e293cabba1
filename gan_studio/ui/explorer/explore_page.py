"""Layout of the explorer."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gan_studio.ui.explorer.adaptive_splitter import AdaptiveSplitter
from gan_studio.ui.explorer.class_bar import ClassBar
from gan_studio.ui.explorer.explore_bar import ExploreBar
from gan_studio.ui.explorer.explorer_image import ExplorerImage
from gan_studio.ui.explorer.neighbour_grid import NeighbourGrid
from gan_studio.ui.explorer.sliders.latent_sliders import LatentSliders
from gan_studio.ui.explorer.snapshot_slider import SnapshotSlider
from gan_studio.ui.widgets.picture.hero_splitter import HeroSplitter

_SPACING = 8


class ExplorePage(QWidget):
    """Buttons and classes at the top; picture and time slider at the left; neighbours and latent sliders at the right.

    In a tall window, neighbours and sliders are below the picture.

    Attributes:
        bar, classes, image, grid, snapshots, sliders: the parts, which the tab connects.
        split: gives the picture its room.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = ExploreBar(self)
        self.classes = ClassBar(self)
        self.image = ExplorerImage(self)
        self.snapshots = SnapshotSlider(self)
        self.grid = NeighbourGrid(self)
        self.sliders = LatentSliders(self)
        rest = AdaptiveSplitter(self.grid, self.sliders, self)
        self.split = HeroSplitter(self._with_snapshots(), rest, self._width_for, self._height_for, self)
        self.split.setObjectName("exploreSplitter")
        self.split.setHandleWidth(12)
        self.image.shape_changed.connect(self.split.refit)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(_SPACING)
        column.addWidget(self.bar)
        column.addWidget(self.classes)
        column.addWidget(self.split, 1)

    def _with_snapshots(self) -> QWidget:
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_SPACING)
        column.addWidget(self.image, 1)
        column.addWidget(self.snapshots)
        return part

    def _width_for(self, height: int) -> int:
        return self.image.width_for(height - self._height_of_snapshots())

    def _height_for(self, width: int) -> int:
        return self.image.height_for(width) + self._height_of_snapshots()

    def _height_of_snapshots(self) -> int:
        return self.snapshots.sizeHint().height() + _SPACING if self.snapshots.isVisibleTo(self) else 0
