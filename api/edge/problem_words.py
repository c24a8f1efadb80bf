"""The words of problem documents that no domain error brings: titles and the web's own errors."""

TITLES: dict[int, dict[str, str]] = {
    400: {"en": "The request cannot be read", "vi": "Không đọc được yêu cầu"},
    401: {"en": "Not signed in", "vi": "Chưa đăng nhập"},
    403: {"en": "Not allowed", "vi": "Không có quyền"},
    404: {"en": "Not found", "vi": "Không tìm thấy"},
    405: {"en": "Method not allowed", "vi": "Không hỗ trợ phương thức này"},
    409: {"en": "In conflict with what is there", "vi": "Mâu thuẫn với dữ liệu hiện có"},
    412: {"en": "Changed meanwhile", "vi": "Đã có người thay đổi"},
    413: {"en": "Too large", "vi": "Quá lớn"},
    415: {"en": "Kind of content not supported", "vi": "Không hỗ trợ loại nội dung này"},
    422: {"en": "The request cannot be used", "vi": "Yêu cầu không dùng được"},
    428: {"en": "A condition is missing", "vi": "Thiếu điều kiện"},
    429: {"en": "Too many requests", "vi": "Quá nhiều yêu cầu"},
    500: {"en": "Something went wrong here", "vi": "Có lỗi ở phía máy chủ"},
    503: {"en": "Not available at the moment", "vi": "Tạm thời chưa phục vụ được"},
}

VALIDATION_VI: dict[str, str] = {
    "missing": "thiếu giá trị bắt buộc",
    "extra_forbidden": "không có trường này",
    "json_invalid": "nội dung không phải JSON hợp lệ",
    "string_type": "phải là chuỗi ký tự",
    "string_too_short": "cần ít nhất {min_length} ký tự",
    "string_too_long": "nhiều nhất {max_length} ký tự",
    "string_pattern_mismatch": "không đúng mẫu {pattern}",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "float_type": "phải là số",
    "float_parsing": "phải là số",
    "finite_number": "phải là số hữu hạn",
    "value_error": "giá trị không hợp lệ",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than": "phải nhỏ hơn {lt}",
    "less_than_equal": "phải từ {le} trở xuống",
    "enum": "phải là một trong: {expected}",
    "literal_error": "phải là một trong: {expected}",
    "list_type": "phải là danh sách",
    "dict_type": "phải là đối tượng",
    "model_attributes_type": "phải là đối tượng JSON",
    "too_long": "nhiều nhất {max_length} phần tử",
    "too_short": "cần ít nhất {min_length} phần tử",
    "date_from_datetime_parsing": "ngày phải có dạng YYYY-MM-DD",
    "date_parsing": "ngày phải có dạng YYYY-MM-DD",
    "datetime_parsing": "thời điểm phải theo ISO 8601",
}

_PLAIN: dict[int, tuple[str, str, str]] = {
    400: (
        "request.unreadable",
        "The request's body cannot be read. Send what the API's description says.",
        "Không đọc được nội dung yêu cầu. Hãy gửi đúng như mô tả của API.",
    ),
    404: (
        "path.not_found",
        "There is nothing at this address. The API's description is at /openapi.json.",
        "Không có gì ở địa chỉ này. Mô tả của API nằm ở /openapi.json.",
    ),
    405: (
        "method.not_allowed",
        "This address does not take that method; the header Allow names those it takes.",
        "Địa chỉ này không nhận phương thức đó; tiêu đề Allow cho biết các phương thức được nhận.",
    ),
    413: (
        "request.too_large",
        "The request is larger than the service takes. Send a smaller file.",
        "Yêu cầu lớn hơn mức cho phép. Hãy gửi tệp nhỏ hơn.",
    ),
}


def plain_words(status: int) -> tuple[str, str, str]:
    """Code, English and Vietnamese text of an error that the web framework raised."""
    title = TITLES.get(status, TITLES[500])
    return _PLAIN.get(status, (f"http.{status}", f"{title['en']}.", f"{title['vi']}."))
