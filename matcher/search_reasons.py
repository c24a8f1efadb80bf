"""Why a call answers a text: what both speak of, in whose words, in Vietnamese and English."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.records import ProjectCall
from data.reference.activities import activities
from data.reference.surroundings import surroundings
from embeddings.tagging import Tag
from matcher.activities import activity_similarity
from matcher.landscape import call_surroundings
from matcher.preferences import PlaceMet
from matcher.query import Query
from matcher.types import Evidence, Reason
from matcher.wording import words

_LEAST = 0.35  # of one activity that another must give to be named beside it
_MOST_WORDS = 5


@dataclass(frozen=True)
class Told:
    """A query, a call, the call's tags, what each part of the score gives it, the place met."""

    query: Query
    call: ProjectCall
    tags: Sequence[Tag]
    shares: Mapping[str, float]
    place: PlaceMet | None = None


def reasons(told: Told) -> tuple[Reason, ...]:
    """The parts that speak for the call, strongest first; their contributions add up."""
    found = [
        reason
        for code, tell in _TELL.items()
        if (share := round(told.shares.get(code, 0.0), 4)) > 0
        for reason in tell(told, share)
    ]
    return tuple(sorted(found, key=lambda reason: (-reason.contribution, reason.code)))


def _activity(told: Told, share: float) -> Iterator[Reason]:
    pairs = sorted(_pairs(told), key=lambda pair: -pair[0])
    if not pairs:
        yield Reason(
            "activity_match", "Cùng lĩnh vực", "In the same field", share, (_title(told.call),)
        )
        return
    _, wanted, offered = pairs[0]
    asks, has = activities()[wanted.activity_id], activities()[offered.activity_id]
    both = asks is has
    vi = f"Cùng hoạt động: {has.name_vi}" if both else f"Cần {asks.name_vi}, có {has.name_vi}"
    en = f"Both: {has.name_en}" if both else f"Wanted {asks.name_en}, offers {has.name_en}"
    mine = ", ".join(f"“{word}”" for word in wanted.words)
    theirs = ", ".join(f"“{word}”" for word in offered.words)
    fact = Evidence(
        f"Trong yêu cầu: {mine or '—'}; trong dự án: {theirs or told.call.title}",
        f"In the query: {mine or '—'}; in the call: {theirs or told.call.title}",
        told.call.source_url,
        told.call.call_id,
    )
    yield Reason("activity_match", vi, en, share, (fact,))


def _pairs(told: Told) -> Iterator[tuple[float, Tag, Tag]]:
    known = activities()
    for wanted in told.query.tags.wanted:
        for offered in told.tags:
            if wanted.activity_id in known and offered.activity_id in known:
                near = activity_similarity(wanted.activity_id, offered.activity_id)
                if near >= _LEAST:
                    yield near * wanted.confidence * offered.confidence, wanted, offered


def _meaning(told: Told, share: float) -> Iterator[Reason]:
    yield Reason(
        "meaning_match",
        "Nội dung gần với điều cần tìm",
        "Close in meaning to what was asked",
        share,
        (_title(told.call),),
    )


def _words(told: Told, share: float) -> Iterator[Reason]:
    has = {*words(told.call.title), *words(told.call.title_en), *words(told.call.location)}
    met = [word for word in dict.fromkeys(words(told.query.restored)) if word in has]
    pairs = [word for word in met if " " in word]
    shown = [*pairs, *(w for w in met if not any(w in pair.split() for pair in pairs))]
    if not shown:  # words of the activity's names, or of a translation
        yield Reason(
            "words_match",
            "Có từ ngữ của hoạt động cần tìm",
            "Has words of the activity that was asked for",
            share,
            (_title(told.call),),
        )
        return
    listed = ", ".join(f"“{word}”" for word in shown[:_MOST_WORDS])
    yield Reason(
        "words_match",
        f"Có từ ngữ chung: {listed}",
        f"Words in common: {listed}",
        share,
        (_title(told.call),),
    )


def _place(told: Told, share: float) -> Iterator[Reason]:
    met = told.place
    if met is None:
        return
    place = told.call.place
    vi, en = _STANDS[met.kind]
    where = ", ".join(part for part in (told.call.location, place.as_written) if part)
    fact = Evidence(where, where, told.call.source_url, told.call.call_id)
    yield Reason(
        f"{met.kind}_named",
        vi.format(met.name_vi),
        en.format(met.name_en),
        share,
        (fact,),
    )


_STANDS = {
    "site": ("Ở nơi được nêu: {}", "At the place that was named: {}"),
    "province": ("Đúng tỉnh, thành được nêu: {}", "In the province that was named: {}"),
    "region": ("Thuộc vùng được nêu: {}", "In the region that was named: {}"),
}


def _size(told: Told, share: float) -> Iterator[Reason]:
    asked = ", ".join(told.query.text[found.start : found.end] for found in told.query.sizes)
    call = told.call
    has = "; ".join(text for text in (call.land.text, call.capital.text, call.description) if text)
    fact = Evidence(
        has or "Chưa rõ quy mô dự án",
        has or "The size of the project is not known",
        call.source_url,
        call.call_id,
    )
    yield Reason("size_fit", f"Quy mô: cần {asked}", f"Size: wanted {asked}", share, (fact,))


def _landscape(told: Told, share: float) -> Iterator[Reason]:
    has = call_surroundings(told.call)
    met = [surroundings()[name] for name in told.query.around if name in has]
    kin = met or [surroundings()[name] for name in has]
    vi = ", ".join(one.name_vi for one in kin)
    en = ", ".join(one.name_en for one in kin)
    yield Reason(
        "landscape_fit",
        f"Cảnh quan như mong muốn: {vi}" if met else f"Cảnh quan gần như mong muốn: {vi}",
        f"Surroundings as wanted: {en}" if met else f"Surroundings much as wanted: {en}",
        share,
        (_title(told.call),),
    )


def _form(told: Told, share: float) -> Iterator[Reason]:
    has = told.call.form or told.call.title
    fact = Evidence(has, has, told.call.source_url, told.call.call_id)
    yield Reason(
        "form_fit",
        f"Hình thức đầu tư hoặc mặt bằng như mong muốn: {has}",
        f"Form of investment or land as wanted: {has}",
        share,
        (fact,),
    )


def _title(call: ProjectCall) -> Evidence:
    return Evidence(call.title, call.title_en or call.title, call.source_url, call.call_id)


_TELL = {
    "activity_match": _activity,
    "meaning_match": _meaning,
    "words_match": _words,
    "place_fit": _place,
    "size_fit": _size,
    "form_fit": _form,
    "landscape_fit": _landscape,
}
