"""Who is likely, and whether anybody is: a call's candidates with their chances, and abstention."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.records import ProjectCall
from data.reference.activities import activities
from matcher.calibration import Calibration
from matcher.doing import LEAST, covers, main_activities, main_tags
from matcher.market import BoolArray, FloatArray, IntArray, Market
from matcher.types import Caution

_MOST_NAMES = 3


@dataclass(frozen=True)
class Judge:
    """Says of a call's shortlist whether it holds anybody, and what it lacks."""

    market: Market
    calibration: Calibration | None

    def chances(self, scores: FloatArray) -> FloatArray | None:
        """(…, n_investors) scores of all investors → their probabilities; None if not learned."""
        return None if self.calibration is None else self.calibration.for_calls(scores)

    def band(self, chance: float | None) -> str | None:
        if chance is None or self.calibration is None:
            return None
        return self.calibration.band(chance)

    def nobody(self, chances: FloatArray | None) -> bool:
        """Whether no investor reaches the probability below which nobody is suggested."""
        if chances is None or self.calibration is None:
            return False
        least = self.calibration.abstention.least
        return bool(np.all(chances < least))

    def cautions(self, *, call: int, shown: IntArray, abstained: bool) -> tuple[Caution, ...]:
        """What to know of a list as a whole: that it is empty in earnest, and what is missing."""
        out: list[Caution] = []
        if abstained:
            out.append(self._nobody(call))
        lacking = self._not_done(call, shown)
        return (*out, lacking) if lacking else tuple(out)

    def _nobody(self, call: int) -> Caution:
        assert self.calibration is not None  # noqa: S101 -- only a calibration abstains
        percent = self.calibration.abstention.least * 100
        missing = _missing(self.market.calls[call], not self._doers(call).size)
        vi, en = f"{percent:.1f}".replace(".", ","), f"{percent:.1f}"
        needs_vi = f" Còn thiếu: {'; '.join(m[0] for m in missing)}." if missing else ""
        needs_en = f" Missing: {'; '.join(m[1] for m in missing)}." if missing else ""
        return Caution(
            "no_suitable_investor",
            f"Chưa có nhà đầu tư phù hợp trong cơ sở dữ liệu: không bên nào đạt khả năng {vi} %; "
            f"những bên nêu dưới đây chỉ là gần nhất.{needs_vi}",
            f"No suitable investor is known: nobody reaches a probability of {en} %; those below "
            f"are only the nearest.{needs_en}",
        )

    def _not_done(self, call: int, shown: IntArray) -> Caution | None:
        """That nobody on the list does what the call is about, and who does."""
        wanted = main_tags(self.market.tags.calls[call])
        doers = self._doers(call)
        if not wanted or not len(shown) or np.isin(doers, shown).any():
            return None
        vi, en = (names_of([tag.activity_id for tag in wanted], x) for x in ("vi", "en"))
        known = [self.market.investors[int(row)].name for row in doers[:_MOST_NAMES]]
        others = f" (+{len(doers) - len(known)})" if len(doers) > len(known) else ""
        who = ", ".join(known) + others
        there_vi = f"Cơ sở dữ liệu có: {who}." if who else "Cơ sở dữ liệu cũng chưa có ai."
        there_en = f"The database holds: {who}." if who else "Neither does anybody in the database."
        return Caution(
            "activity_not_on_list",
            f"Không bên nào trong danh sách được ghi nhận làm hoạt động chính của dự án: {vi}. "
            f"{there_vi}",
            f"Nobody on the list is known to do what the project is mainly about: {en}. {there_en}",
        )

    def _doers(self, call: int) -> IntArray:
        """Rows of investors known for a main activity of the call, by deals on others too."""
        market = self.market
        main = main_activities(market.call_named[[call]])[0]
        if not main.any():
            return np.zeros(0, dtype=np.int64)
        does = np.asarray(self._investors_reach[:, main].any(axis=1))
        of_it = np.asarray(self._calls_reach[:, main].any(axis=1))
        others = market.deal_call != call
        does[market.deal_investor[others & of_it[market.deal_call]]] = True
        return np.flatnonzero(does)

    @cached_property
    def _investors_reach(self) -> BoolArray:
        return covers(self.market.investor_named >= LEAST)

    @cached_property
    def _calls_reach(self) -> BoolArray:
        return covers(self.market.call_named >= LEAST)


def names_of(ids: Sequence[str], language: str) -> str:
    """Activities by name."""
    known = activities()
    return ", ".join(
        known[name].name_en if language == "en" else known[name].name_vi
        for name in ids
        if name in known
    )


def _missing(call: ProjectCall, nobody_does: bool) -> list[tuple[str, str]]:
    """What would help to find somebody, in both languages."""
    out: list[tuple[str, str]] = []
    if nobody_does:
        out.append(("nhà đầu tư đã làm loại dự án này", "investors who have done such projects"))
    if call.capital.vnd.low is None and call.capital.vnd.high is None:
        out.append(("tổng vốn của dự án", "the project's capital"))
    if call.land.ha.low is None and call.land.ha.high is None:
        out.append(("diện tích đất", "the land area"))
    if not call.description:
        out.append(("mô tả dự án", "a description of the project"))
    return out
