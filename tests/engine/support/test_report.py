"""The log of faults, and the report: what is in them, and what of a person is not."""

import io
import logging
import logging.handlers
import platform
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_studio.__main__ import main
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import RunLog
from gan_studio.engine.support import log as program_log
from gan_studio.engine.support.crash_marker import state_folder
from gan_studio.engine.support.log import Fault, FaultLog, log_folder, log_tail
from gan_studio.engine.support.report import Redaction, write_report
from gan_studio.engine.text.message import EngineError
from tests.engine.commands import answer_of, refusal_of
from tests.engine.references import References

USER, HOST = "zoe-quill", "marmalade-7"


@pytest.fixture
def person(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be somebody with a name, at a machine with a name; returns the home."""
    home = own_home / "homes" / USER
    home.mkdir(parents=True)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, USER)
    monkeypatch.setattr(platform, "node", lambda: f"{HOST}.lan")
    monkeypatch.setattr(socket, "gethostname", lambda: HOST)
    return home


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """Log into the test's own folder."""
    log_folder().mkdir(parents=True)
    handler = logging.handlers.RotatingFileHandler(log_folder() / "gan-studio.log", encoding="utf-8")
    program_log.logger.addHandler(handler)
    monkeypatch.setattr(program_log.logger, "propagate", False)
    yield program_log.logger
    program_log.logger.removeHandler(handler)
    handler.close()


def texts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def raised(words: str) -> Exception:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


# Faults


def test_that_a_fault_is_logged_with_its_trace_and_told_once(log: logging.Logger) -> None:
    faults, told = FaultLog(), list[Fault]()
    faults.listen(told.append)
    for number in range(5):
        faults.take_error("a slot", raised(f"number {number}"))
    faults.take_error("a slot", KeyError("another"))
    assert [fault.summary for fault in told] == ["ValueError: number 0", "KeyError: 'another'"]
    assert "raise ValueError(words)" in told[0].trace
    logged = log_tail(100_000)
    assert logged.count("Traceback") == 1
    assert "a slot: ValueError: number 0\nTraceback" in logged
    assert "number 3 (time 4)" in logged
    assert "number 2" not in logged


def test_that_what_is_met_before_a_window_is_there_waits_for_it(log: logging.Logger) -> None:
    faults, told = FaultLog(), list[Fault]()
    faults.take(Fault("Qt", "too early"))
    faults.listen(told.append)
    assert [fault.summary for fault in told] == ["too early"]


def test_that_what_only_the_log_should_know_is_not_told(log: logging.Logger) -> None:
    faults, told = FaultLog(), list[Fault]()
    faults.listen(told.append)
    faults.take(Fault("Qt", "no such desktop"), is_told=False)
    assert told == []
    assert "no such desktop" in log_tail(1000)


def test_that_a_fault_within_the_handler_ends_there(log: logging.Logger, capfd: pytest.CaptureFixture[str]) -> None:
    faults, told = FaultLog(), list[str]()

    def show(fault: Fault) -> None:
        told.append(fault.summary)
        faults.take(Fault("a notice", "met while it was shown"))
        raise RuntimeError("the notice broke")

    faults.listen(show)
    faults.take(Fault("a slot", "first"))
    assert told == ["first"]
    complaints = capfd.readouterr().err
    assert "met while it was shown" in complaints
    assert "the notice broke" in complaints
    faults.take(Fault("a slot", "second"))
    assert told == ["first", "second"]


def test_that_the_tail_of_the_log_reaches_back_into_older_files(log: logging.Logger) -> None:
    (log_folder() / "gan-studio.log.1").write_text("older\n")
    (log_folder() / "gan-studio.log.2").write_text("oldest\n")
    log.error("newest")
    assert log_tail(1000) == "oldest\nolder\nnewest\n"
    assert log_tail(len("newest\n")) == "newest\n"


# Reports


def test_that_nothing_in_a_report_tells_who_wrote_it(
    person: Path, tmp_path: Path, log: logging.Logger, references: References
) -> None:
    place = person / "runs" / f"cats of {USER}"
    references.copy_to(place)
    config = place / "run.toml"
    secret = f"https://{USER}:hunter2@pictures.example/{HOST}"
    config.write_text(config.read_text() + f'\n[more]\nsource = "{person}/cats"\nurl = "{secret}"\n')
    notes = RunLog(RunFolder(place).log_file)
    notes.append_note(0, 12, f"trained by {USER.upper()} on {HOST}.lan in {person.as_uri()}")
    notes.close()
    log.error("cannot open %s/cats\\%s on %s", person, USER, HOST)
    state_folder().mkdir(parents=True)
    (state_folder() / "crash-1.txt").write_text(f'File "{person}/lib.py" by {USER}@{HOST}')
    write_report(tmp_path / "report.zip", lambda: [f"runs folder {person}/documents"], place)
    texts = texts_of(tmp_path / "report.zip")
    assert set(texts) == {"environment.txt", "doctor.txt", "log.txt", "crashes.txt", "run.toml", "notes.txt"}
    everything = (tmp_path / "report.zip").read_bytes() + "\n".join(texts.values()).encode()
    for secret in (str(person), USER, HOST, "hunter2"):
        assert secret.lower().encode() not in everything.lower()
    assert 'source = "~/cats"' in texts["run.toml"]
    assert "https://pictures.example/" in texts["run.toml"]
    assert "step 12: trained by USER on HOST" in texts["notes.txt"]
    assert "cannot open ~/cats" in texts["log.txt"]
    assert 'File "~/lib.py"' in texts["crashes.txt"]
    assert texts["doctor.txt"] == "runs folder ~/documents"
    assert "torch: " in texts["environment.txt"]


def test_that_variables_of_the_environment_stay_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "tok-8d41c6")
    write_report(tmp_path / "report.zip", lambda: ["fine"])
    assert all("tok-8d41c6" not in text for text in texts_of(tmp_path / "report.zip").values())


def test_that_common_and_short_names_are_taken_out_as_words_only(person: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "root")
    assert Redaction()("root owns runs_root and the roots") == "USER owns runs_USER and the roots"
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "al")
    assert Redaction()("/media/al/also") == "/media/USER/also"


def test_that_what_fails_is_said_where_it_should_stand(tmp_path: Path, references: References) -> None:
    def examine() -> list[str]:
        raise RuntimeError("the driver is gone")

    references.copy_to(tmp_path / "run")
    (tmp_path / "run" / "run.sqlite").write_bytes(b"no database at all" * 100)
    write_report(tmp_path / "report.zip", examine, tmp_path / "run")
    texts = texts_of(tmp_path / "report.zip")
    assert texts["doctor.txt"] == "failed: RuntimeError: the driver is gone"
    assert texts["notes.txt"].startswith("could not be read: ")
    assert "[config" in texts["run.toml"]


def test_that_a_report_that_cannot_be_written_is_told_in_three_parts(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="could not be written"):
        write_report(tmp_path / "gone" / "report.zip", list)


def test_that_the_command_writes_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.zip"
    assert answer_of(capsys, "report", "--out", out) == {"out": str(out)}
    texts = texts_of(out)
    assert "run.toml" not in texts
    assert any(line.split()[1:2] == ["torch"] for line in texts["doctor.txt"].splitlines())
    assert main(["report", "--out", str(tmp_path / "two.zip")]) == 0
    assert "Check it" in capsys.readouterr().out


def test_that_the_command_refuses_a_folder_without_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refusal_of(capsys, "report", "--out", tmp_path / "report.zip", "--run", tmp_path)
    assert "does not hold a run" in told.replace("\n", " ")
    assert not (tmp_path / "report.zip").exists()


def test_that_a_zip_can_be_read_by_anybody(tmp_path: Path) -> None:
    write_report(tmp_path / "report.zip", lambda: ["fine"])
    with zipfile.ZipFile(io.BytesIO((tmp_path / "report.zip").read_bytes())) as archive:
        assert archive.testzip() is None
