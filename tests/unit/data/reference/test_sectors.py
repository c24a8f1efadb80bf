"""Sectors: headings of many sources, one taxonomy."""

import pytest

from data.reference.csvtable import table
from data.reference.sectors import resolve_sectors, sectors


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("A. LĨNH VỰC CÔNG NGHIỆP", ("manufacturing",)),
        ("II. Nông, lâm nghiệp và thủy sản", ("agri",)),
        ("Hạ tầng khu công nghiệp", ("industrial-park",)),
        ("I. LĨNH VỰC HẠ TẦNG KHU CÔNG NGHIỆP, CỤM CÔNG NGHIỆP", ("industrial-park",)),
        ("Văn hoá – thể thao – du lịch", ("culture-sport", "tourism")),
        ("Lĩnh vực Y tế, giáo dục", ("health", "education")),
        ("energy; ict|agri", ("energy", "ict", "agri")),
        ("관광", ("tourism",)),
        ("Lending", ("finance",)),
    ],
)
def test_resolve_sectors_reads_headings(heading: str, codes: tuple[str, ...]) -> None:
    match = resolve_sectors(heading)
    assert (match.codes, match.known, match.as_written) == (codes, True, heading)


@pytest.mark.parametrize("heading", ["", "Curated Web", "E-Tech", "A. DANH MỤC DỰ ÁN", "L2"])
def test_resolve_sectors_unknown_keeps_the_heading(heading: str) -> None:
    match = resolve_sectors(heading)
    assert (match.codes, match.known, match.as_written) == ((), False, heading)


def test_sector_tables_use_known_codes() -> None:
    for name, column in (("sector_headings.csv", "codes"), ("sector_words.csv", "code")):
        for row in table(name):
            assert set(row[column].split("|")) <= set(sectors())


def test_every_sector_name_resolves_to_itself() -> None:
    for sector in sectors().values():
        for name in (sector.code, sector.name_vi, sector.name_en, sector.name_ko, sector.name_ja):
            assert resolve_sectors(name).codes == (sector.code,)
