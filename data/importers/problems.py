"""What keeps a file from being imported: every problem of it, in one report."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.errors import KetnoiError
from data.importers.vietnamese import in_vietnamese, place_in_vietnamese

__all__ = ["LONGEST_SHOWN", "MOST_SHOWN", "ImportFailed", "Problem", "shown"]

MOST_SHOWN = 50
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (sheet, row, column), the value there, why, what to do.

    `where` and `value` are empty for a problem of the file as a whole. `why` and `remedy` are
    sentences.
    """

    where: str
    value: str
    why: str
    remedy: str

    def in_vietnamese(self) -> str:
        """Return the problem in Vietnamese."""
        said = in_vietnamese(f"{self.why} {self.remedy}".strip())
        return ": ".join(part for part in (place_in_vietnamese(self.where), said) if part)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, f"{self.why} {self.remedy}".strip()) if part)


class ImportFailed(KetnoiError):
    """A file that was refused; nothing of it is in the database."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        count = len(self.problems)
        number = "one problem" if count == 1 else f"{count} problems"
        lines = [f"  {problem}" for problem in self.problems[:MOST_SHOWN]]
        if count > MOST_SHOWN:
            lines.append(f"  … and {count - MOST_SHOWN} more; --json lists them all.")
        listed = "\n".join(lines)
        lines_vi = [f"  {problem.in_vietnamese()}" for problem in self.problems[:MOST_SHOWN]]
        if count > MOST_SHOWN:
            lines_vi.append(f"  … và {count - MOST_SHOWN} lỗi nữa; --json liệt kê tất cả.")
        listed_vi = "\n".join(lines_vi)
        super().__init__(
            "import.failed",
            f"{file} was not imported, the database is as before; {number}:\n{listed}",
            f"{file} chưa được nhập, cơ sở dữ liệu giữ nguyên; {count} lỗi:\n{listed_vi}",
        )


def shown(value: str) -> str:
    """Return a value quoted for a message, cut to a readable length, on one line."""
    line = " ".join(value.split())
    return repr(line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…")
