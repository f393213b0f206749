"""What schemathesis checks beyond its own checks: that docs/api.md knows every problem that is answered."""

import re
from pathlib import Path

import schemathesis


def documented_codes():
    """The codes of problems by status, from the table of docs/api.md."""
    codes = {}
    page = Path(__file__).resolve().parents[2] / "docs" / "api.md"
    for line in page.read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| (\d{3}(?:, \d{3})*)[^|]* \| (.*) \|$", line)
        if row:
            for status in row[1].split(", "):
                codes.setdefault(int(status), set()).update(re.findall(r"`([a-z_]+)`", row[2]))
    return codes


CODES = documented_codes()


@schemathesis.check
def problem_is_documented(context, response, case):
    """A problem names its own status, and its code stands beside that status in docs/api.md."""
    if response.status_code < 400:
        return
    problem = response.json()
    assert problem["status"] == response.status_code, f"The problem says {problem['status']}."
    codes = CODES.get(response.status_code, set())
    assert problem["code"] in codes, f"docs/api.md has no code {problem['code']} with {response.status_code}."
