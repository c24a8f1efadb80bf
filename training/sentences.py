"""Sentences in which investors speak of activities, in five languages, to train the tagger on.

Written for this purpose; `{x}`, `{y}`, `{z}` are terms of one activity. They hold what profiles
hold besides: wishes, sizes, places, kinds of company.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from data.reference.activities import LANGUAGES, Activity, activities

SENTENCES = {
    "vi": (
        "Chúng tôi muốn đầu tư {x}.",
        "Nhà đầu tư {x} tìm địa điểm khoảng 20 ha.",
        "Tìm dự án {x} ở miền Trung",
        "Công ty chuyên về {x}, cần quỹ đất gần cao tốc.",
        "Tập đoàn nước ngoài quan tâm {x}, {y}; ưu tiên nơi có sẵn hạ tầng.",
        "doanh nghiệp {x} mở rộng sản xuất kinh doanh",
        "Xây dựng {x}; {y}",
        "Quỹ đầu tư tìm cơ hội trong lĩnh vực {x}, quy mô vừa và lớn.",
        "Đầu tư {x} tại tỉnh Thanh Hóa",
        "{x}, {y}, {z}",
    ),
    "en": (
        "We want to invest in {x}.",
        "Investor in {x} looking for a site of about 20 ha.",
        "Looking for {x} projects in central Vietnam",
        "A company specialised in {x} needs land near an expressway.",
        "Foreign group interested in {x}, {y}; sites with ready infrastructure preferred.",
        "{x} developer expanding its business",
        "Construction of {x}; {y}",
        "A fund seeking opportunities in {x}, medium to large scale.",
        "Investment in {x} in Thanh Hoa province",
        "{x}, {y}, {z}",
    ),
    "ko": (
        "{x}에 투자하고 싶습니다.",
        "{x} 투자자, 약 20헥타르 부지를 찾습니다.",
        "베트남 중부에서 {x} 사업을 찾고 있습니다",
        "{x} 전문 기업으로 고속도로 인근 부지가 필요합니다.",
        "{x}, {y}에 관심 있는 외국 그룹으로 인프라가 갖춰진 곳을 선호합니다.",
        "{x} 사업 확장을 추진하는 기업",
        "{x} 건설; {y}",
        "{x} 분야에서 중대형 투자 기회를 찾는 펀드입니다.",
        "탄호아성에서 {x} 투자",
        "{x}, {y}, {z}",
    ),
    "ja": (
        "{x}への投資を希望しています。",
        "{x}の投資家で、約20ヘクタールの用地を探しています。",
        "ベトナム中部で{x}の案件を探しています",
        "{x}を専門とする会社で、高速道路に近い土地が必要です。",
        "{x}、{y}に関心のある外資グループで、インフラの整った場所を希望します。",
        "{x}事業の拡大を目指す企業",
        "{x}の建設、{y}",
        "{x}分野で中規模から大規模の投資機会を求めるファンドです。",
        "タインホア省で{x}に投資",
        "{x}、{y}、{z}",
    ),
    "zh": (
        "我们希望投资{x}。",
        "{x}投资者，寻找约20公顷的地块。",
        "在越南中部寻找{x}项目",
        "专业从事{x}的公司，需要靠近高速公路的土地。",
        "外资集团关注{x}、{y}，优先考虑基础设施完善的地点。",
        "计划扩大{x}业务的企业",
        "建设{x}；{y}",
        "在{x}领域寻找中大型投资机会的基金。",
        "在清化省投资{x}",
        "{x}、{y}、{z}",
    ),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A text that speaks of one activity."""

    activity_id: str
    language: str
    text: str


def terms() -> Iterator[Example]:
    """Every term and name by itself."""
    for activity in activities().values():
        for language in LANGUAGES:
            for term in _terms(activity, language):
                yield Example(activity.activity_id, language, term)


def sentences(*, each: int, seed: int) -> Iterator[Example]:
    """``each`` sentences for every activity and language, the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 -- examples, not secrets
    for activity in activities().values():
        for language in LANGUAGES:
            known = _terms(activity, language)
            for _ in range(each if known else 0):
                form = rng.choice(SENTENCES[language])
                x, y, z = (rng.choice(known) for _ in range(3))
                yield Example(activity.activity_id, language, form.format(x=x, y=y, z=z))


def _terms(activity: Activity, language: str) -> list[str]:
    names = {"vi": activity.name_vi, "en": activity.name_en}
    own = [names[language]] if language in names else []
    return list(dict.fromkeys([*activity.terms[language], *own]))
