"""The search for the settings of quick presets: what it draws from, how it ranks, and how a trial is taken up again."""

from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import preset_statement, search_trial
from benchmarks.classifier import FASHION, Classifier, data_of, labelled
from benchmarks.judge import Judge, Verdict
from benchmarks.preset_search import COLOUR_RANGES, REFERENCE, Place, best_of, candidates, neighbours, standings
from benchmarks.search_trial import Averages, Choice, Score, Trial, run_trial
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.machine.devices import prepare_thread
from gan_studio.engine.step.state import build_state

TINY = Choice(width=4, batch_size=8, rate_g=4e-4, rate_d=4e-4)
OTHER = replace(TINY, rate_g=8e-4)


class BlindClassifier:
    """Stands in for the classifier, which takes half a minute to train."""

    accuracy = 0.0

    def __init__(self, epochs: int = 0, data: DataConfig = FASHION) -> None:
        pass


class BlindJudge:
    """Stands in for a judge with a classifier: the distance is the mean of the pictures."""

    def __init__(self, *arguments: object) -> None:
        self.z = np.linspace(-1, 1, 200, dtype=np.float32).reshape(2, 100)

    def look(self, generator: torch.nn.Module) -> tuple[Verdict, None]:
        """Judge by two pictures."""
        with torch.no_grad():
            return Verdict(10, (0.1,) * 10, 1.0, float(generator(torch.from_numpy(self.z)).mean()) + 2), None

    def verdict(self, pictures: np.ndarray) -> Verdict:
        """Judge pictures."""
        return Verdict(10, (0.1,) * 10, 1.0, float(pictures.mean()))


def score(choice: Choice, moment: float = 60.0, seed: int = 0, distance: float = 1.0, **others: float) -> Score:
    """Make a score."""
    facts = {"steps": 5, "half_life": 1000.0, "classes": 10, **others}
    return Score(choice, seed, moment, distance=distance, **facts)  # type: ignore[arg-type]


def test_that_candidates_begin_with_the_reference_and_are_the_same_each_time():
    drawn = candidates(12)
    assert drawn[0] == REFERENCE
    assert drawn == candidates(12)
    assert len(set(drawn)) == 12


def test_that_candidates_for_colour_vary_everything_that_the_ranges_name():
    drawn = candidates(60, COLOUR_RANGES)
    assert drawn[0] == REFERENCE
    for name, values in COLOUR_RANGES.items():
        assert {getattr(choice, name) for choice in drawn[1:]} == set(values), name


def test_that_every_choice_is_trained_as_it_says():
    choice = replace(TINY, loss="hinge", norm="spectral", r1=0.1, augment="color translation")
    config = choice.config(3, data_of("starter:emoji", image_size=64))
    model, training, data = config.model, config.training, config.data
    assert (config.seed, data.source, data.image_size, data.channels, data.flip) == (3, "starter:emoji", 64, 3, True)
    assert (model.discriminator_norm, training.loss, training.r1) == ("spectral", "hinge", 0.1)
    assert (training.augment_color, training.augment_translation, training.augment_cutout) == (True, True, False)


def test_that_neighbours_differ_in_one_setting_and_have_a_measured_size():
    wider = replace(TINY, width=8)
    found = neighbours(TINY, {"width": (4, 8, 12), "rate_g": (4e-4, 8e-4, 8e-4)}, {TINY.size, wider.size})
    assert found == [wider, OTHER]


def test_that_another_search_gives_the_reference_and_its_own_best(tmp_path: Path):
    Place(tmp_path).keep([score(TINY, distance=0.4), score(OTHER, distance=0.2), score(REFERENCE, distance=0.1)])
    best = [replace(choice, ema_half_life=REFERENCE.ema_half_life) for choice in (OTHER, TINY)]
    assert best_of(tmp_path, 2) == [REFERENCE, best[0]]
    assert best_of(tmp_path, 9) == [REFERENCE, *best]


def test_that_the_judge_knows_pictures_in_colour_of_any_number_of_classes():
    """Real held-out emoji are near themselves, have all nine groups, and are far from their negatives."""
    emoji = data_of("starter:emoji", image_size=64)
    judge = Judge(Classifier(1, emoji), 1, 100, "normal")
    pictures, _ = labelled("held-out", emoji)
    seen, negative = judge.verdict(pictures), judge.verdict(255 - pictures)
    assert (len(seen.shares), seen.distance) == (9, pytest.approx(0, abs=1e-3))
    assert seen.classes > negative.classes
    assert negative.distance > 0.1


def test_that_scores_are_read_as_they_were_written(tmp_path: Path):
    place, kept = Place(tmp_path), [score(TINY), score(OTHER, 300.0, 2, inf)]
    place.keep(kept[:1])
    place.keep(kept[1:])
    assert place.scores() == kept
    place.keep_rates({TINY.size: 12.5})
    assert place.rates() == {TINY.size: 12.5}


def test_that_the_nearest_choice_wins_with_its_own_best_half_life():
    scores = [
        score(TINY, distance=0.5),
        score(TINY, distance=0.2, half_life=5000.0),
        score(OTHER, distance=0.3),
        score(OTHER, distance=0.4, half_life=5000.0),
    ]
    first, second = standings(scores, [OTHER, TINY], (60.0,), 1)
    assert (first.choice, second.choice) == (replace(TINY, ema_half_life=5000.0), replace(OTHER, ema_half_life=1000.0))
    assert first.distances == (pytest.approx(0.2),)


def test_that_a_choice_that_drops_a_class_or_breaks_comes_last():
    dropping = [score(TINY, distance=0.1, classes=9), score(OTHER, distance=5.0)]
    assert standings(dropping, [TINY, OTHER], (60.0,), 1)[0].choice.rate_g == OTHER.rate_g
    broken = [score(TINY, distance=inf), score(OTHER, distance=5.0)]
    assert standings(broken, [TINY, OTHER], (60.0,), 1)[0].choice.rate_g == OTHER.rate_g


def test_that_every_moment_and_seed_counts():
    scores = [
        *(score(TINY, moment, seed, 0.1 + seed) for moment in (60.0, 300.0) for seed in (0, 1)),
        *(score(OTHER, moment, seed, 0.5) for moment in (60.0, 300.0) for seed in (0, 1)),
    ]
    (best, _) = standings(scores, [TINY, OTHER], (60.0, 300.0), 2)
    assert best.choice.rate_g == TINY.rate_g  # 0.1 * 1.1 < 0.5 * 0.5
    assert best.distances == (pytest.approx(0.6), pytest.approx(0.6))
    assert standings(scores, [TINY, OTHER], (60.0,), 1)[0].distances == (pytest.approx(0.1),)


def test_that_an_average_kept_beside_the_run_is_that_of_a_run_with_its_half_life(monkeypatch: pytest.MonkeyPatch):
    prepare_thread(1)
    monkeypatch.setattr(search_trial, "HALF_LIVES", (3.0,))  # the longer ones are alike in the first steps
    beside = Averages(build_state(TINY.config(0, FASHION), torch.device("cpu")))
    with_it = Averages(build_state(replace(TINY, ema_half_life=3.0).config(0, FASHION), torch.device("cpu")))
    config, pictures = TINY.config(0, FASHION), search_trial.read_pictures(FASHION)
    for averages in (beside, with_it):
        search_trial.train(averages, config, search_trial.PictureFeed(config, pictures, torch.device("cpu")), 6)
    kept, own = beside.each[3.0].copy_ema(), with_it.state.copy_ema()
    assert all(np.array_equal(kept[name], own[name]) for name in own)
    assert not all(np.array_equal(kept[name], array) for name, array in beside.state.copy_ema().items())


def test_that_a_trial_taken_up_again_reaches_what_a_straight_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search_trial, "Judge", BlindJudge)
    monkeypatch.setattr(search_trial, "_classifier", [None])
    for name in ("straight", "halved"):
        (tmp_path / name).mkdir()
    straight = run_trial(Trial(TINY, 0, (2.0, 4.0), 2.0, str(tmp_path / "straight"), FASHION))
    run_trial(Trial(TINY, 0, (2.0,), 2.0, str(tmp_path / "halved"), FASHION))
    halved = run_trial(Trial(TINY, 0, (2.0, 4.0), 2.0, str(tmp_path / "halved"), FASHION))
    assert [found.steps for found in straight] == [4] * 4 + [8] * 4
    assert halved == straight


def test_that_the_statement_compares_presets_with_the_published_loop(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(preset_statement, "Classifier", BlindClassifier)
    monkeypatch.setattr(preset_statement, "Judge", BlindJudge)
    short = ["--narrow", "--seconds", "0.2", "--seeds", "3", "--out", str(tmp_path)]
    assert preset_statement.main(short) == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    assert [line.split()[0] for line in lines] == ["quickstart", "stock"]
    assert all(float(line.split()[2]) >= 0.2 and line.split()[4].endswith("/10") for line in lines)
    assert len(list(tmp_path.glob("*.png"))) == 2
