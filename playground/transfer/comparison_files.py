"""A comparison as a file to download, in each of its formats."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import assert_never

from playground.transfer.comparison_csv import csv_comparison
from playground.transfer.comparison_html import html_comparison
from playground.transfer.comparison_json import json_comparison
from playground.transfer.comparison_markdown import markdown_comparison
from playground.transfer.comparison_view import ComparisonView
from playground.transfer.files import File, file_name


class ComparisonFormat(StrEnum):
    """What a comparison can be exported as; the value is the file's ending."""

    HTML = "html"
    MARKDOWN = "md"
    CSV = "csv"
    JSON = "json"


MEDIA_TYPES = {
    ComparisonFormat.HTML: "text/html",
    ComparisonFormat.MARKDOWN: "text/markdown",
    ComparisonFormat.CSV: "text/csv",
    ComparisonFormat.JSON: "application/json",
}


def comparison_file_name(
    view: ComparisonView, form: ComparisonFormat, zone: dt.tzinfo = dt.UTC
) -> str:
    """Return a name that Linux, macOS and Windows take."""
    name = file_name(view.comparison.title or "Comparison", view.comparison.created_at, zone)
    return f"{name}.{form}"


def export_comparison(
    view: ComparisonView, form: ComparisonFormat, *, at: float, zone: dt.tzinfo = dt.UTC
) -> File:
    """Return the comparison as a file.

    Args:
        view: what is exported.
        form: the format.
        at: the time of the export, in seconds since the epoch.
        zone: the time zone in which times are written for people.
    """
    match form:
        case ComparisonFormat.JSON:
            data = json_comparison(view, at=at)
        case ComparisonFormat.CSV:
            data = csv_comparison(view)
        case ComparisonFormat.MARKDOWN:
            data = markdown_comparison(view, at=at, zone=zone)
        case ComparisonFormat.HTML:
            data = html_comparison(view, at=at, zone=zone)
        case _:
            assert_never(form)
    return File(comparison_file_name(view, form, zone), MEDIA_TYPES[form], data)
