"""The package as a notebook uses it: train with events, load a run, sample it, read its figures, go on."""

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gan_studio
from gan_studio.engine.events import METRIC_COLUMNS, MetricsLogged, PhaseChanged, RunOpened, SamplesDrawn, TrainingEvent
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.folder import RunFolder
from tests.engine.references import References
from tests.engine.runs import TINY, resume, tiny

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a run of 12 steps, only to be read."""
    place = tmp_path_factory.mktemp("api") / "run"
    list(gan_studio.train(TINY, out=place))
    return place


def last_step(events: list[TrainingEvent]) -> int:
    return max(int(event.steps[-1]) for event in events if isinstance(event, MetricsLogged))


def test_that_training_is_a_stream_of_events_that_ends_with_a_run(tmp_path: Path) -> None:
    events = list(gan_studio.train(TINY, steps=5, out=tmp_path / "run"))
    kinds = {type(event) for event in events}
    assert kinds >= {RunOpened, MetricsLogged, SamplesDrawn, PhaseChanged}
    assert events[-1] == PhaseChanged("finished")  # type: ignore[arg-type]
    assert last_step(events) == 5
    assert gan_studio.load_run(tmp_path / "run").step == 5


def test_that_a_preset_and_other_pictures_are_chosen_by_name(own_home: Path) -> None:
    for event in gan_studio.train(preset="tutorial", data="starter:fashion-mnist", steps=1):
        if isinstance(event, RunOpened):
            assert event.config.preset == "tutorial"
            assert event.config.training.loss == "minimax"
            assert event.folder.is_relative_to(own_home)
            break
    else:
        pytest.fail("no run was opened")


def test_that_a_control_stops_a_run_between_two_steps(tmp_path: Path) -> None:
    control = gan_studio.TrainingControl()
    for event in gan_studio.train(TINY, steps=10_000, out=tmp_path / "run", control=control):
        if isinstance(event, MetricsLogged):
            control.stop()
    step = gan_studio.load_run(tmp_path / "run").step
    assert 0 < step < 10_000
    assert RunFolder(tmp_path / "run").checkpoints()[-1].step == step


def test_that_a_sample_seed_is_one_picture_whatever_is_asked_with_it(place: Path) -> None:
    run = gan_studio.load_run(str(place))
    many = run.sample(16)
    assert (many.dtype, many.shape) == (np.uint8, (16, 32, 32, 1))
    assert np.array_equal(run.sample(1, seed=11)[0], many[11])
    assert not np.array_equal(many[0], many[1])
    assert run.sample().shape[0] == 64


def test_that_an_earlier_moment_can_be_loaded(place: Path) -> None:
    early, late = gan_studio.load_run(place, step=4), gan_studio.load_run(place)
    assert (early.step, late.step) == (4, 12)
    assert not np.array_equal(early.sample(4), late.sample(4))
    with pytest.raises(gan_studio.EngineError, match="step 5"):
        gan_studio.load_run(place, step=5)


def test_that_every_logged_figure_can_be_read(place: Path) -> None:
    metrics = gan_studio.load_run(place).metrics()
    assert list(metrics) == ["step", *METRIC_COLUMNS]
    assert np.array_equal(metrics["step"], np.arange(1, 13))
    assert all(len(values) == 12 for values in metrics.values())
    assert np.all((metrics["d_real"] > 0) & (metrics["d_real"] < 1))


def test_that_a_run_goes_on_as_if_it_had_never_stopped(tmp_path: Path, references: References) -> None:
    list(gan_studio.train(TINY, steps=6, out=tmp_path / "half"))
    assert last_step(list(gan_studio.resume(tmp_path / "half", steps=12))) == 12
    half = resume(tmp_path / "half").trainer
    assert half is not None
    assert state_hash(half.state) == references.state_hash()


def test_that_what_is_wrong_is_raised_as_an_engine_error(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    with pytest.raises(gan_studio.EngineError, match="already holds a run"):
        list(gan_studio.train(TINY, out=place))
    with pytest.raises(gan_studio.EngineError, match="no preset called nothing"):
        list(gan_studio.train(preset="nothing", out=out))
    with pytest.raises(gan_studio.EngineError, match=r"training\.steps"):
        list(gan_studio.train(TINY, steps=0, out=out))
    with pytest.raises(gan_studio.EngineError, match="no folder"):
        list(gan_studio.train(TINY, data="/no/such/folder", out=out))
    with pytest.raises(gan_studio.EngineError, match="does not hold a run"):
        list(gan_studio.resume(out))
    with pytest.raises(gan_studio.EngineError, match="does not hold a run"):
        gan_studio.load_run(out)
    assert not out.exists()


def test_that_a_config_is_checked_when_it_is_made() -> None:
    assert gan_studio.RunConfig().training.batch_size == 64
    assert tiny(seed=3).seed == 3
    with pytest.raises(ValueError, match="extra"):
        gan_studio.RunConfig(sede=3)  # type: ignore[call-arg]


def test_that_every_public_name_is_there_and_no_other() -> None:
    assert {name: getattr(gan_studio, name) for name in gan_studio.__all__}
    assert set(gan_studio.__all__) <= set(dir(gan_studio))
    with pytest.raises(AttributeError, match="nothing"):
        gan_studio.nothing  # noqa: B018


def test_that_torch_is_loaded_by_the_first_use_and_qt_and_a_compiler_by_none(tmp_path: Path) -> None:
    """It needs a fresh process, in which nothing is loaded yet."""
    program = (
        "import sys, gan_studio\n"
        "from pathlib import Path\n"
        "heavy = lambda: [name for name in ('torch', 'PySide6', 'numpy') if name in sys.modules]\n"
        "before = heavy()\n"
        "gan_studio.load_run, gan_studio.RunConfig\n"
        "print(before, heavy())\n"
        "from tests.engine.runs import tiny, train\n"
        "job = train(Path(sys.argv[1]), tiny(training__steps=6))\n"
        "compilers = ('torch._dynamo', 'torch._inductor')  # seconds at each first start, for what is never used\n"
        "print(job.trainer.state.step, [name for name in compilers if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "run")]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert answer.stdout.splitlines() == ["[] ['torch', 'numpy']", "6 []"]


def test_that_a_loop_that_is_left_early_keeps_its_last_step(tmp_path: Path) -> None:
    step = 0
    for event in gan_studio.train(tiny(training__steps=1000), out=tmp_path / "left"):
        if isinstance(event, MetricsLogged) and event.steps[-1] >= 5:
            step = int(event.steps[-1])
            break
    gc.collect()
    assert gan_studio.load_run(tmp_path / "left").step >= step
