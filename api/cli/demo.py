"""`ketnoi demo`: the sample loaded, indexed and asked, as a first look."""

from pathlib import Path

import typer

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
REQUEST = "DR048"
"""A Canadian importer's wish for pepper and cinnamon."""
CALLS = ("C0061", "C0133", "C0400")
"""An LNG power plant, a residential area and a coastal resort, all of Thanh Hóa."""


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo() -> None:
    """Load the sample of real calls, investors, deals and goods, and show a few lists."""
    _refuse_own_data()
    from api.cli.goods import goods  # noqa: PLC0415 -- slow import
    from api.cli.imports import Kind, import_command  # noqa: PLC0415 -- slow import
    from api.cli.index import index  # noqa: PLC0415 -- slow import
    from api.cli.shortlists import shortlist  # noqa: PLC0415 -- slow import

    for kind, name in (
        ("investors", "investors.csv"),
        ("calls", "calls.csv"),
        ("deals", "deals.csv"),
        ("programmes", "programmes.json"),
        ("offers", "offers.csv"),
        ("requests", "requests.csv"),
        ("links", "links.csv"),
    ):
        import_command(Kind(kind), SAMPLE / name)
    index()
    for call_id in CALLS:
        typer.echo("")
        shortlist(call_id, top=3)
    typer.echo("")
    goods(request=REQUEST, top=3)
    typer.echo(_NEXT)


def _refuse_own_data() -> None:
    """The sample must not be mixed into a database that somebody works with."""
    import csv  # noqa: PLC0415 -- only the demo reads the sample's ids

    from api.settings import load_settings  # noqa: PLC0415 -- with the database
    from data.errors import KetnoiError  # noqa: PLC0415 -- with the database
    from data.queries import known_ids  # noqa: PLC0415 -- slow import
    from data.session import exists, open_engine, read  # noqa: PLC0415 -- slow import

    settings = load_settings()
    if not exists(settings.database_url):
        return
    with (SAMPLE / "calls.csv").open(encoding="utf-8", newline="") as handle:
        sample = {row["call_id"] for row in csv.DictReader(handle)}
    with read(open_engine(settings.database_url)) as connection:
        own = known_ids(connection, "project_call") - sample
    if own:
        raise KetnoiError(
            "demo.own_data",
            f"{settings.home} holds {len(own)} calls of your own, and the demo would mix the "
            "sample with them. Set KETNOI_HOME to another folder for the demo.",
            f"{settings.home} đang giữ {len(own)} dự án của bạn; bản thử sẽ trộn dữ liệu mẫu vào. "
            "Hãy đặt KETNOI_HOME sang thư mục khác để chạy thử.",
        )


_NEXT = """
Đi tiếp / Where to go from here:
  .venv/bin/ketnoi shortlist C0061 --lang en --export shortlist.xlsx
  .venv/bin/ketnoi opportunities --text "nhà đầu tư bệnh viện tư nhân"
  .venv/bin/ketnoi opportunities --text "해상 풍력 발전 투자" --lang en
  .venv/bin/ketnoi import calls YOUR_CALLS.xlsx --dry-run
  .venv/bin/ketnoi --help"""
