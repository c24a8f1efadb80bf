"""An import or a draft told on the terminal: differences, questions, what is gone, what is next."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data.importers.review.fields import shown
from data.importers.vietnamese import in_vietnamese, place_in_vietnamese
from data.quantities import Interval
from data.quantities.wording import plain_amount

MOST_SHOWN = 20
_FIELDS_VI = {
    "title": "tên",
    "title_en": "tên tiếng Anh",
    "sector": "lĩnh vực",
    "sectors": "lĩnh vực",
    "province": "tỉnh",
    "home_province": "tỉnh",
    "location": "địa điểm",
    "description": "mô tả",
    "land_ha": "diện tích",
    "capital": "vốn",
    "form": "hình thức",
    "status": "tình trạng",
    "published_on": "ngày công bố",
    "closes_on": "hạn",
    "name": "tên",
    "country": "nước",
}
_KINDS_VI = {
    "calls": "dự án",
    "investors": "nhà đầu tư",
    "deals": "giao dịch",
    "programmes": "chương trình",
    "offers": "chào bán",
    "requests": "nhu cầu mua",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Words:
    """Sentences in one language; each method gives the lines of one part."""

    def __init__(self, language: str) -> None:
        self.vi = language == "vi"

    def say(self, vi: str, en: str) -> str:
        return vi if self.vi else en

    def place(self, where: str) -> str:
        return place_in_vietnamese(where) if self.vi else where

    def field(self, name: str) -> str:
        if name.startswith("notes."):
            return name.removeprefix("notes.")
        return _FIELDS_VI.get(name, name) if self.vi else name

    def counts(self, file: str, kind: str, rows: int, counts: Mapping[str, int]) -> str:
        """Return the one line that sums an import up."""
        noun = kind if rows != 1 else kind.removesuffix("s")
        new, changed, same = (counts[name] for name in ("new", "changed", "same"))
        return self.say(
            f"{file}: {rows} {_KINDS_VI.get(kind, kind)}: {new} mới, {changed} thay đổi, "
            f"{same} giữ nguyên.",
            f"{file}: {rows} {noun}: {new} new, {changed} changed, {same} the same.",
        )

    def differences(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Give each changed row with its fields, old → new."""
        changed = [row for row in rows if row["status"] == "changed"]
        if changed:
            yield self.say("Thay đổi:", "Changed:")
        for row in changed[:MOST_SHOWN]:
            yield f"  {self.place(row['where'])}, {row['title'][:80]} [{row['id']}]"
            for name, pair in row["changes"].items():
                yield f"    {self.field(name)}: {shown(pair['old'])} → {shown(pair['new'])}"
        yield from self._more(changed)

    def new_rows(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Give the first new rows by name."""
        new = [row for row in rows if row["status"] == "new"]
        if new:
            yield self.say("Mới:", "New:")
        for row in new[:5]:
            yield f"  {self.place(row['where'])}, {row['title'][:80]}"
        if len(new) > 5:
            yield self.say(f"  … và {len(new) - 5} mục nữa", f"  … and {len(new) - 5} more")

    def gone(self, calls: Sequence[Mapping[str, str]], withdrawn: bool) -> Iterator[str]:
        """Give the calls that an earlier edition had."""
        if not calls:
            return
        yield (
            self.say(
                "Đã đóng vì không còn trong danh mục:", "Closed, as the list has them no more:"
            )
            if withdrawn
            else self.say(
                "Có trong danh mục trước, không còn trong danh mục này (rút lại?). "
                "Chỉ đóng khi xác nhận với --withdraw:",
                "In an earlier list and not in this one (withdrawn?). "
                "Closed only if you confirm with --withdraw:",
            )
        )
        for each in calls[:MOST_SHOWN]:
            yield f"  {each['call_id']}: {each['title'][:80]}"
        yield from self._more(calls)

    def questions(self, asked: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Give the numbered questions that no one has answered yet, with their candidates."""
        still = [each for each in asked if any(row["answer"] is None for row in each["rows"])]
        if not still:
            return
        count = len(still)
        noun = "question" if count == 1 else "questions"
        yield self.say(f"{count} câu hỏi:", f"{count} {noun}:")
        for each in still[:MOST_SHOWN]:
            yield self._question(each)
            rows = [row for row in each["rows"] if row["answer"] is None]
            for place, row in enumerate(each["rows"], start=1):
                if len(rows) > 1 and row["answer"] is None and place <= 5:
                    where = self.place(row["where"])
                    yield f"       {each['number']}.{place}  {where}, {row['title'][:70]}"
        yield from self._more(still)

    def _question(self, each: Mapping[str, Any]) -> str:
        rows = each["rows"]
        first = next(row for row in rows if row["answer"] is None)
        more = len(rows) - 1
        others = self.say(f" (và {more} dòng nữa)", f" (and {more} more)") if more else ""
        text = each["question_vi"] if self.vi else each["question"]
        options = "  ".join(
            f"{letter}) {candidate}"
            for letter, candidate in zip(_LETTERS, each["candidates"], strict=False)
        )
        title = f" {first['title'][:60]}" if first["title"] else ""
        said = f"  {each['number']:>2}. {self.place(first['where'])}{others}{title}: {text}"
        return f"{said}\n       {options}" if options else said

    def _more(self, listed: Sequence[object]) -> Iterator[str]:
        left = len(listed) - MOST_SHOWN
        if left > 0:
            yield self.say(
                f"  … và {left} mục nữa; --json liệt kê tất cả.",
                f"  … and {left} more; --json lists them all.",
            )

    def totals(self, totals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Give the stated totals that are not the sum of their rows."""
        wrong = [each for each in totals if not each["agrees"]]
        if wrong:
            yield self.say("Tổng không khớp:", "Totals that do not agree:")
        for each in wrong[:MOST_SHOWN]:
            unit = "VND" if each["field"] == "capital" else "ha"
            stated, computed = (
                plain_amount(Interval(each[name], each[name]), unit)
                for name in ("stated", "computed")
            )
            yield self.say(
                f"  {self.place(each['where'])} ({self.field(each['field'])}): ghi {stated}, "
                f"các dòng cộng lại {computed}",
                f"  {each['where']} ({each['field']}): it states {stated}, "
                f"its rows add up to {computed}",
            )
        yield from self._more(wrong)

    def skipped(self, skipped: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """Give what was left out of the file, and why."""
        label = self.say("Bỏ qua", "Left out")
        for each in skipped[:MOST_SHOWN]:
            why = (each.get("why_vi") or in_vietnamese(each["why"])) if self.vi else each["why"]
            yield f"{label}: {self.place(each['where'])}, {why}."
        if len(skipped) > MOST_SHOWN:
            left = len(skipped) - MOST_SHOWN
            yield self.say(
                f"Bỏ qua: còn {left} mục; --json liệt kê tất cả.",
                f"Left out: {left} more; --json lists them all.",
            )

    def remarks(self, remarks: Sequence[Mapping[str, str]]) -> Iterator[str]:
        for each in remarks:
            yield each["vi"] if self.vi else each["en"]

    def emptied(self, emptied: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Give the values left empty because they were read with too little confidence."""
        if emptied:
            yield self.say(
                "Để trống vì đọc không đủ chắc chắn:",
                "Left empty, read with too little confidence:",
            )
        for each in emptied[:MOST_SHOWN]:
            text = " ".join(each["text"].split())[:80]
            place = f"{self.place(each['where'])} ({self.field(each['field'])})"
            yield f"  {place}: {text!r}, {each['confidence']:g}"
        yield from self._more(emptied)

    def next_steps(self, draft_id: str) -> Iterator[str]:
        """Say how to go on with a draft."""
        yield self.say(
            f"Chưa nhập gì; đang chờ ở bản nháp {draft_id}. Tiếp theo:",
            f"Nothing was taken over yet; it waits as draft {draft_id}. Go on with:",
        )
        answer = self.say("trả lời một câu hỏi", "answer a question")
        yield f"  ketnoi drafts answer {draft_id} QUESTION ANSWER    {answer}"
        confirm = self.say("nhập như đã đọc", "take it over, open questions as read")
        yield f"  ketnoi drafts confirm {draft_id} [--withdraw]      {confirm}"
        discard = self.say("bỏ bản nháp", "give it up")
        yield f"  ketnoi drafts discard {draft_id}                   {discard}"
