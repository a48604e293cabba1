"""`gan-studio doctor` and `gan-studio report`: check this machine, and collect what is needed to fix a fault."""

import argparse
import json
from pathlib import Path
from typing import Any

from gan_studio.cli.output import BUG, DONE
from gan_studio.engine.support.report import write_report


def add_machine_commands(commands: Any) -> None:
    """Add both commands to the parser."""
    doctor = commands.add_parser("doctor", help="check whether this machine is ready")
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.set_defaults(command=doctor_command)

    report = commands.add_parser("report", help="collect what is needed to fix a fault of the program in a zip file")
    report.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help="the file to write")
    report.add_argument("--run", type=Path, metavar="DIR", help="include the set-up and the notes of this run")
    report.add_argument("--json", action="store_true", help="print what was written as JSON")
    report.set_defaults(command=report_command)


def doctor_command(options: argparse.Namespace) -> int:
    """Print what the doctor found; the exit code is 0 if everything that training needs is there."""
    from gan_studio.engine.support.doctor import examine

    findings = examine()
    if options.json:
        facts = {
            finding.name: {"ok": finding.ok, "detail": finding.detail, "needed": finding.is_needed}
            for finding in findings
        }
        print(json.dumps(facts))
    else:
        for finding in findings:
            print(finding.line)
    return DONE if all(finding.ok or not finding.is_needed for finding in findings) else BUG


def report_command(options: argparse.Namespace) -> int:
    """Write a report as a zip file."""
    from gan_studio.engine.support.doctor import examine

    write_report(options.out, lambda: (finding.line for finding in examine()), options.run)
    said = f"{options.out}: it holds no names, passwords or pictures. Check it before you pass it on."
    print(json.dumps({"out": str(options.out)}) if options.json else said)
    return DONE
