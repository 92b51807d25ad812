"""What the paper says of itself: number, type, issuer, place, date, trích yếu, addressees, signer, nơi nhận, marks of secrecy and haste.

Layout by Nghị định 30/2020/NĐ-CP, Phụ lục I. Works on folded text, since a header that bad OCR left may keep no diacritic; what is
handwritten or missing stays None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from rapidfuzz import fuzz

from extract import gazetteer
from extract.directive import Header
from extract.doctypes import type_of_line
from extract.folding import fold
from extract.headlines import MOTTO, NUMBER_LABEL, OVERWRITTEN_NUMBER, SUBJECT, UPPER, HeadLine, head_lines, mostly_upper
from extract.issuers import Issuers, read_issuers, spelled
from extract.numbers import FULL_NUMBER, repair_number, type_of_number
from extract.signature import read_signature
from extract.subjects import read_addressees, read_subject
from extract.zones import Part

__all__ = ["NUMBER_LABEL", "province_name", "read_header"]

_DATE = re.compile(
    r"\bngay(?P<day>.{0,12}?)\bthang(?P<month>.{0,8}?)\bnam\s*(?P<year>(?:19|20)\s?\d\s?\d)\b|"
    r"\bngay\s+(?P<short>\d{1,2}/\d{1,2}/(?:19|20)\d\d)\b"
)
_DAY_OR_MONTH = re.compile(r"^[\s.,…]*(\d\s?\d?)[\s.,…]*$")
# Digits, then the symbol up to the next word that is not part of it; "Số:      /UBND-NC" (number written by hand) has no digits.
_WRITTEN_NUMBER = re.compile(rf"^[\dOlI](?:\s?[\dOlI])*[a-zđ]?\s*[/-]\s*[^\s,;]+(?:\s*[-/&]\s*[{UPPER}\d][^\s,;]*)*")
# A stamp or specks before the label: "mẹ : Ì§ố:271/KH-UBND".
_SPECKLED_NUMBER = re.compile(r"^.{1,14}?[sS§]\W?[ốo6ó]\s*[:;]\s*(?P<rest>\d.*)$")
# Party papers and careless typists leave the colon out: "Số 285-QĐ/TU".
_NUMBER_WITHOUT_COLON = re.compile(r"^\W*(?:số|so)\s+(?P<rest>\d{1,5}\s?[a-z]?\s?[-/]\s?[A-ZĐ].*)$", re.IGNORECASE)
_ATTACHED_TO = re.compile(
    r"\(\s*(?:Ban hành )?[Kk]èm theo [^()]*?ngày (?P<day>\d{1,2}) tháng (?P<month>\d{1,2}) năm (?P<year>\d{4}) "
    r"của (?P<issuer>[^();,]{3,60})\)"
)
# Characters of the body; the brackets stand below the title of an appendix.
_NEAR_TOP = 300
_SHORT_LINE = 45
# Digits in the gap of the number or of the day are mostly written by hand, and Tesseract guesses them: on 17 scanned papers of seven
# offices it gave such a guess at most .85 and typed days at least .95, but typed months as little as .72.
_IN_A_GAP = 0.9
_HANDWRITTEN = 0.5
_PLACE_IN_NAME = re.compile(r"\b(?:tỉnh|thành phố) (.+)$")
# Of 100; two names of provinces that differ are never as alike.
_SAME_PLACE = 75
_URGENCY = {"hoa toc hen gio": "Hỏa tốc hẹn giờ", "hoa toc": "Hỏa tốc", "thuong khan": "Thượng khẩn", "khan": "Khẩn"}
_URGENT = re.compile(r"^\W*(?:do khan\W+)?(?P<mark>hoa toc(?: hen gio)?|thuong khan|khan)\W*(?:cap)?\W*$")
_URGENT_BEHIND = re.compile(r"\b(?P<mark>HO[ẢA] TỐC|HỎA TỐC|HÓA TỐC|THƯỢNG KHẨN|KHẨN)\W*$")
_SECRET = re.compile(r"^\W*(?:độ mật\W+)?(?P<mark>tuyệt\s+m[ậâ]t|tối\s+m[ậâ]t|m[ậâ]t)\W*$", re.IGNORECASE)
_SECRECY = {"t": "Tuyệt mật", "o": "Tối mật", "m": "Mật"}
_ORDERER = re.compile(r"\b(?:UBND|Ủy ban nhân dân) (?P<level>tỉnh|thành phố|huyện|thị xã|quận)\b", re.IGNORECASE)
_OF_PROVINCE = re.compile(
    rf"\b(?:tỉnh|thành phố|Thành phố|TỈNH|THÀNH PHỐ) (?P<name>[{UPPER}][\wÀ-ỹ]+(?: [-–] )?(?: ?[{UPPER}][\wÀ-ỹ]+){{0,3}})"
)
# The line below the trích yếu of a decision says who decides, in capitals.
_DECIDES = re.compile(r"^\W*chu tich (?:uy ban nhan dan|ubnd) ")
_DECIDES_WITHIN = 4


def read_header(parts: Sequence[Part]) -> Header:
    """The header of the main document, ``parts[0]``; the body's words stand in where a bad scan lost the issuer."""
    main = parts[0]
    lines = head_lines(main.header)
    texts = [line.text for line in lines]
    body = " ".join(placed.text for placed in main.body)
    number = _number(lines)
    place, dated, about, dated_at = _place_and_date(lines)
    issuers = _issuers(texts, main, body)
    issuer = issuers.issuer
    signature = read_signature(main.tail, issuer)
    if issuer is None and dated is None and (match := _ATTACHED_TO.search(" ".join([*texts, body[:_NEAR_TOP]]))) is not None:
        # An appendix by itself says whose paper it belongs to.
        issuer = spelled(match["issuer"].strip())
        dated = _date_of(match)
    return Header(
        number=number,
        type=_type(texts, number),
        issuer=issuer,
        date=dated,
        place=_place_of_issuer(place, issuer),
        subject=read_subject([line for at, line in enumerate(lines) if at != dated_at], body),
        signer=signature.signer,
        signer_title=signature.title,
        recipients=signature.recipients,
        addressees=read_addressees(lines),
        urgency=_urgency(texts),
        parent=issuers.parent,
        issuers=issuers.joint or ((issuer,) if issuer else ()),
        authority=signature.authority,
        secrecy=_secrecy(texts),
        about=dated or about,
    )


def _date_of(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _type(texts: Sequence[str], number: str | None) -> str | None:
    named = next((found for text in texts if (found := type_of_line(text)) and mostly_upper(text)), None)
    if named is not None:
        return named
    if number is not None and (kind := type_of_number(number)) is not None:
        return kind
    return "Công văn" if any(SUBJECT.match(text) or fold(text).startswith("kinh g") for text in texts) else None


def _number(lines: Sequence[HeadLine]) -> str | None:
    for at, line in enumerate(lines):
        match = NUMBER_LABEL.match(line.text) or _NUMBER_WITHOUT_COLON.match(line.text)
        if match is None and len(line.text) < _SHORT_LINE:
            match = _SPECKLED_NUMBER.match(line.text)
        if match is None:
            continue
        rest = match["rest"]
        if re.search(r"\S[-/]$", rest.rstrip()) and at + 1 < len(lines) and not MOTTO.search(lines[at + 1].text):
            rest = rest.rstrip() + lines[at + 1].text.strip()
        if "/" not in rest:
            continue  # the number of a stamp, or a sentence
        written = _WRITTEN_NUMBER.match(rest.replace("*", " ").strip(" ;:."))
        if written and not _by_hand(line, written[0]):
            return repair_number(re.sub(r"(?<=\d)\s+(?=\d)", "", written[0].rstrip("-–"))).text
        return None
    for line in lines:
        # The label itself may be lost: a number alone on a line of the left column.
        match = FULL_NUMBER.search(line.text)
        if match and match.start() < 4 and len(line.text) - len(match[0]) < 6 and not _by_hand(line, match[0]):
            return repair_number(match[0]).text
    return None


def _by_hand(line: HeadLine, number: str) -> bool:
    """Whether the digits stand apart from the typed symbol and OCR was not sure of them: a number written into the gap."""
    apart = (word for word in line.placed.line.words if re.fullmatch(r"[:.]?[\dOlI][\dOlI/.-]*", word.text))
    return any(word.confidence < _IN_A_GAP and number.startswith(word.text.strip(":.")) for word in apart)


def _place_and_date(lines: Sequence[HeadLine]) -> tuple[str | None, date | None, date | None, int | None]:
    """Place and date of issue, the month when the day cannot be read, and the index of their line; a line break may fall inside them."""
    texts = [line.text for line in lines]
    for at, text in enumerate(texts):
        if re.search(r"\bng[aà]y", text, re.IGNORECASE) is None or len(text) > 110:
            continue
        match = _DATE.search(re.sub(r"\bngay(?=[\d\W])", "ngay ", fold(" ".join(texts[at : at + 2]))))
        if match is None or match.start() > len(fold(text)):
            continue
        place = _place(texts, at)
        if match["short"] and not fold(text).endswith(match["short"]):
            continue
        if place is None and not re.match(r"\W*ng[aà]y\b", text, re.IGNORECASE):
            continue  # a sentence that begins with a date, not the line of box 4
        when, about = _when(match, sure=_sureness(lines[at]))
        return place, when, about, at
    return None, None, None, None


def _when(match: re.Match[str], *, sure: Mapping[str, float]) -> tuple[date | None, date | None]:
    """The date, and the first of its month if that much can be read; handwritten digits that OCR guessed are no date."""
    if match["short"]:
        day, month, year = (int(piece) for piece in match["short"].split("/"))
    else:
        year = int(match["year"].replace(" ", ""))
        found = [(_DAY_OR_MONTH.match(match[name]), enough) for name, enough in (("day", _IN_A_GAP), ("month", _HANDWRITTEN))]
        read = [(re.sub(r"\s", "", piece[1]) if piece else "", enough) for piece, enough in found]
        day, month = (int(digits) if digits and sure.get(digits, 1.0) >= enough else 0 for digits, enough in read)
    try:
        return date(year, month, day), None
    except ValueError:
        return None, date(year, month, 1) if 1 <= month <= 12 else None


def _sureness(line: HeadLine) -> dict[str, float]:
    """How sure OCR was of each number on the line, 0 to 1; of one that stands there twice, where it was less sure."""
    sure: dict[str, float] = {}
    for word in line.placed.line.words:
        for number in re.findall(r"\d{1,2}", word.text):
            sure[number] = min(word.confidence, sure.get(number, 1.0))
    return sure


def _place(texts: Sequence[str], at: int) -> str | None:
    before = re.split(r",?\s*ng[aà]y\b", texts[at], maxsplit=1, flags=re.IGNORECASE)[0]
    before = re.sub(r"^\W*(?:số|so|s[6oó0êeé])\s*[:;.]?\s*\S*(?:\s*/\S+)?", "", before, flags=re.IGNORECASE).strip(" ,;.:")
    if not before.strip() and at and len(texts[at - 1]) < 30 and not NUMBER_LABEL.match(texts[at - 1]) and not MOTTO.search(texts[at - 1]):
        before = texts[at - 1].strip(" ,")
    elif (
        at and re.match(r"^[A-ZĐÀ-Ỹ]\w*$", before) and re.search(r"(?:Thành phố|Tỉnh)(?: \w+)*$", texts[at - 1]) and len(texts[at - 1]) < 30
    ):
        before = f"{texts[at - 1].strip()} {before}"
    match = re.search(rf"(?:[{UPPER}][\w.À-ỹ]*|phố|-|–)(?:\s+(?:[{UPPER}][\w.À-ỹ]*|phố|-|–))*$", before)
    if match is None or not match[0].strip() or (mostly_upper(match[0]) and len(match[0]) > 12):
        return None
    kind = re.match(r"(?:Thành phố|TP\.?|Tỉnh)\s+", match[0])
    name = province_name(match[0])
    return f"{kind[0] if kind else ''}{name}" if name else match[0].strip()


def _place_of_issuer(place: str | None, issuer: str | None) -> str | None:
    """``place``, or the issuer's province when ``place`` is no province but a misreading of that one ("Bình Bình" for Bình Định)."""
    own = _PLACE_IN_NAME.search(issuer or "")
    if place is None or own is None or province_name(place) is not None or fuzz.ratio(fold(place), fold(own[1])) < _SAME_PLACE:
        return place
    return own[1]


def _issuers(texts: Sequence[str], main: Part, body: str) -> Issuers:
    column: list[str] = []
    for text in texts:
        if _is_number(text) or type_of_line(text) or SUBJECT.match(text):
            break
        kept = MOTTO.split(text)[0].strip(" _*—=~.:;,'\"“”")
        goes_on = column and re.match(r"^(?:XÃ HỘI|HỘI CHỦ|HÒA XÃ|HOÀ XÃ|CHỦ NGHĨA)", kept)
        if goes_on or not kept or not mostly_upper(kept) or kept == "CỘNG" or kept.startswith("CỘNG H") or _is_mark(kept):
            continue
        if re.search(r"(?:HÒA|HOÀ|XÃ HỘI|CHỦ NGHĨA|VIỆT NAM)", kept) and "MẶT TRẬN" not in kept and "NGHĨA" in kept:
            continue
        column.append(re.sub(r"\s+CỘNG$", "", re.sub(r"^\W+(?=\w)", lambda match: "- " if match[0].strip() == "-" else "", kept)))
    found = read_issuers(column, body)
    deciding = next((placed.text for placed in [p for p in main.body if not p.blank][:_DECIDES_WITHIN] if _decides(placed.text)), None)
    if deciding is not None and found.issuer is not None and found.issuer.startswith("UBND"):
        return Issuers(f"Chủ tịch {found.issuer}", found.parent, found.joint)
    return found if found.issuer else Issuers(_issuer_of_body(body))


def _is_number(text: str) -> bool:
    bad = len(text) < _SHORT_LINE and (_SPECKLED_NUMBER.match(text) or OVERWRITTEN_NUMBER.match(text))
    return bool(NUMBER_LABEL.match(text) or _NUMBER_WITHOUT_COLON.match(text) or bad)


def _is_mark(text: str) -> bool:
    return bool(_URGENT.match(fold(text)) or _SECRET.match(text))


def _decides(text: str) -> bool:
    return mostly_upper(text) and _DECIDES.match(fold(text)) is not None


def province_name(text: str) -> str | None:
    """The province that ``text`` names, in its right spelling; None when it names none."""
    plain = re.sub(r"^(?:tinh|thanh pho|tp\.?)\s+", "", fold(text))
    found = gazetteer.load().province(plain)
    return found.name if found else None


def _issuer_of_body(text: str) -> str | None:
    """Who "yêu cầu" in the body, with the province that the body names first: a header lost to the scanner leaves no more."""
    level = _ORDERER.search(text)
    place = next((name for match in _OF_PROVINCE.finditer(text) if (name := province_name(match["name"]))), None)
    if level is None or place is None:
        return None
    return f"UBND {level['level'].lower()} {place}"


def _urgency(texts: Sequence[str]) -> str | None:
    """HỎA TỐC, THƯỢNG KHẨN, KHẨN as a mark of its own, or behind the number or the type ("CÔNG ĐIỆN KHẨN")."""
    for text in texts:
        if mark := _URGENT.match(fold(text)):
            return _URGENCY[mark["mark"]]
        if len(text) < _SHORT_LINE and (behind := _URGENT_BEHIND.search(text)):
            return _URGENCY[fold(behind["mark"])]
    return None


def _secrecy(texts: Sequence[str]) -> str | None:
    """MẬT, TỐI MẬT or TUYỆT MẬT as a mark of its own."""
    for text in texts:
        if (match := _SECRET.match(text)) and (mostly_upper(match["mark"]) or text.lower().lstrip().startswith("độ")):
            folded = fold(match["mark"])
            return _SECRECY["t" if folded.startswith("tuyet") else "o" if folded.startswith("toi") else "m"]
    return None
