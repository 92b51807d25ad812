"""Datasette's pages in Vietnamese: phrases of its templates are replaced as they are loaded, so no copy of them has to be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import BaseLoader, Environment

_DATA = {"This data as {%": "Tải dữ liệu dạng {%"}
_EDITOR = {
    "Run SQL": "Chạy câu lệnh",
    ">Format SQL<": ">Trình bày lại<",
    '<textarea id="sql-editor"': '<textarea id="sql-editor" aria-label="Câu SQL"',
}
_COUNT = '{{ "{:,}".format(%s) }} row{%% if %s == 1 %%}{%% else %%}s{%% endif %%}'

PHRASES: dict[str, dict[str, str]] = {
    "base.html": {"<html>": '<html lang="vi">'},
    "_crumbs.html": {
        '<a href="{{ item.href }}">{{ item.label }}</a>': (
            '{% if item.label == "home" %}<a href="/">Tổng quan</a> / <a href="/sql">Báo cáo</a>'
            '{% else %}<a href="{{ item.href }}">{{ item.label }}</a>{% endif %}'
        ),
    },
    "query.html": {
        **_DATA,
        **_EDITOR,
        (
            "Custom SQL query{% if display_rows %} returning {% if truncated %}more than {% endif %}"
            '{{ "{:,}".format(display_rows|length) }} '
            "row{% if display_rows|length == 1 %}{% else %}s{% endif %}{% endif %}"
        ): "Kết quả{% if display_rows %}: {% if truncated %}hơn {% endif %}{{ display_rows|length }} dòng{% endif %}",
        '<a href="{{ show_hide_link }}">{{ show_hide_text }}</a>': (
            '<a href="{{ show_hide_link }}">{{ "ẩn câu SQL" if show_hide_text == "hide" else "xem câu SQL" }}</a>'
        ),
        "<h3>Query parameters</h3>": "<h3>Điều kiện</h3>",
        # What a report calls its parameters; a query of somebody's own has only their names.
        '<label for="qp{{ loop.index }}">{{ name }}</label>': (
            '<label for="qp{{ loop.index }}">{{ (metadata.labels or {}).get(name, name) }}</label>'
        ),
        ">Edit SQL<": ">Sửa câu SQL<",
        ">0 results<": ">Không có dòng nào.<",
    },
    "database.html": {
        **_EDITOR,
        "<h3>Custom SQL query</h3>": "<h3>Câu SQL</h3>",
        ">Queries<": ">Báo cáo<",
        ">Tables<": ">Bảng<",
        ">Views<": ">Khung nhìn<",
        _COUNT % ("table.count", "table.count"): '{{ "{:,}".format(table.count).replace(",", ".") }} dòng',
        '{{ "{:,}".format(hidden_count) }} hidden table{% if hidden_count == 1 %}{% else %}s{% endif %}': "{{ hidden_count }} bảng phụ",
        "... and <a": "và <a",
    },
    "table.html": {
        **_DATA,
        "(view)": "(khung nhìn)",
        _COUNT % ("filtered_table_rows_count", "filtered_table_rows_count"): (
            '{{ "{:,}".format(filtered_table_rows_count).replace(",", ".") }} dòng'
        ),
        ">- column -<": ">- cột -<",
        ">- remove filter -<": ">- bỏ điều kiện -<",
        '<select name="_filter_column">': '<select name="_filter_column" aria-label="Cột">',
        '<select name="_filter_op">': '<select name="_filter_op" aria-label="So sánh">',
        '<input type="text" name="_filter_value" class': '<input type="text" name="_filter_value" aria-label="Giá trị" class',
        '<select name="_filter_column_{{ loop.index }}">': '<select name="_filter_column_{{ loop.index }}" aria-label="Cột">',
        '<select name="_filter_op_{{ loop.index }}">': '<select name="_filter_op_{{ loop.index }}" aria-label="So sánh">',
        'name="_filter_value_{{ loop.index }}" class': 'name="_filter_value_{{ loop.index }}" aria-label="Giá trị" class',
        '<select name="_sort" id="sort_by">': '<select name="_sort" id="sort_by" aria-label="Sắp xếp">',
        ">Sort...<": ">Sắp xếp…<",
        ">Sort by {{": ">Theo {{",
        "> descending<": "> giảm dần<",
        'value="Apply"': 'value="Lọc"',
        "View and edit SQL": "Xem và sửa câu SQL",
        '(<a href="#export">advanced</a>)': '(<a href="#export">cách khác</a>)',
        ">Next page<": ">Trang sau<",
        "<h3>Advanced export</h3>": "<h3>Tải dữ liệu cách khác</h3>",
        "JSON shape:": "Dạng JSON:",
        "CSV options:": "CSV:",
        "> download file<": "> tải thành tệp<",
        "> expand labels<": "> kèm nhãn<",
        "> stream all rows<": "> tất cả các dòng<",
        'value="Export CSV"': 'value="Tải CSV"',
    },
    "_table.html": {">0 records<": ">Không có dòng nào.<"},
    "row.html": {
        **_DATA,
        "<h2>Links from other tables</h2>": "<h2>Được nhắc trong bảng khác</h2>",
        _COUNT % ("other.count", "other.count"): '{{ "{:,}".format(other.count).replace(",", ".") }} dòng',
        "from {{ other.other_column }} in {{ other.other_table }}": "ở cột {{ other.other_column }} của bảng {{ other.other_table }}",
    },
    "error.html": {"Error {{ status }}": "Không thực hiện được ({{ status }})"},
}
"""Template → what stands there → what is shown."""


class Vietnamese(BaseLoader):
    """A loader's templates with :data:`PHRASES` replaced."""

    def __init__(self, inner: BaseLoader) -> None:
        self.inner = inner

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The source in Vietnamese."""
        source, name, fresh = self.inner.get_source(environment, template)
        # «default:x.html» names Datasette's own.
        for phrase, words in PHRASES.get(template.removeprefix("default:"), {}).items():
            source = source.replace(phrase, words)
        return source, name, fresh

    def list_templates(self) -> list[str]:
        """As there."""
        return self.inner.list_templates()


def translate(env: Any) -> None:
    """Have a Datasette's pages speak Vietnamese."""
    env.loader = Vietnamese(env.loader)
