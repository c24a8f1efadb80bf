"""A draft's content as JSON: differences, questions, what is gone, what was left out."""

from dataclasses import asdict
from typing import Any

from data.importers.review.content import Content, Question
from data.importers.review.diff import Review, row_json


def content_json(content: Content, found: Review | None) -> dict[str, Any]:
    """Return a content's differences, questions and the rest, as JSON."""
    rows = {each.where: row_json(each) for each in found.rows} if found else {}
    return {
        "rows": [
            rows.get(item.where, {"where": item.where, "status": "dropped", "changes": {}})
            | {"fields": item.fields, "doubts": item.doubts}
            for item in content.items
        ],
        "questions": [question_json(content, each) for each in content.questions],
        "gone": content.gone,
        "skipped": [asdict(each) for each in content.skipped],
        "totals": [asdict(each) for each in content.totals],
        "remarks": [asdict(each) for each in content.remarks],
        "emptied": [asdict(each) for each in content.emptied],
    }


def question_json(content: Content, question: Question) -> dict[str, Any]:
    """Return a question with the places of its rows and the answers given."""
    return {
        "number": question.number,
        "field": question.field,
        "code": question.code,
        "question": question.en,
        "question_vi": question.vi,
        "candidates": question.candidates,
        "rows": [
            {
                "where": content.items[place].where,
                "title": content.title(content.items[place]),
                "answer": question.answers.get(str(place)),
            }
            for place in question.items
        ],
    }
