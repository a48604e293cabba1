"""StatusBar: message, device, memory, disk space, and age of the last checkpoint."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QStatusBar, QWidget

from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.text.units import bytes_text
from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.steady import let_shrink, show_steadily, tabular

LITTLE_SPACE = 2 * 10**9
"""Bytes of free disk space below which the number turns red."""


MOST_DAYS = 30
"""Days after which the date of a checkpoint says more than its age."""


class StatusBar(Retranslating, QStatusBar):
    """Shows the values that it is given. It measures only the age of the last checkpoint.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._clock = clock
        self._execution: Execution | None = None
        self._memory_bytes: int | None = None
        self._disk: tuple[int | None, int] | None = None
        self._checkpoint: tuple[int, float] | None = None
        self._is_refused = False
        self._message = ElidedLabel()
        self._device, self._memory, self._disk_label, self._checkpoint_label = (QLabel() for _ in range(4))
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._show_age)
        self._build()
        self.retranslate()

    def set_message(self, text: str) -> None:
        """Show in one line what the program is doing."""
        self._message.set_full_text(text)
        self._message.setToolTip(paragraphs(text))

    def set_execution(self, execution: Execution | None) -> None:
        """Show the device and precision of the open run; None: no run is open, or they are not decided yet."""
        self._execution = execution
        self._show_execution()

    def set_memory(self, size: int) -> None:
        """Show the resident memory of the program, in bytes."""
        self._memory_bytes = size
        self._show_memory()

    def set_disk(self, run_bytes: int | None, free_bytes: int) -> None:
        """Show the size of the open run (None: no run is open) and the free space on its disk, in bytes."""
        self._disk = (run_bytes, free_bytes)
        self._show_disk()

    def forget_run(self) -> None:
        """Show nothing of a run: none is open, or another one begins."""
        self._disk = None
        self._show_disk()
        self.set_checkpoint(None)

    def set_checkpoint(self, step: int | None, saved_at: float | None = None) -> None:
        """Show the age of the last checkpoint.

        Args:
            step: its step; None: there is none yet.
            saved_at: when it was saved, in seconds since 1970; None: just now.
        """
        self._checkpoint = None if step is None else (step, self._clock() if saved_at is None else saved_at)
        self._run_timer()
        self._show_checkpoint()

    def set_saving_refused(self, is_refused: bool) -> None:
        """Show whether checkpoints can be saved at the moment."""
        self._is_refused = is_refused
        self._show_checkpoint()

    @property
    def checkpoint_age(self) -> float:
        """Seconds since the last checkpoint; 0 without one."""
        return 0.0 if self._checkpoint is None else self._clock() - self._checkpoint[1]

    def retranslate(self) -> None:
        """Set every text."""
        let_shrink(self._checkpoint_label)
        self.setAccessibleName(self.tr("Status"))
        self._message.setAccessibleName(self.tr("Message"))
        self._device.setAccessibleName(self.tr("Device"))
        self._device.setToolTip(
            self.tr("The device that trains (the CPU with its threads, or a GPU) and the precision of its arithmetic.")
        )
        self._memory.setAccessibleName(self.tr("Memory"))
        self._memory.setToolTip(self.tr("Main memory that GAN Studio uses now."))
        self._disk_label.setAccessibleName(self.tr("Disk"))
        self._disk_label.setToolTip(self.tr("Size of the open run, if any, and the free space on its disk."))
        self._checkpoint_label.setAccessibleName(self.tr("Last checkpoint"))
        self._show_execution()
        self._show_memory()
        self._show_disk()
        self._show_checkpoint()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the labels again in a new font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        """Count the age while visible."""
        super().showEvent(event)
        self._run_timer()
        self._show_age()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop counting while hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def _run_timer(self) -> None:
        if self._checkpoint is not None and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def _show_execution(self) -> None:
        self._device.setVisible(self._execution is not None)
        if self._execution is not None:
            self._device.setText(self._execution_text(self._execution))

    def _execution_text(self, execution: Execution) -> str:
        if not execution.is_cpu:
            return f"{execution.hardware}, {execution.device}, {execution.precision}"
        text = self.tr("CPU, 1 thread, {precision}")
        if execution.threads > 1:
            text = self.tr("CPU, {threads} threads, {precision}")
        return text.format(threads=execution.threads, precision=execution.precision)

    def _show_memory(self) -> None:
        self._memory.setVisible(self._memory_bytes is not None)
        if self._memory_bytes is not None:
            self._memory.setText(self.tr("Memory {size}").format(size=bytes_text(self._memory_bytes)))

    def _show_disk(self) -> None:
        self._disk_label.setVisible(self._disk is not None)
        if self._disk is None:
            return
        run_bytes, free_bytes = self._disk
        free = self.tr("{free} free").format(free=bytes_text(free_bytes))
        run = "" if run_bytes is None else self.tr("Run {run}").format(run=bytes_text(run_bytes))
        self._disk_label.setText(f"{run} \u00b7 {free}" if run else free)
        is_little = free_bytes < LITTLE_SPACE
        self._disk_label.setForegroundRole(
            QPalette.ColorRole.BrightText if is_little else QPalette.ColorRole.PlaceholderText
        )

    def _show_age(self) -> None:
        """Show the age of the checkpoint; called once a second, so it changes nothing else."""
        if self._checkpoint is not None:
            text = self.tr("Checkpoint {age}").format(age=self._age_text(self.checkpoint_age))
            show_steadily(self._checkpoint_label, text)

    def _show_checkpoint(self) -> None:
        """Show which checkpoint is the last, and whether newer ones cannot be saved."""
        self._checkpoint_label.setVisible(self._checkpoint is not None)
        self._show_age()
        if self._checkpoint is None:
            return
        tip = self.tr("The last checkpoint was saved at step {step}. After a crash the run resumes from there.")
        refused = self.tr("Newer ones cannot be saved at the moment.") if self._is_refused else ""
        self._checkpoint_label.setToolTip(paragraphs(tip.format(step=grouped(self._checkpoint[0])), refused))
        role = QPalette.ColorRole.BrightText if self._is_refused else QPalette.ColorRole.PlaceholderText
        self._checkpoint_label.setForegroundRole(role)

    def _age_text(self, seconds: float) -> str:
        if seconds >= MOST_DAYS * 86_400 or seconds < -60:  # a clock that was set back must not make it new
            return self.tr("of {date}").format(date=time.strftime("%Y-%m-%d", time.localtime(self._clock() - seconds)))
        if seconds < 60:
            return self.tr("{count} s ago").format(count=max(int(seconds), 0))
        if seconds < 3600:
            return self.tr("{count} min ago").format(count=int(seconds // 60))
        if seconds < 48 * 3600:
            return self.tr("{count} h ago").format(count=int(seconds // 3600))
        return self.tr("{count} days ago").format(count=int(seconds // 86_400))

    def _build(self) -> None:
        self.setObjectName("statusBar")
        self.setSizeGripEnabled(False)
        self.setContentsMargins(4, 0, 8, 0)
        self._message.setObjectName("statusMessage")
        self.addWidget(self._message, 1)
        names = ("statusDevice", "statusMemory", "statusDisk", "statusCheckpoint")
        labels = (self._device, self._memory, self._disk_label, self._checkpoint_label)
        for label, name in zip(labels, names, strict=True):
            label.setObjectName(name)
            label.setFont(tabular(label.font()))
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            label.setContentsMargins(10, 2, 10, 2)
            label.setFrameShape(QFrame.Shape.NoFrame)
            self.addPermanentWidget(label)
