"""Places in agency names: "tỉnh Nghệ An", "các huyện, thị xã", "các tỉnh: A, B"."""

from __future__ import annotations

from extract.agencies_reader import APPOSITION, SURNAMES, Found, Piece, Reader
from extract.gazetteer import Place


class PlaceGrammar(Reader):
    """What stands behind an office to say where it is."""

    __slots__ = ()

    def _caps(self, at: int) -> int:
        """End of a run of capitalised words that may be a place name."""
        for level in ("province", "district"):
            length = self.lex.places[level].match(self.tokens, at)[0] if self.cap(at) else 0
            if length and not self.cap(at + length):
                return at + length
        commune = self.lex.places["commune"].match(self.tokens, at)[0] if self.key(at - 1) in {"xa", "phuong"} else 0
        if commune > 1 and not self.cap(at + commune):
            return at + commune
        if self.key(at) in SURNAMES and not self._known_place(at) and all(self.cap(at + i) for i in range(3)):
            return at  # a leader's name behind the office
        k = at
        while k < len(self.tokens) and k - at < 6:
            if self.word("verb", k) > 1 and not self.cap(k + 1):  # "Sở Y tế Khẩn trương …", run together by a lost line break
                break
            if self.keys(k, 2) == "cong hoa":  # the national name beside the issuer, glued by OCR
                break
            word = self.cap(k) and not self.mark(k) and not (k > at and self.starts_agency(k))
            dash = self.key(k) == "-" and k > at and self.cap(k + 1) and self.key(k + 1) not in APPOSITION
            number = self.tokens[k].text.isdigit() and len(self.tokens[k].text) < 3 and self.key(k - 1) in {"quan", "phuong"}  # "Quận 1"
            if word or dash or number:
                k += 1
            else:
                break
        return k

    def persons_name(self, at: int) -> int:
        """End of a person's name ("Trần Văn An"): a family name and one to four more words in capitals; ``at`` where none stands."""
        if self.key(at) not in SURNAMES or not self.cap(at + 1):
            return at
        end = next((k for k in range(at + 1, at + 6) if not self.cap(k) or self.mark(k) or self.word("title", k)), at + 6)
        return end if 2 <= end - at <= 5 else at

    def level(self, at: int) -> int:
        """Length of "cùng cấp" or "các cấp"; "cung cấp" is a verb."""
        same = self.keys(at, 2) == "cung cap" and self.tokens[at].text.lower() == "cùng"
        return 2 if same or self.keys(at, 2) == "cac cap" else 0

    def _place_end(self, at: int) -> int:
        """End of "tỉnh Nghệ An", "thành phố", "cấp huyện", "khu vực IV" or a bare place name after an agency's name."""
        if self.key(at) == "cap" and self.place_unit(at + 1):
            return at + 1 + self.place_unit(at + 1)
        if level := self.level(at):
            return at + level
        if self.keys(at, 2) == "khu vuc":
            k = at + 2
            return k + 1 if k < len(self.tokens) and (self.cap(k) or self.tokens[k].text.isdigit()) else k
        if unit := self.place_unit(at):
            return self._caps(at + unit)
        if at < len(self.tokens) and self.cap(at) and not self.starts_agency(at):
            return self._caps(at)
        if self.keys(at, 2) in {"trung uong", "chi nhanh"}:
            return self._place_end(at + 2)
        return at

    def unit_list(self, at: int) -> tuple[tuple[str, ...], int]:
        """As in "huyện, thị xã và thành phố": the units and where they end."""
        units: list[str] = []
        k = at
        while True:
            start = k
            if units:
                stain = self.key(k) == "." and not self.cap(k + 1)  # a comma misread
                if self.key(k) not in {",", "va", "/", "-"} and not stain:
                    break
                start = k + 1 + (self.key(k) == "," and self.key(k + 1) == "va")
            length = self.place_unit(start)
            if not length or (units and self.starts_agency(start)):  # "Hội … tỉnh, Tỉnh đoàn"
                break
            units.append(self.lex.units.match(self.tokens, start)[1])
            k = start + length
        return tuple(units), k

    def plural_places(self, at: int, head_end: int, head: str) -> Found | None:
        """An office in several places: "UBND các huyện, thị xã", "Sở X các tỉnh: A, B", "UBND xã, phường"."""
        quantifier = self.quantifier(head_end)
        start = head_end + quantifier
        units, k = self.unit_list(start)
        if not units or (not quantifier and len(units) < 2):
            return None
        if self.keys(k, 2) == "truc thuoc" or self.key(k) in {"ven", "mien"}:  # "trực thuộc trung ương", "ven biển"
            k = max(self.modifiers(k, 1), min(k + 2, len(self.tokens)))
        stop = k if quantifier and self.cap(k) else self._from_to(self.modifiers(k, len(units)))
        names_at = stop + (self.key(stop) == ":")
        names = self._place_names(names_at, units) if self.cap(names_at) or self.place_unit(names_at) else None
        if names is not None and (self.key(stop) == ":" or quantifier):
            places, end = names
            pieces = tuple(Piece(f"{head} {place}".strip(), at, end, "committee", places=tuple(places)) for place in places)
            return pieces, end
        group = " ".join(f"{head} {self.slice(head_end, stop)}".split())
        return (Piece(group, at, stop, "group", is_group=True, places=(self.slice(head_end, stop),)),), stop

    def _from_to(self, at: int) -> int:
        """Past "từ Quảng Ninh đến Nghệ An"."""
        if self.key(at) != "tu" or not self.cap(at + 1):
            return at
        to = self._caps(at + 1)
        return self._caps(to + 1) if self.key(to) == "den" and self.cap(to + 1) else at

    def _place_names(self, at: int, units: tuple[str, ...]) -> tuple[list[str], int] | None:
        places: list[str] = []
        k, unit_now = at, units[0]
        while True:
            start = k
            if places:
                if self.key(k) not in {",", ";", "va", "cung"}:
                    break
                start = k + 1 + (self.key(k) in {",", ";"} and self.key(k + 1) == "va")
            unit = self.place_unit(start)
            if unit:
                unit_now = self.lex.units.match(self.tokens, start)[1]
            known = self._known_place(start + unit)
            if not self.cap(start + unit) or (not unit and self.starts_agency(start) and not self._known_place(start)):
                break
            end = self._caps(start + unit)
            alone = end == start + unit + 1 and not known and not self.tokens[end - 1].text.isdigit()
            if end == start + unit or (alone and not self.mark(end)):  # "Niêm yết …" after a colon is a verb
                break
            name = self.slice(start + unit, end)
            places.append(f"{unit_now if unit else self._unit_of(start, name, units, unit_now)} {name}")
            k = end
        return (places, k) if places else None

    def _known_place(self, at: int) -> bool:
        return any(self.lex.places[level].match(self.tokens, at)[0] for level in ("province", "district"))

    def _unit_of(self, at: int, name: str, units: tuple[str, ...], now: str) -> str:
        for level in ("province", "district"):
            length, place = self.lex.places[level].match(self.tokens, at)
            if length and isinstance(place, Place) and place.type in units and len(place.name.split()) >= len(name.split()):
                return place.type
        return now

    def places_alone(self, at: int, inner: int) -> Found | None:
        """As in "các tỉnh: A, B" as doers."""
        if self.keys(inner, 2) == "dia phuong":
            return self._localities(inner + 2)
        units, k = self.unit_list(inner)
        colon = self.key(k) == ":"
        if not units or not (colon or self.cap(k)) or self.starts_agency(k):
            return None
        names = self._place_names(k + colon, units)
        return (tuple(Piece(place, at, names[1], "place") for place in names[0]), names[1]) if names else None

    def _localities(self, at: int) -> Found | None:
        """As in "các địa phương: Nghệ An, Huế": provinces by their full names."""
        k = at + (self.key(at) == ":")
        pieces: list[Piece] = []
        while True:
            length, place = self.lex.places["province"].match(self.tokens, k)
            if not length or not self.cap(k):
                break
            pieces.append(Piece(place.full_name, k, k + length, "place"))
            k += length
            if self.key(k) not in {",", "va"} or not self.cap(k + 1):
                break
            k += 1
        return (tuple(pieces), pieces[-1].stop) if pieces else None
