"""Known vulnerabilities of the locked packages: `python -m deploy.audit LOCK` asks pip-audit, and says when it cannot."""

import subprocess
import sys

# What pip-audit writes when it has looked: anything else on a failure means that it could not.
_FOUND = "known vulnerabilit"


def verdict(code: int, said: str) -> tuple[int, str]:
    """Return the exit code and the words for what pip-audit did: 0 nothing known, 1 something, 2 nobody could be asked."""
    if code == 0:
        return 0, "No known vulnerability in what is locked."
    if _FOUND in said:
        return 1, "Raise the packages above: make lock UPGRADE=--upgrade, then make test."
    reason = said.strip().splitlines()[-1] if said.strip() else "it said nothing"
    return (
        2,
        f"Not audited: the list of vulnerabilities could not be read ({reason}). Try again where it can be reached.",
    )


def main(lock: str) -> int:
    """Audit a lock and print the outcome."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    code, words = verdict(done.returncode, done.stderr)
    if code == 1:
        print(done.stdout)
    print(words)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
