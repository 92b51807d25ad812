"""Who went on after a body ended, also where its name holds a place: "Sở Giao thông vận tải tỉnh A", "UBND huyện B".

The CSV names bodies without their place. A body of one place follows the same rule with its place; from 1/7/2025 a merged province's
body goes on in the new province, and a district's body in several communes, so that a person must choose among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

from extract.folding import fold
from extract.gazetteer_files import parts, rows
from extract.gazetteer_records import Place, Succession

REFORM = date(2025, 7, 1)
"""First day of the merged provinces and of the communes without districts above them (Luật 72/2025/QH15, Nghị quyết 202/2025/QH15)."""
_OF_PROVINCES = "Nghị quyết 202/2025/QH15 (Huế: 175/2024/QH15)"
_OF_DISTRICTS = "Luật 72/2025/QH15; bảng đối chiếu đơn vị hành chính của Tổng cục Thống kê"
_PARTY = ("Tỉnh ủy", "Thành ủy")
_COMMITTEES = ("UBND", "HĐND")
_UNITS = ("tỉnh", "thành phố")


class Successions:
    """The steps of the CSV and those that follow from the merged provinces and ended districts."""

    __slots__ = ("_districts", "_receivers", "_rules", "_was")

    def __init__(self, rules: Iterable[Succession], places: Iterable[Place]) -> None:
        self._rules: dict[str, list[Succession]] = {}
        for rule in rules:
            self._rules.setdefault(fold(rule.old), []).append(rule)
        listed = list(places)
        new = {place.name: place for place in listed if place.level == "province" and place.valid_to is None}
        self._was: dict[str, tuple[Place, Place | None]] = {}
        self._districts: dict[str, list[Place]] = {}
        for place in listed:
            if place.level == "province" and place.successor:
                after = new.get(place.successor)
                self._was[fold(place.full_name)] = (place, after if after and after.full_name != place.full_name else None)
            elif place.level == "district":
                self._districts.setdefault(fold(place.full_name), []).append(place)
        self._receivers = _receivers({place.code: place for place in listed if place.level == "commune"})

    def steps(self, name: str) -> tuple[Succession, ...]:
        """The direct steps from a body, by name; its place may stand in the name."""
        if own := self._rules.get(fold(name)):
            return tuple(own)
        return tuple(self._of_party(name)) or tuple(self._of_district(name)) or tuple(self._of_province(name))

    def _of_party(self, name: str) -> Iterator[Succession]:
        for head in _PARTY:
            if fold(name).startswith(fold(head) + " "):
                short = name[len(head) :].strip()
                for unit in _UNITS:
                    _, after = self._was.get(fold(f"{unit} {short}"), (None, None))
                    if after is not None:
                        new = "Thành ủy" if after.type == "thành phố" else "Tỉnh ủy"
                        yield Succession(name, f"{new} {after.name}", REFORM, source=_OF_PROVINCES)
                        return

    def _of_district(self, name: str) -> Iterator[Succession]:
        head, _, place = name.partition(" ")
        known = self._districts.get(fold(place)) if head in _COMMITTEES else None
        if known:
            # The same name in two provinces: which of them is meant is not known, so that nobody can be offered.
            communes = self._receivers.get(known[0].code, ()) if len(known) == 1 else ()
            yield Succession(name, None, REFORM, source=_OF_DISTRICTS, candidates=tuple(f"{head} {each.full_name}" for each in communes))

    def _of_province(self, name: str) -> Iterator[Succession]:
        found = next(((at, name[at:]) for at in _breaks(name) if fold(name[at:]) in self._was), None)
        if found is None:
            return
        at, place = found
        base, full = name[:at].strip(), fold(place)
        unit = place.split(" ", 1)[0] if place.lower().startswith("tỉnh") else " ".join(place.split()[:2])
        rest = place[len(unit) :].strip()
        rules = self._rules.get(fold(base)) or self._rules.get(fold(f"{base} tỉnh")) or []
        for rule in rules:
            yield Succession(name, _with_place(rule.new, unit, rest), rule.date, rule.subject, rule.source)
        before, after = self._was[full]
        if after is not None and before.valid_to is not None and not any(rule.subject is None for rule in rules):
            since = before.valid_to + timedelta(days=1)
            yield Succession(name, f"{base} {after.full_name}".strip(), since, source=_OF_PROVINCES)


def _with_place(new: str | None, unit: str, rest: str) -> str | None:
    """As in "Thuế tỉnh" + "tỉnh Hà Giang"; a regional body has no province."""
    if new is None or "khu vực" in new:
        return new
    return f"{new.removesuffix(' tỉnh')} {unit} {rest}"


def _breaks(name: str) -> Iterator[int]:
    """Where a place may begin in a name: at "tỉnh" or "thành phố" behind the first word, or at the head."""
    low = name.lower()
    for unit in _UNITS:
        at = low.find(unit)
        while at >= 0:
            if at == 0 or low[at - 1] == " ":
                yield at
            at = low.find(unit, at + 1)


@lru_cache(maxsize=1)
def _communes_of() -> dict[str, tuple[str, ...]]:
    return {row["district"]: parts(row["communes"]) for row in rows("district_communes.csv")}


def _receivers(communes: Mapping[str, Place]) -> dict[str, tuple[Place, ...]]:
    return {district: tuple(communes[code] for code in codes if code in communes) for district, codes in _communes_of().items()}
