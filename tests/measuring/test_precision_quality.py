"""The comparison of float32 with bfloat16: how it judges, how its products round, and that it can be taken up again."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from benchmarks import precision_quality
from benchmarks.classifier import FASHION
from benchmarks.judge import Verdict
from benchmarks.precision_quality import Outcome, RoundedProducts, Training, compare, main, multiplying, read_outcomes


def outcome(seed: int, precision: str, distance: float) -> Outcome:
    """Make an outcome."""
    return Outcome(Training("quickstart", "cifar10", precision, seed, 10), distance, 10)


def both(*pairs: tuple[float, float]) -> list[Outcome]:
    """Make the outcomes of seeds 0, 1 and so on, each in float32 and in bfloat16."""
    return [
        outcome(seed, precision, distance)
        for seed, pair in enumerate(pairs)
        for precision, distance in zip(("float32", "bfloat16"), pair, strict=True)
    ]


def test_that_pairs_are_compared_by_seed():
    (found,) = compare(both((1.0, 1.1), (2.0, 2.1), (3.0, 3.4)))
    assert found.float32 == (2.0, 1.0)
    assert found.difference == (pytest.approx(0.2), pytest.approx(0.1))
    assert found.is_equal
    assert "equal" in found.line()


@pytest.mark.parametrize(
    ("pairs", "is_equal"),
    [
        ([(1.0, 1.1), (1.01, 1.11), (1.0, 1.101)], False),
        ([(1.0, 1.1), (2.0, 2.1), (3.0, 3.101)], True),
        ([(1.0, 1.5), (1.0, 0.7), (1.0, 1.0)], True),
        ([(1.0, 0.8), (1.01, 0.81), (1.0, 0.801)], False),
    ],
    ids=["far beyond its error and the spread", "half the spread", "within twice its error", "nearer, so different"],
)
def test_that_the_rule_of_equal_quality_has_two_ways_to_hold(pairs: list[tuple[float, float]], is_equal: bool):
    (found,) = compare(both(*pairs))
    assert found.is_equal == is_equal
    assert ("DIFFERENT" in found.line()) != is_equal


def test_that_one_seed_or_half_a_pair_says_nothing():
    assert not list(compare(both((1.0, 1.1))))
    assert not list(compare([*both((1.0, 1.1)), outcome(1, "float32", 1.0)]))


def test_that_products_are_rounded_once():
    left, right = torch.randn(3, 500).bfloat16(), torch.randn(500, 2).bfloat16()
    with RoundedProducts():
        product = left @ right
    assert product.dtype == torch.bfloat16
    assert torch.equal(product, (left.float() @ right.float()).bfloat16())


def test_that_products_of_float32_numbers_are_left_alone():
    left, right = torch.randn(3, 5), torch.randn(5, 2)
    with RoundedProducts():
        product = left @ right
    assert torch.equal(product, left @ right)


def test_that_a_cpu_with_instructions_uses_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(precision_quality, "bfloat16_instructions", lambda: "amx_bf16")
    assert not isinstance(multiplying("bfloat16"), RoundedProducts)
    monkeypatch.setattr(precision_quality, "bfloat16_instructions", lambda: "")
    assert isinstance(multiplying("bfloat16"), RoundedProducts)
    assert not isinstance(multiplying("float32"), RoundedProducts)


class BlindJudge:
    """Stands in for the judge: the distance is the mean of the first weights."""

    def __init__(self, *arguments: object) -> None:
        pass

    def look(self, generator: torch.nn.Module) -> tuple[Verdict, None]:
        """Judge by the first weights."""
        return Verdict(10, (0.1,) * 10, 1.0, float(next(generator.parameters()).double().abs().mean())), None


def test_that_both_precisions_are_trained_from_the_same_start_and_learn_something_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(precision_quality, "Judge", BlindJudge)
    monkeypatch.setattr(precision_quality, "_classifiers", {"fashion-mnist": SimpleNamespace(data=FASHION)})
    found = {
        (precision, steps): precision_quality.train(
            Training("quickstart", "fashion-mnist", precision, 0, steps)
        ).distance
        for precision in ("float32", "bfloat16")
        for steps in (0, 3)
    }
    assert found["float32", 0] == found["bfloat16", 0]
    assert found["float32", 3] != found["bfloat16", 3]
    assert found["float32", 3] == pytest.approx(found["bfloat16", 3], rel=0.02)


def test_that_an_interrupted_comparison_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    rows = both((1.0, 1.1), (2.0, 2.1))
    lines = [
        json.dumps(
            {"training": vars(one.training) | {"data": "fashion-mnist"}, "distance": one.distance, "classes": 10}
        )
        for one in rows
    ]
    (tmp_path / "outcomes.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert len(read_outcomes(tmp_path)) == 4
    assert main([str(tmp_path), "--setups", "quickstart", "--seeds", "0", "1", "--steps", "10"]) == 0
    assert "quickstart   fashion-mnist    2" in capsys.readouterr().out
