"""Say in Vietnamese and English why two parties may be one, and what speaks against it."""

from data.identity.compare import Relation
from data.identity.proposals import Proposal

RELATIONS = {
    Relation.SAME: ("cùng một bên", "the same party"),
    Relation.RELATED: ("có liên quan, không phải một bên", "related, not the same party"),
    Relation.VENTURE: ("một bên tham gia liên danh", "one takes part in a venture of the other"),
}

_REASONS = {
    "tax_code": ("cùng mã số thuế {words}", "the same tax code {words}"),
    "name": (
        "cùng tên “{words}”, chỉ khác loại hình hoặc cách viết",
        "the same name “{words}”, differing in legal form or spelling alone",
    ),
    "script": (
        "cùng tên “{words}” viết bằng chữ khác",
        "the same name “{words}” in another script",
    ),
    "known_name": ("một tên khác đã biết của “{words}”", "a known other name of “{words}”"),
    "sound": ("đọc lên nghe như “{words}”", "sounds like “{words}” when read aloud"),
    "acronym": ("“{words}” là chữ viết tắt của tên kia", "“{words}” are the other's initials"),
    "stated_acronym": (
        "tên ghi rõ viết tắt là “{words}”",
        "the name itself gives “{words}” as its short form",
    ),
    "slip": ("“{words}”: hai tên chỉ khác một chữ", "“{words}”: one letter apart"),
    "same_partners": ("cùng các thành viên: {words}", "the same partners: {words}"),
    "country": (
        "“{words}” và công ty ở một nước",
        "“{words}” and its company in one country",
    ),
    "local": ("“{words}” và công ty ở một địa phương", "“{words}” and its company in one place"),
    "field": ("“{words}” và công ty theo lĩnh vực", "“{words}” and its company of one field"),
    "some_fields": ("cùng “{words}” và một phần lĩnh vực", "“{words}” and some fields in common"),
    "sister": ("hai công ty cùng mang tên “{words}”", "two companies that bear “{words}”"),
    "number": ("cùng “{words}” nhưng khác số", "“{words}” with different numbers"),
    "plain_words": ("tên gồm cùng các từ chung", "names of the same plain words"),
    "longer": ("tên này bắt đầu bằng tên kia “{words}”", "one name begins with “{words}”"),
    "contained": ("tên này chứa tên kia “{words}”", "one name contains “{words}”"),
    "begins": ("một từ chứa “{words}”", "one word holds “{words}”"),
    "family": ("cùng thương hiệu “{words}”", "the same brand “{words}”"),
    "in_brackets": ("“{words}” ghi trong ngoặc", "“{words}” stands in brackets"),
    "both_brackets": ("cùng ghi “{words}” trong ngoặc", "“{words}” in the brackets of both"),
    "joined": ("“{words}” là một phần của tên ghép", "“{words}” is a part of a joint name"),
    "venture": ("“{words}” là thành viên liên danh", "“{words}” is a partner of the venture"),
    "shared_partner": ("cùng thành viên “{words}”", "“{words}” is a partner of both"),
}

_DOUBTS = {
    "legal_form": ("khác loại hình công ty", "different legal forms"),
    "branch": ("một bên là chi nhánh hoặc văn phòng", "one is a branch or an office"),
    "common_name": ("tên phổ biến, nhiều công ty dùng", "a common name that many firms bear"),
    "short": ("chữ viết tắt ngắn", "short initials"),
    "tax_codes_differ": ("mã số thuế khác nhau", "different tax codes"),
    "countries_differ": ("khác nước", "different countries"),
    "homes_differ": ("khác tỉnh", "different home provinces"),
    "aliases_only": ("chỉ trùng giữa các tên khác", "only their other names agree"),
    "ambiguous": ("còn bên khác trùng tên", "another party bears the like name"),
    "venture": ("tên liên danh", "a venture's name"),
}


def reason(proposal: Proposal, language: str) -> str:
    """Return why, and what speaks against it, in "vi" or "en": one short line."""
    place = 0 if language == "vi" else 1
    evidence = proposal.evidence
    said = _REASONS[evidence.code][place].format(words=evidence.words)
    doubts = ", ".join(_DOUBTS[doubt][place] for doubt in evidence.doubts)
    but = ("; nhưng ", "; but: ")[place]
    return f"{said}{but}{doubts}" if doubts else said
