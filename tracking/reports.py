"""Questions that offices ask again and again, as SQL with parameters: for the pages and for ``dondoc report``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from ingest.errors import NotFound, UsageError


@dataclass(frozen=True, slots=True)
class Report:
    """One question. ``parameters``: name → what a clerk reads for it and the value that holds when none is given."""

    name: str
    title: str
    description: str
    sql: str
    parameters: Mapping[str, tuple[str, str]]

    def values(self, given: Mapping[str, str]) -> dict[str, str]:
        """The values of all parameters.

        :raises UsageError: a parameter that the report does not have.
        """
        if unknown := given.keys() - self.parameters.keys():
            raise UsageError(
                f"báo cáo «{self.name}» không có tham số {', '.join(sorted(unknown))}.",
                remedy=f"Các tham số: {', '.join(self.parameters) or 'không có'}.",
            )
        return {name: given.get(name, usual) for name, (_, usual) in self.parameters.items()}


@cache
def reports() -> Mapping[str, Report]:
    """All reports by name, in the order of the file."""
    text = resources.files("tracking").joinpath("resources", "reports.yaml").read_text("utf-8")
    return {
        name: Report(
            name,
            entry["title"],
            entry["description"],
            entry["sql"].strip(),
            {parameter: (label, str(usual)) for parameter, (label, usual) in entry.get("parameters", {}).items()},
        )
        for name, entry in yaml.safe_load(text).items()
    }


def report(name: str) -> Report:
    """One report.

    :raises NotFound: there is none of that name.
    """
    try:
        return reports()[name]
    except KeyError as error:
        raise NotFound(f"không có báo cáo «{name}».", remedy="Hãy xem tên bằng «dondoc report».") from error
