"""Problems: the status of each kind of error, the language, tags of versions."""

import pytest

from api.edge.etags import check_tag, content_tag, version_of, version_tag
from api.edge.problem_words import TITLES, VALIDATION_VI
from api.errors import ProblemError, language_of, problem_document, status_of
from data.errors import DatabaseError, KetnoiError, NotFound
from data.store import Conflict, StaleVersion
from tests.support.markets import call


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("call.not_found", ""), 404),
        (StaleVersion("version.stale", ""), 412),
        (Conflict("lead.exists", ""), 409),
        (DatabaseError("database.busy", ""), 503),
        (KetnoiError("engine.no_index", ""), 503),
        (KetnoiError("draft.version", ""), 412),
        (KetnoiError("draft.closed", ""), 409),
        (KetnoiError("sign_in.wrong", ""), 401),
        (KetnoiError("import.province", ""), 422),
        (ProblemError(418, "tea", "", ""), 418),
    ],
)
def test_status_by_kind_and_code(error: KetnoiError, status: int) -> None:
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("en;q=0.9, vi;q=1.0", "vi"),
        ("ko, ja;q=0.5", "en"),
        ("*;q=0.1, vi;q=0", "en"),
        (";;q=x,,", "en"),
    ],
)
def test_language_by_weight(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_a_document_has_the_members_of_the_standard() -> None:
    error = KetnoiError("x.y", "What. Do this.", "Gì. Làm thế này.")
    document = problem_document(error, status=422, language="vi", request_id="r1")
    assert document == {
        "type": "urn:ketnoi:problem:x.y",
        "title": "Yêu cầu không dùng được",
        "status": 422,
        "detail": "Gì. Làm thế này.",
        "instance": "urn:ketnoi:request:r1",
        "code": "x.y",
    }


def test_all_words_come_in_both_languages() -> None:
    assert all(title["vi"] and title["en"] for title in TITLES.values())
    assert all(VALIDATION_VI.values())


def test_tags_of_versions_and_contents() -> None:
    assert version_of(version_tag(3).strip('"')) == 3
    assert [version_of(text) for text in ("", "x", "-1", "1.0", "9" * 30)] == [-1] * 5
    one, other = content_tag(call("c1", "A")), content_tag(call("c1", "B"))
    assert one != other
    check_tag(one.strip('"'), one)
    with pytest.raises(StaleVersion):
        check_tag(one.strip('"'), other)
