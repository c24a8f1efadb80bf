"""What imports say of a file, in Vietnamese: a catalogue of sentences, as gettext keeps one.

A sentence that the catalogue lacks is given in English rather than not at all.
"""

import re
from functools import cache

_SENTENCES = {
    # of files as a whole
    "The file is empty.": "Tệp trống.",
    "The file has no rows.": "Tệp không có dòng nào.",
    "The file has {} bytes; {} is the most.": "Tệp có {} byte; tối đa {}.",
    "This is {}, not {}.": "Đây là {}, không phải {}.",
    "Files ending in {} cannot be read.": "Không đọc được tệp có đuôi {}.",
    "The file is not in UTF-8 but, it seems, in Windows-1258 (Vietnamese) (byte {}).":
        "Tệp không phải UTF-8 mà có vẻ là Windows-1258 (byte {}).",
    "The file is not in UTF-8 (byte {}).": "Tệp không phải UTF-8 (byte {}).",
    "The file is in {} and damaged or cut short.": "Tệp ở mã {} và bị hỏng hoặc bị cắt.",
    "The file holds a NUL byte: it is damaged or not a text file.":
        "Tệp có byte NUL: bị hỏng hoặc không phải tệp văn bản.",
    "The file ends in the middle of this row, after {}: it may be cut short.":
        "Tệp kết thúc giữa dòng này, sau {}: có thể bị cắt.",
    "The file ends in the middle of a letter: it is cut short.":
        "Tệp kết thúc giữa một chữ: đã bị cắt.",
    "The row has {} cells, the header has {}.": "Dòng có {} ô, tiêu đề có {}.",
    "The row has {} cells.": "Dòng có {} ô.",
    "A cell is longer than {} characters; it begins {}.": "Có ô dài hơn {} ký tự; bắt đầu là {}.",
    "The cell is longer than {} characters; it begins {}.": "Ô dài hơn {} ký tự; bắt đầu là {}.",
    "A cell is longer than {} characters.": "Có ô dài hơn {} ký tự.",
    "A quoted cell that begins here is never closed: the file may be cut short.":
        "Ô trong ngoặc kép bắt đầu ở đây không được đóng: tệp có thể bị cắt.",
    "A quote stands inside a quoted cell.": "Có dấu ngoặc kép bên trong ô đã đặt trong ngoặc kép.",
    "There is a header but no row below it.": "Có tiêu đề nhưng không có dòng nào bên dưới.",
    # workbooks, documents, PDF, archives
    "The workbook is damaged ({}).": "Bảng tính bị hỏng ({}).",
    "The workbook is cut short or damaged.": "Bảng tính bị cắt hoặc bị hỏng.",
    "The workbook is encrypted.": "Bảng tính bị mã hóa.",
    "The workbook is protected by a password.": "Bảng tính có mật khẩu.",
    "The workbook holds a document type, as attacks do.":
        "Bảng tính có khai báo kiểu tài liệu như tệp tấn công.",
    "The document holds a document type, as attacks do.":
        "Văn bản có khai báo kiểu tài liệu như tệp tấn công.",
    "A sheet has more than {} rows, empty ones counted.":
        "Có trang hơn {} dòng, kể cả dòng trống.",
    "The sheet has more than {} rows or {} columns.": "Trang có hơn {} dòng hoặc {} cột.",
    "The sheet has more than {} columns.": "Trang có hơn {} cột.",
    "The {} unpacks from {} to {} bytes, which no list of projects does.":
        "Tệp ({}) giải nén từ {} thành {} byte, danh mục dự án không như vậy.",
    "The archive unpacks from {} to {} bytes, which no lists do.":
        "Tệp nén giải ra từ {} thành {} byte, danh mục không như vậy.",
    "The archive is cut short or damaged.": "Tệp nén bị cắt hoặc bị hỏng.",
    "The archive is empty.": "Tệp nén trống.",
    "The archive holds {} files; {} are the most.": "Tệp nén có {} tệp; tối đa {}.",
    "The archive holds another archive.": "Tệp nén chứa tệp nén khác.",
    "The archive holds no list.": "Tệp nén không có danh mục nào.",
    "The archive is protected by a password.": "Tệp nén có mật khẩu.",
    "A file of the archive is larger than it says.": "Một tệp trong tệp nén lớn hơn khai báo.",
    "The document is cut short or damaged.": "Văn bản bị cắt hoặc bị hỏng.",
    "The document is damaged.": "Văn bản bị hỏng.",
    "The document is damaged ({}).": "Văn bản bị hỏng ({}).",
    "The document cannot be read ({}).": "Không đọc được văn bản ({}).",
    "The document is encrypted.": "Văn bản bị mã hóa.",
    "The document's text is too long.": "Văn bản quá dài.",
    "The document holds no table.": "Văn bản không có bảng nào.",
    "This is an archive, not {}.": "Đây là tệp nén, không phải {}.",
    "The PDF is damaged ({}).": "Tệp PDF bị hỏng ({}).",
    "The PDF is cut short or damaged.": "Tệp PDF bị cắt hoặc bị hỏng.",
    "The PDF is protected by a password.": "Tệp PDF có mật khẩu.",
    "The PDF has {} pages; {} are the most.": "Tệp PDF có {} trang; tối đa {}.",
    "The PDF has no pages.": "Tệp PDF không có trang nào.",
    "Reading the PDF takes too long; page {} was reached.":
        "Đọc tệp PDF quá lâu; đã đến trang {}.",
    "The PDF holds no table with lines around its cells.":
        "Tệp PDF không có bảng nào có kẻ ô.",
    "The PDF is scanned: its pages are pictures without text.":
        "Tệp PDF là bản quét: các trang là ảnh, không có chữ.",
    "The PDF holds no text.": "Tệp PDF không có chữ.",
    # header and cells
    "The column {} is there already, at {}.": "Cột {} đã có ở {}.",
    "The required columns are missing: {}.": "Thiếu các cột bắt buộc: {}.",
    "The required column is missing: {}.": "Thiếu cột bắt buộc: {}.",
    "The value {} stands in a column without a name.": "Giá trị {} nằm ở cột không có tên.",
    "{} is not a province.": "{} không phải là tỉnh.",
    "{} is empty.": "{} đang trống.",
    "{} is not a known {}.": "{} không phải {} đã biết.",
    "{} is {} characters long.": "{} dài {} ký tự.",
    "The value cannot be read: {}.": "Không đọc được giá trị: {}.",
    "The {} {} is already in {}.": "{} {} đã có ở {}.",
    "There is no {} {} in the database.": "Cơ sở dữ liệu không có {} {}.",
    # what to do
    "Fetch or save the file again.": "Hãy tải hoặc lưu lại tệp.",
    "Fetch or save the file again; if the row is whole, end it with a line break or save as .xlsx.":
        "Hãy tải hoặc lưu lại tệp; nếu dòng đã đủ, hãy thêm dấu xuống dòng hoặc lưu dạng .xlsx.",
    "Put a header and rows in it.": "Hãy thêm tiêu đề và các dòng.",
    "Add the rows.": "Hãy thêm các dòng.",
    "Shorten it.": "Hãy rút ngắn.",
    "Split it over several files.": "Hãy chia thành nhiều tệp.",
    "Split the list over several files.": "Hãy chia danh mục thành nhiều tệp.",
    "Delete the empty rows, or split the list over several files.":
        "Hãy xóa dòng trống hoặc chia danh mục thành nhiều tệp.",
    "Save it without a password.": "Hãy lưu không có mật khẩu.",
    "Save it without one.": "Hãy lưu không có mật khẩu.",
    "Open it in Excel, save it as .xlsx again, and import that.":
        "Hãy mở bằng Excel, lưu lại dạng .xlsx rồi nhập tệp đó.",
    "Open it in Excel, save it as .xlsx, and import that.":
        "Hãy mở bằng Excel, lưu dạng .xlsx rồi nhập tệp đó.",
    "Open it in Excel, remove the password, save it, and import that.":
        "Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi nhập tệp đó.",
    "Open it in Word, save it as .docx again, and import that.":
        "Hãy mở bằng Word, lưu lại dạng .docx rồi nhập tệp đó.",
    "Open it in Word, save it again, and import that.":
        "Hãy mở bằng Word, lưu lại rồi nhập tệp đó.",
    "Put the list in a table, or save it as .xlsx.":
        "Hãy đặt danh mục trong bảng, hoặc lưu dạng .xlsx.",
    "Give it the right ending.": "Hãy đổi đúng đuôi tệp.",
    "Save the pages with the list as a file of their own.":
        "Hãy lưu riêng các trang có danh mục thành một tệp.",
    "Ask for the list as Excel or Word, or copy its table there, and import that.":
        "Hãy xin danh mục dạng Excel hoặc Word, hoặc chép bảng sang đó rồi nhập.",
    'Save it as "CSV UTF-8" (in Excel: Save As, CSV UTF-8) or as .xlsx, and import that.':
        'Hãy lưu dạng "CSV UTF-8" (trong Excel: Save As, CSV UTF-8) hoặc .xlsx rồi nhập tệp đó.',
    "Put the documents with the lists alone into a new archive, or import them one by one.":
        "Hãy nén riêng các tệp danh mục, hoặc nhập từng tệp.",
    "Copy the list alone into a new {} and import that.":
        "Hãy chép riêng danh mục sang tệp mới rồi nhập tệp đó.",
    "Save the list as .csv (UTF-8), .tsv, .xlsx, .docx or .pdf.":
        "Hãy lưu danh mục dạng .csv (UTF-8), .tsv, .xlsx, .docx hoặc .pdf.",
    "Put the column names in the first row, as docs/import.md lists them.":
        "Hãy ghi tên cột ở dòng đầu như trong docs/import.md.",
    "Remove or rename one of them.": "Hãy bỏ hoặc đổi tên một cột.",
    "Name the column in the first row, or empty it.":
        "Hãy đặt tên cột ở dòng đầu, hoặc để trống ô.",
    "Fill it in, or delete the row.": "Hãy điền, hoặc xóa dòng.",
    "Replace the formula by its value.": "Hãy thay công thức bằng giá trị.",
    "Give one row another id, or remove it.": "Hãy đổi mã một dòng, hoặc bỏ dòng đó.",
    "Correct it, or leave it empty if unknown.": "Hãy sửa, hoặc để trống nếu không rõ.",
    "Write it without the minus sign.": "Hãy ghi không có dấu trừ.",
    "Write YYYY, YYYY-MM or YYYY-MM-DD, or leave it empty if it may be.":
        "Hãy ghi YYYY, YYYY-MM hoặc YYYY-MM-DD, hoặc để trống nếu được.",
    "Write one of the 34 provinces or of the 63 before July 2025, or leave it empty.":
        "Hãy ghi một trong 34 tỉnh, hoặc 63 tỉnh trước tháng 7/2025, hoặc để trống.",
    "The nearest are {}: write one, or leave it empty.":
        "Gần nhất là {}: hãy ghi một tên, hoặc để trống.",
    "The nearest are {}.": "Gần nhất là {}.",
    "The columns there are {}.": "Các cột hiện có: {}.",
    # left out
    "a total": "dòng tổng",
    "a total without a number": "dòng tổng không có số",
    "a remark below the table": "ghi chú dưới bảng",
    "it stands above the header": "nằm trên tiêu đề",
    "it names no project": "không có tên dự án",
    "no header with the names of projects was found": "không thấy tiêu đề có tên dự án",
    "no project stands below {}": "không có dự án nào dưới {}",
    "only sheet {} was read": "chỉ đọc trang {}",
    "the same as {}": "giống {}",
    "date is empty: a deal that has no date cannot be placed in time":
        "thiếu ngày: giao dịch không có ngày thì không xếp được theo thời gian",
}  # fmt: skip
_PLACES = (
    (re.compile(r"\bsheet '"), "trang '"),
    (re.compile(r"\brow (\d)"), r"dòng \1"),
    (re.compile(r"\bcolumn ([A-Z]{1,3})\b"), r"cột \1"),
    (re.compile(r"\btable (\d)"), r"bảng \1"),
    (re.compile(r"\bpage (\d)"), r"trang \1"),
    (re.compile(r"\bline (\d)"), r"dòng \1"),
)
_END = re.compile(r"(?<=[.])\s+(?=[A-Z'])")


def in_vietnamese(text: str) -> str:
    """Return sentences in Vietnamese, as far as the catalogue knows them."""
    parts = _END.split(text)
    told = [_sentence(part) for part in parts]
    whole = _sentence(text) if len(parts) > 1 and not any(told) else None
    if whole is not None:
        return whole
    return " ".join(each or part for each, part in zip(told, parts, strict=True))


def place_in_vietnamese(where: str) -> str:
    """Return a place in a file in Vietnamese: "dòng 3, cột D (province)"."""
    for pattern, words in _PLACES:
        where = pattern.sub(words, where)
    return where


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.escape(english).replace(r"\{\}", "(.+?)"), re.DOTALL), vietnamese)
        for english, vietnamese in _SENTENCES.items()
        if "{}" in english
    )


def _sentence(text: str) -> str | None:
    found = _SENTENCES.get(text)
    if found is not None:
        return found
    for pattern, vietnamese in _patterns():
        hit = pattern.fullmatch(text)
        if hit:
            return vietnamese.format(*map(place_in_vietnamese, hit.groups()))
    return None
