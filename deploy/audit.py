"""Known vulnerabilities of what is locked: `python -m deploy.audit LOCK...` asks pip-audit, and says when it cannot."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Vulnerable since 2019 (CVE-2019-10906): a list that does not know it knows nothing, as behind some mirrors.
CONTROL = "jinja2==2.10"
# What pip-audit writes when it has looked and found: anything else on a failure means that it could not look.
_FOUND = "known vulnerabilit"
# Enough of an error to recognise it.
_LONGEST_REASON = 160


@dataclass(frozen=True)
class Answer:
    """What pip-audit said of a list of packages: its exit code, its table, and its words beside it."""

    code: int
    table: str
    words: str

    @property
    def found(self) -> bool:
        """Whether it looked and found something."""
        return self.code != 0 and _FOUND in self.words


def verdict(control: Answer, ours: Answer) -> tuple[int, str]:
    """Return exit code and words: 0 nothing is known, 1 something is, 2 nobody could be asked."""
    for answer in (control, ours):
        if answer.code and not answer.found:
            reason = (answer.words.strip().splitlines() or ["no reason given"])[-1][:_LONGEST_REASON]
            return 2, f"Not audited: the list of vulnerabilities cannot be reached from here ({reason})."
    if not control.found:
        return 2, f"Not audited: the list that answers here does not even know the vulnerabilities of {CONTROL}."
    if ours.found:
        return 1, f"{ours.table}\nRaise what is in this table: make lock UPGRADE=--upgrade, then make test."
    return 0, "No known vulnerability in what is locked."


def ask(options: Sequence[str]) -> Answer:
    """Run pip-audit with these options, without installing anything."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


def main(locks: Sequence[str]) -> int:
    """Audit locks and print the outcome."""
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder, "control.txt")
        control.write_text(CONTROL + "\n", encoding="utf-8")
        known = ask(["--no-deps", "--requirement", str(control)])
    code, words = verdict(
        known, ask(["--require-hashes", *(word for lock in locks for word in ("--requirement", lock))])
    )
    print(words)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
