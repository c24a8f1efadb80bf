"""`ketnoi goods`: offers for a buyer's request, requests for a seller's offer."""

import json
import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.reference.spelling import nfc

if TYPE_CHECKING:
    from matcher.goods_matching import GoodsMatcher, GoodsSlate

WIDTH = 100
MOST_REASONS = 4
_SAY = {
    "vi": {
        "offers": "Chào hàng phù hợp với: {}",
        "requests": "Yêu cầu mua phù hợp với: {}",
        "check": "cần kiểm tra",
        "none": "Không có kết quả nào phù hợp.",
        "release": "Bản mô hình: {}. Gợi ý để người có thẩm quyền quyết định.",
    },
    "en": {
        "offers": "Offers for: {}",
        "requests": "Purchase requests for: {}",
        "check": "needs check",
        "none": "Nothing suitable was found.",
        "release": "Release: {}. A suggestion; the decision is yours.",
    },
}


def register(app: typer.Typer) -> None:
    app.command("goods")(goods)


def goods(
    request: Annotated[str | None, typer.Option("--request", help="A request's id.")] = None,
    offer: Annotated[str | None, typer.Option("--offer", help="An offer's id.")] = None,
    text: Annotated[
        str | None, typer.Option("--text", help="Goods wanted, in any language.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="How many to show.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="vi or en, for people's texts.")] = "vi",
) -> None:
    """Offers for a request or a text; purchase requests for an offer."""
    if sum(one is not None for one in (request, offer, text)) != 1:
        raise typer.BadParameter("give one of --request ID, --offer ID, --text “…”")
    if lang not in _SAY:
        raise typer.BadParameter(f"{lang!r} is not vi or en", param_hint="--lang")
    if text is not None and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise typer.BadParameter("the text is not UTF-8; set the terminal to UTF-8")
    from api.lists.goods import goods_document, load_goods, log_goods  # noqa: PLC0415 -- slow import
    from api.settings import load_settings  # noqa: PLC0415 -- with the engine
    from data.session import open_engine, read, write  # noqa: PLC0415 -- slow import

    settings = load_settings()
    database = open_engine(settings.database_url)
    with read(database) as connection:
        matcher = load_goods(settings, connection)
    slate = _slate(matcher, request, offer, text, top)
    document = goods_document(slate, matcher, slate_id="")
    with write(database) as connection:
        document["slate_id"] = log_goods(connection, slate, document).slate_id
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        typer.echo(goods_text(slate, document, language=lang))


def _slate(
    matcher: "GoodsMatcher", request: str | None, offer: str | None, text: str | None, n: int
) -> "GoodsSlate":
    if request is not None:
        return matcher.for_request(nfc(request).strip(), n=n)
    if offer is not None:
        return matcher.for_offer(nfc(offer).strip(), n=n)
    return matcher.for_text(nfc(text or ""), n=n)


def goods_text(slate: "GoodsSlate", document: dict[str, Any], *, language: str) -> str:
    """The list for a terminal: each line with its reasons (+), cautions (!) and checks (?)."""
    say = _SAY[language]
    lines = [*_wrapped("", say[slate.kind].format(slate.subject)), ""]
    lines += _all("  ! ", document["cautions"], language)
    for item in document["items"]:
        product = item["product_en"] if language == "en" and item["product_en"] else item["product"]
        party = item.get("seller") or item.get("buyer") or "?"
        name = f"{item['rank']:3}. {product} · {party} [{item[_ID[slate.kind]]}]"
        lines += _wrapped("", f"{name}  {item['score']:.2f}")
        lines += _all("     + ", item["reasons"][:MOST_REASONS], language)
        lines += _all("     ! ", item["cautions"], language)
        for check in item["eligibility"]["checks"]:
            if check["verdict"] != "eligible":
                lines += _wrapped("     ? ", f"{say['check']}: {check[language]}")
    if not document["items"]:
        lines.append(say["none"])
    return "\n".join([*lines, "", *_wrapped("", say["release"].format(slate.release))])


_ID = {"offers": "offer_id", "requests": "request_id"}


def _all(lead: str, told: list[dict[str, str]], language: str) -> list[str]:
    return [line for one in told for line in _wrapped(lead, one[language])]


def _wrapped(lead: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
    )
