"""The ledger of injected faults, for every test that injects one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.ledger import Ledger, Page, case_less, worse, write_page

ROOT = Path(__file__).parent.parent.parent
LEDGER = pytest.StashKey[Ledger]()


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> Page:
    """Write down what a test injects: `ledger.injected(promise=1, injector="kill -9", count=20)`."""
    is_soak = bool(request.config.getoption("--soak"))
    return Page(_ledger(request.config), case_less(request.node.nodeid), is_soak=is_soak)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note what became of each test."""
    report: pytest.TestReport = yield  # type: ignore[misc,assignment]
    if report.when == "call" or report.outcome != "passed":
        outcomes, test = _ledger(item.config).outcomes, case_less(item.nodeid)
        outcomes[test] = worse(outcomes.get(test, "passed"), _outcome(report))
    return report  # type: ignore[return-value]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the page after a soak; one of a part replaces the rows of its own tests."""
    config = session.config
    if config.getoption("--soak"):
        write_page(_ledger(config), ROOT / "docs" / "reliability.md")


def _ledger(config: pytest.Config) -> Ledger:
    return config.stash.setdefault(LEDGER, Ledger())


def _outcome(report: pytest.TestReport) -> str:
    if report.skipped and isinstance(report.longrepr, tuple):
        return f"skipped: {report.longrepr[2].removeprefix('Skipped: ')}"
    return report.outcome
