"""Explore tab: a point of the latent space, its picture, its neighbours, and the generator that draws them."""

import secrets
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedLayout, QWidget

from gan_studio.engine.latent import LatentPoint, Prior, draw_point, neighbours, origin
from gan_studio.engine.moment import Moment
from gan_studio.ui.explorer.class_blend import Blend, mixed
from gan_studio.ui.explorer.empty_explorer import EmptyExplorer
from gan_studio.ui.explorer.explore_page import ExplorePage
from gan_studio.ui.explorer.explored_picture import ExploredPicture
from gan_studio.ui.explorer.neighbour_grid import NEIGHBOURS
from gan_studio.ui.explorer.point_caption import point_caption
from gan_studio.ui.explorer.point_history import PointHistory, VisitedPoint
from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.retranslating import Retranslating

SPARING_DRAG_MS = 50
"""Minimum time between two positions of a dragged slider while the CPU trains. Each position wakes the window's thread,
which finds its caches cold and then waits for the window system. With 25 ms, quickstart lost 45 % of its speed
(docs/benchmarks.md)."""

REST_MS = 150
"""Milliseconds without a move after which the tab asks for neighbours."""

MOST_ASKED = 1000
"""Points whose pictures may still come: the newest of those that were asked for."""

_RANDOM_SEEDS = 1_000_000
"""Randomize picks one of this many seeds, so that a seed is short enough to tell somebody."""


class ExploreTab(Retranslating, QWidget):
    """A walk through the latent space of one generator.

    Signals:
        picture_wanted(LatentPoint): draw this point. Emitted on every move; only the newest matters.
        neighbours_wanted(tuple[LatentPoint, ...]): draw these points. Emitted when the point has stopped moving.
        source_chosen(object): draw with this snapshot (Moment), or with the current generator (None).
        save_requested(ExploredPicture): save this picture.
        copied: a picture is on the clipboard.
        smooth_chosen(bool): a person wants the picture smoothed, or crisp.
        share_chosen(float): a person gave the picture this share of the width.
    """

    picture_wanted = Signal(object)
    neighbours_wanted = Signal(object)
    source_chosen = Signal(object)
    save_requested = Signal(object)
    copied = Signal()
    smooth_chosen = Signal(bool)
    share_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exploreTab")
        self._prior: Prior = "normal"
        self._class_names: tuple[str, ...] = ()
        self._place = VisitedPoint(LatentPoint(()))
        self._history = PointHistory(self._place)
        self._asked: dict[LatentPoint, VisitedPoint] = {}
        self._asked_neighbours_of = self._place
        self._reason: str | None = None
        self._file_name = ""
        self._page = ExplorePage(self)
        self._empty = EmptyExplorer(self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._page)
        self._connect()
        self._page.bar.set_has_picture(False)
        self.retranslate()

    @property
    def point(self) -> LatentPoint:
        """The current point. It has no values while there is no model."""
        return self._place.point

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The picture that is shown, uint8 [H, W, 1, 3 or 4], or None. Drawing may lag behind the current point."""
        shown = self._page.image.shown
        return None if shown is None else shown.pixels

    def set_model(self, latent_dim: int, prior: Prior, class_names: tuple[str, ...] = ()) -> None:
        """Explore another generator: start at seed 0 and its first class, with an empty history.

        Args:
            latent_dim: how many values z has.
            prior: where z is drawn from.
            class_names: names of the classes of a class-conditional generator, else empty.
        """
        self._prior, self._class_names = prior, class_names
        self.set_file("")
        self._page.classes.set_classes(class_names)
        first = VisitedPoint(draw_point(0, latent_dim, prior).with_blend(self._page.classes.blend), 0, True)
        self._history = PointHistory(first)
        self._page.sliders.set_latent(latent_dim, prior)
        self._asked.clear()
        self._page.image.clear()
        self._page.grid.clear()
        self._page.bar.set_has_picture(False)
        self._show_page()
        self._show(first)

    def set_file(self, name: str) -> None:
        """Name the file of weights that is explored without a run; "" for a run, whose snapshots are listed."""
        self._file_name = name
        self._page.snapshots.setVisible(not name)

    def open_sample(self, seed: int, class_index: int | None = None) -> None:
        """Go to the sample of a seed, as one entry of the history. Does nothing without a model.

        Args:
            seed: 0 to 2**31 - 1.
            class_index: class of the sample; None keeps the current class or class blend.
        """
        drawn = draw_point(seed, len(self.point.values), self._prior)
        if class_index is not None and self._class_names:
            drawn = drawn.with_blend(mixed(len(self._class_names), class_index, class_index, 0.0))
        self._visit(VisitedPoint(drawn, seed, True))

    def randomize(self) -> None:
        """Go to a random point, as the button does. Does nothing without a model."""
        if self.point.values:
            self._randomize()

    def choose_source(self, moment: Moment | None) -> None:
        """Draw with a snapshot, or with the current generator (None); emits source_chosen."""
        self._page.snapshots.choose(moment)

    def show_picture(self, image: NDArray[np.uint8], moment: Moment, point: LatentPoint) -> None:
        """Show a picture that was asked for, with a caption that describes it: the current point may be another by now.

        Args:
            image: uint8 [H, W, 1, 3 or 4].
            moment: branch and step of the generator that drew it.
            point: what was drawn; a point that was not asked for, or too long ago, is not shown.
        """
        place = self._asked.get(point)
        if place is None:
            return
        while next(iter(self._asked)) != point:
            del self._asked[next(iter(self._asked))]
        self._show_picture(ExploredPicture(image, place, moment))
        self._page.bar.set_has_picture(True)

    def show_neighbours(self, images: NDArray[np.uint8], points: tuple[LatentPoint, ...], moment: Moment) -> None:
        """Show the pictures of neighbours.

        Args:
            images: uint8 [N, H, W, 1, 3 or 4] in the order of `points`.
            points: the points of the pictures. A click on a picture goes to its point.
            moment: branch and step of the generator that drew them.

        Raises:
            ValueError: there are more or fewer pictures than points.
        """
        if len(images) != len(points):
            raise ValueError(f"{len(images)} pictures of {len(points)} points")
        centre = self._asked_neighbours_of
        places = [
            centre if point == centre.point else replace(centre, point=point, is_sample=False) for point in points
        ]
        self._page.grid.show_pictures(
            [ExploredPicture(pixels, place, moment) for pixels, place in zip(images, places, strict=True)]
        )

    def set_smooth(self, is_smooth: bool) -> None:
        """Smooth the enlarged picture, or show each pixel as a square."""
        self._page.image.set_smooth(is_smooth)

    def set_share(self, share: float) -> None:
        """Give the picture a share of the width, 0 to 1; 0: what it can use."""
        self._page.split.set_share(share)

    def set_snapshots(self, snapshots: tuple[Moment, ...]) -> None:
        """List the snapshots of the run. A chosen snapshot that is still there stays chosen."""
        self._page.snapshots.set_snapshots(snapshots)

    def set_sparing(self, is_sparing: bool) -> None:
        """Set whether to draw fewer positions of a drag, because each one slows training on the CPU."""
        for part in (self._page.sliders, self._page.classes):
            part.set_drag_interval(SPARING_DRAG_MS if is_sparing else 0)

    def set_enabled_reason(self, reason: str | None) -> None:
        """Show a sentence instead of the explorer; None shows the explorer again, if there is a model."""
        self._reason = reason
        self._empty.set_reason(reason)
        self._show_page()

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Explore"))
        if self._page.image.shown is not None:
            self._show_picture(self._page.image.shown)

    def _connect(self) -> None:
        self._page.sliders.point_moved.connect(self._follow_hand)
        self._page.sliders.point_settled.connect(self._record)
        self._page.classes.blend_moved.connect(self._follow_classes)
        self._page.classes.blend_settled.connect(self._record)
        self._page.bar.randomize_requested.connect(self._randomize)
        self._page.bar.seed_chosen.connect(self.open_sample)
        self._page.bar.reset_requested.connect(self._reset)
        self._page.bar.undo_requested.connect(self._undo)
        self._page.bar.redo_requested.connect(self._redo)
        self._page.bar.save_requested.connect(self._save_shown)
        self._page.bar.copy_requested.connect(self._copy_shown)
        for part in (self._page.image, self._page.grid):
            part.save_requested.connect(self.save_requested)
            part.copy_requested.connect(self._copy)
        self._page.image.smooth_chosen.connect(self.smooth_chosen)
        self._page.split.share_chosen.connect(self.share_chosen)
        self._page.grid.neighbour_chosen.connect(self._go_to_neighbour)
        self._page.grid.neighbourhood_changed.connect(self._rest.start)
        self._page.snapshots.source_chosen.connect(self.source_chosen)
        self._rest.timeout.connect(self._ask_for_neighbours)
        for keys, slot in (("Ctrl+Z", self._undo), ("Ctrl+Shift+Z", self._redo)):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _show_page(self) -> None:
        has_model = bool(self._history.current.point.values)
        self._pages.setCurrentIndex(int(has_model and self._reason is None))

    # Moving.

    def _follow_hand(self, point: LatentPoint) -> None:
        self._page.classes.settle()
        self._move_to(replace(self._place, point=point.with_blend(self.point.blend), is_sample=False))

    def _follow_classes(self, blend: Blend) -> None:
        self._page.sliders.settle()
        self._move_to(replace(self._place, point=self.point.with_blend(blend)))

    def _move_to(self, place: VisitedPoint) -> None:
        self._place = place
        self._page.bar.set_history(can_undo=True, can_redo=False)
        self._ask_for_picture()

    def _record(self) -> None:
        self._history.push(self._place)
        self._show_history()

    def _visit(self, place: VisitedPoint) -> None:
        self._settle()
        if self.point.values and not place.point.blend:
            place = replace(place, point=place.point.with_blend(self.point.blend))
        if self.point.values and place != self._place:
            self._show(place)
            self._record()

    def _settle(self) -> None:
        self._page.sliders.settle()
        self._page.classes.settle()

    def _show(self, place: VisitedPoint) -> None:
        self._page.sliders.set_point(place.point)
        self._page.classes.set_blend(place.point.blend)
        self._place = place
        if place.sample_seed is not None:
            self._page.bar.set_seed(place.sample_seed)
        self._show_history()
        self._ask_for_picture()

    def _randomize(self) -> None:
        seed, pinned = secrets.randbelow(_RANDOM_SEEDS), self._page.sliders.pinned
        drawn = draw_point(seed, len(self.point.values), self._prior).values
        kept = self.point.values
        values = tuple(kept[index] if index in pinned else value for index, value in enumerate(drawn))
        self._visit(VisitedPoint(LatentPoint(values), seed, not pinned))

    def _reset(self) -> None:
        self._visit(VisitedPoint(origin(len(self.point.values))))

    def _go_to_neighbour(self, picture: ExploredPicture) -> None:
        self._visit(picture.place)

    def _undo(self) -> None:
        self._settle()
        if self._history.can_undo:
            self._show(self._history.undo())

    def _redo(self) -> None:
        self._settle()
        if self._history.can_redo:
            self._show(self._history.redo())

    # Showing.

    def _show_picture(self, picture: ExploredPicture) -> None:
        caption = point_caption(picture.place, picture.moment, self._class_names, self._file_name)
        self._page.image.show_picture(picture, caption)

    def _ask_for_picture(self) -> None:
        self._asked.pop(self.point, None)
        self._asked[self.point] = self._place
        if len(self._asked) > MOST_ASKED:
            del self._asked[next(iter(self._asked))]
        self.picture_wanted.emit(self.point)
        self._rest.start()

    def _ask_for_neighbours(self) -> None:
        grid, self._asked_neighbours_of = self._page.grid, self._place
        self.neighbours_wanted.emit(neighbours(self.point, NEIGHBOURS, grid.distance, self._prior, grid.variation))

    def _show_history(self) -> None:
        self._page.bar.set_history(self._history.can_undo, self._history.can_redo)

    # Saving and copying.

    def _save_shown(self) -> None:
        if self._page.image.shown is not None:
            self.save_requested.emit(self._page.image.shown)

    def _copy_shown(self) -> None:
        if self._page.image.shown is not None:
            self._copy(self._page.image.shown)

    def _copy(self, picture: ExploredPicture) -> None:
        QGuiApplication.clipboard().setImage(qimage_of(picture.pixels))
        self.copied.emit()
