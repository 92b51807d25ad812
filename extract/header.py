"""What the paper says of itself: number, type, issuer, place, date, trích yếu, addressees, signer, nơi nhận.

Layout by Nghị định 30/2020/NĐ-CP, Phụ lục I. Works on folded text, since a header that bad OCR left may keep no diacritic; what is
handwritten or missing stays None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from rapidfuzz import fuzz

from extract import gazetteer
from extract.agencies import find_agencies
from extract.directive import Header
from extract.doctypes import type_of_line
from extract.folding import fold
from extract.marks import split_mark
from extract.numbers import repair_number, type_of_number
from extract.paragraphs import join_lines
from extract.zones import TITLE_OF_SIGNER, Part, is_archive_line

_UPPER = "A-ZĐÀ-ÝĂẠ-ỸƠƯ"
_MOTTO = re.compile(r"\bc.ng\s+h[oò0][aà]\s+x[aã]\s+h.i\b|\b[dđp].c\s+l.p.{0,4}t.\s+do\b", re.IGNORECASE)
_DATE = re.compile(
    r"(?P<place>[^,;:]{2,40})?,?\s*ngay\s*(?P<day>\d{1,2})?\D{0,6}?thang\s*(?P<month>\d{1,2})?\D{0,6}?nam\s*(?P<year>20\d\d|19\d\d)"
)
NUMBER_LABEL = re.compile(r"^\W*(?:số|so|s[6oó0êeéâ])\s*[:;.]\s*(?P<rest>.*)$", re.IGNORECASE)
# Digits, then the symbol up to the next word that is not part of it; "Số:      /UBND-NC" (number written by hand) has no digits.
_WRITTEN_NUMBER = re.compile(rf"^[\dOlI]*\d[\dOlI]*[a-zđ]?\s*[/-]\s*[^\s,;]+(?:\s*[-/&]\s*[{_UPPER}\d][^\s,;]*)*")
# A stamp or specks before the label: "mẹ : Ì§ố:271/KH-UBND".
_SPECKLED_NUMBER = re.compile(r"^.{1,14}?[sS§]\W?[ốo6ó]\s*[:;]\s*(?P<rest>\d.*)$")
_SHORT_LINE = 45
_DATE_LINE = 60
_SUBJECT = re.compile(r"^\W*(?:v/\s?v|về việc|ve viec)\b[:.]?\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:đồng )?kính gửi\s*:?\s*|^.*\bđiện\s*:\s*", re.IGNORECASE)
_RECIPIENTS = re.compile(r"^\W*n?[oơ].?i nh.n\b\W*")
_AUTHORITY = re.compile(r"^\W*(?:TM|KT|TL|TUQ|T/M|K/T|T/L)\s?[.,]\s*", re.IGNORECASE)
_NAME = re.compile(rf"^(?:[{_UPPER}][a-zà-ỹăâđêôơư]*\.?\s+){{1,5}}[{_UPPER}][a-zà-ỹăâđêôơư]*$")
_PLACE_IN_NAME = re.compile(r"\b(?:tỉnh|thành phố) (.+)$")
# Of 100; two names of provinces that differ are never as alike.
_SAME_PLACE = 75
_SIGNED_ON_ONE_LINE = re.compile(
    rf"^(?P<title>[{_UPPER} .,–-]{{6,}}?)\s+(?P<name>(?:[{_UPPER}][a-zà-ỹăâđêôơư]+\s+){{1,5}}[{_UPPER}][a-zà-ỹăâđêôơư]+)$"
)
# Specks are signs, or one or two letters with signs around them ("B ._ CHỦ TỊCH").
_SPECKS = re.compile(r"^(?:\W+|[^\W\d_]{1,2}\s?[^\w\s][\W_]*)+")
_NAME_PIECE = re.compile(rf"^[{_UPPER}][a-zà-ỹăâđêôơư]*$")
_URGENCY = {"hoa toc": "Hỏa tốc", "thuong khan": "Thượng khẩn", "khan": "Khẩn"}
_ORDERER = re.compile(r"\b(?:UBND|Ủy ban nhân dân) (?P<level>tỉnh|thành phố|huyện|thị xã|quận)\b", re.IGNORECASE)
_OF_PROVINCE = re.compile(
    rf"\b(?:tỉnh|thành phố|Thành phố|TỈNH|THÀNH PHỐ) (?P<name>[{_UPPER}][\wÀ-ỹ]+(?: [-–] )?(?: ?[{_UPPER}][\wÀ-ỹ]+){{0,3}})"
)


def read_header(parts: Sequence[Part]) -> Header:
    """The header of the main document, ``parts[0]``; the body's words stand in where a bad scan lost the issuer."""
    main = parts[0]
    lines = [placed.text for placed in main.header if not placed.blank]
    number = _number(lines)
    place, dated, dated_at = _place_and_date(lines)
    doc_type = next((found for text in lines if (found := type_of_line(text)) and text.isupper()), None)
    if doc_type is None:
        doc_type = type_of_number(number) if number else None
    if doc_type is None and any(_SUBJECT.match(text) or fold(text).startswith("kinh g") for text in lines):
        doc_type = "Công văn"
    issuer = _issuer(lines) or _issuer_of_body([placed.text for placed in main.body])
    recipients, signer, title = _tail([placed.text for placed in main.tail if not placed.blank])
    return Header(
        number=number,
        type=doc_type,
        issuer=issuer,
        date=dated,
        place=_place_of_issuer(place, issuer),
        subject=_subject(main, dated_at),
        signer=signer,
        signer_title=title,
        recipients=recipients,
        addressees=_addressees(main),
        urgency=next((_URGENCY[fold(text).strip(" .")] for text in lines if fold(text).strip(" .") in _URGENCY), None),
    )


def _number(lines: Sequence[str]) -> str | None:
    for at, text in enumerate(lines):
        left = _left_of_date(text)
        if not (match := NUMBER_LABEL.match(left) or (_SPECKLED_NUMBER.match(left) if len(left) < _SHORT_LINE else None)):
            continue
        rest = match["rest"]
        if re.search(r"\S[-/]$", rest.rstrip()) and at + 1 < len(lines) and not _MOTTO.search(lines[at + 1]):
            rest = rest.rstrip() + lines[at + 1].strip()
        written = _WRITTEN_NUMBER.match(rest.replace("*", " ").strip(" ;:."))
        if written and "/" in written[0] + rest:
            return repair_number(written[0].rstrip("-–")).text
    return None


def _left_of_date(text: str) -> str:
    """The part of a glued two-column line before its "Place, ngày …"."""
    match = re.search(rf"\s+[{_UPPER}][\w.À-ỹ]*(?:\s[{_UPPER}][\w.À-ỹ]*)*\s*,\s*ng[àa]y\b", text)
    return text[: match.start()] if match else text


def _place_and_date(lines: Sequence[str]) -> tuple[str | None, date | None, int | None]:
    """Place and date of issue, and the index of the line they stand on; a line break may fall inside them."""
    for at in range(len(lines)):
        if re.search(r"\bng[aà]y\b", lines[at], re.IGNORECASE) is None:
            continue
        joined = " ".join(lines[at : at + 2])
        match = _DATE.search(fold(joined))
        if match is None or len(fold(lines[at])) > 110:
            continue
        if match.start() > len(fold(lines[at])):
            continue
        place = _place(lines, at)
        if place is None and not re.match(r"\W*ng[aà]y\b", lines[at], re.IGNORECASE):
            continue  # a sentence that begins with a date, not the line of box 4
        when = None
        if match["day"] and match["month"]:
            try:
                when = date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                when = None
        return place, when, at
    return None, None, None


def _place(lines: Sequence[str], at: int) -> str | None:
    before = re.split(r",?\s*ng[aà]y\b", lines[at], maxsplit=1, flags=re.IGNORECASE)[0]
    before = re.sub(r"^\W*(?:số|so|s[6oó0êeé])\s*[:;.]?\s*\S*(?:\s*/\S+)?", "", before, flags=re.IGNORECASE).strip(" ,;.:")
    if not before.strip() and at and len(lines[at - 1]) < 30 and not NUMBER_LABEL.match(lines[at - 1]):
        before = lines[at - 1].strip(" ,")
    elif (
        at and re.match(r"^[A-ZĐÀ-Ỹ]\w*$", before) and re.search(r"(?:Thành phố|Tỉnh)(?: \w+)*$", lines[at - 1]) and len(lines[at - 1]) < 30
    ):
        before = f"{lines[at - 1].strip()} {before}"
    match = re.search(rf"(?:[{_UPPER}][\w.À-ỹ]*|phố|-|–)(?:\s+(?:[{_UPPER}][\w.À-ỹ]*|phố|-|–))*$", before)
    if match is None or not match[0].strip():
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


def _issuer(lines: Sequence[str]) -> str | None:
    left: list[str] = []
    for text in lines:
        if NUMBER_LABEL.match(text) or type_of_line(text) or _SUBJECT.match(text):
            break
        kept = _MOTTO.split(text)[0].strip(" -_*—–=~.:;'\"“”")
        motto_only = _MOTTO.search(text) is not None and not kept
        goes_on = left and re.match(r"^(?:XÃ HỘI|HỘI CHỦ|HÒA XÃ|HOÀ XÃ|CHỦ NGHĨA)", kept)
        if motto_only or goes_on or not kept or not _mostly_upper(kept) or kept == "CỘNG" or kept.startswith("CỘNG H"):
            continue
        if re.search(r"(?:HÒA|HOÀ|XÃ HỘI|CHỦ NGHĨA|VIỆT NAM)", kept) and "MẶT TRẬN" not in kept and "NGHĨA" in kept:
            continue
        left.append(kept)
    return issuer_name(re.sub(r"\bCỘNG$", "", " ".join(left)).strip())


def issuer_name(column: str) -> str | None:
    """The issuer in the left column of a header: its lowest body, without the parent ("UBND TỈNH X ⏎ SỞ Y TẾ" → Sở Y tế)."""
    mentions = [mention for mention in find_agencies(column) if not mention.is_group]
    if not mentions:
        return None
    name = mentions[-1].name
    # An office of the committee carries no name of its own: "UBND TỈNH X ⏎ VĂN PHÒNG".
    office = fold(column[mentions[-1].end :]).strip() == "van phong" and mentions[-1].kind == "committee"
    if mentions[-1].kind == "committee" and fold(column).startswith("chu tich "):
        return f"Chủ tịch {name}"  # who signs alone, not for the committee
    return f"Văn phòng {name}" if office else name


def province_name(text: str) -> str | None:
    """The province that ``text`` names, in its right spelling; None when it names none."""
    plain = re.sub(r"^(?:tinh|thanh pho|tp\.?)\s+", "", fold(text))
    found = gazetteer.load().province(plain)
    return found.name if found else None


def _mostly_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) >= 0.7 * len(letters)


def _issuer_of_body(body: Sequence[str]) -> str | None:
    """Who "yêu cầu" in the body, with the province that the body names first: a header lost to the scanner leaves no more."""
    text = " ".join(body)
    level = _ORDERER.search(text)
    place = next((name for match in _OF_PROVINCE.finditer(text) if (name := province_name(match["name"]))), None)
    if level is None or place is None:
        return None
    return f"UBND {level['level'].lower()} {place}"


def _subject(main: Part, dated_at: int | None) -> str | None:
    lines = [placed.text for placed in main.header if not placed.blank]
    for at, text in enumerate(lines):
        if _SUBJECT.match(text) and not any(type_of_line(before) and before.isupper() for before in lines[:at]):
            taken = [_SUBJECT.sub("", text)]
            for i in range(at + 1, len(lines)):
                if i == dated_at or (_DATE.search(fold(lines[i])) and len(lines[i]) < 60):
                    continue
                if (
                    fold(lines[i]).startswith(("kinh g", "dong kinh"))
                    or _MOTTO.search(lines[i])
                    or _mostly_upper(lines[i])
                    or split_mark(lines[i])[0]
                ):
                    break
                if dated_at is not None and i == dated_at - 1 and re.match(r"^(?:Thành phố|Tỉnh)\b[^.;]{0,20}$", lines[i]):
                    continue  # the first half of "Thành phố Hồ Chí ⏎ Minh, ngày …"
                taken.append(lines[i])
            return join_lines(taken).strip(" .;-*") or None
    for at, text in enumerate(lines):
        if type_of_line(text) and _mostly_upper(text):
            rest = list(takewhile(lambda line: not re.search(r"\bđiện\s*:\s*$|^\W*[Kk]ính gửi", line), lines[at + 1 :]))
            first = "" if fold(text) == fold(type_of_line(text) or "") else text
            joined = join_lines([line for line in [first, *rest] if not re.match(r"^[\W_]*$", line)])
            body = " ".join(placed.text for placed in main.body)
            return _sentence_case(re.sub(r"^(?:V/v|Về việc|VỀ VIỆC)\s+", "", joined).strip(" .;-*_"), body) or None
    return None


def _sentence_case(text: str, body: str) -> str:
    """A trích yếu printed in capitals, written as the body writes the same words; numbers and symbols keep their capitals."""
    if not _mostly_upper(text):
        return text
    words = [word if re.search(r"\d|/", word) else word.lower() for word in text.split()]
    written = body.split()
    plain = [word.lower().strip('.,;:()“”"') for word in written]
    at = 0
    while at < len(words):
        taken = next(
            (n for n in (6, 5, 4, 3, 2) if (seen := _seen_at(plain, words[at : at + n])) is not None and len(words[at : at + n]) == n), 0
        )
        if taken and (seen := _seen_at(plain, words[at : at + taken])) is not None:
            for offset in range(taken):
                word = written[seen + offset].strip('.,;:()“”"')
                words[at + offset] = words[at + offset].replace(word.lower(), word)
        at += max(taken, 1)
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]


def _seen_at(plain: Sequence[str], words: Sequence[str]) -> int | None:
    """Where ``words`` stand in the body, behind the first word of a sentence or paragraph."""
    wanted = [word.strip('.,;:()“”"') for word in words]
    return next(
        (at for at in range(1, len(plain) - len(wanted) + 1) if plain[at] == wanted[0] and list(plain[at : at + len(wanted)]) == wanted),
        None,
    )


def _addressees(main: Part) -> tuple[str, ...]:
    entries: list[str] = []
    inside = False
    for placed in main.header:
        text = placed.text
        folded = fold(text)
        if folded.startswith("dong kinh g"):
            break
        if folded.startswith("kinh g") or re.search(r"\bdien\s*:\s*$", folded):
            inside = True
            text = _ADDRESS.sub("", text)
        if (
            not inside
            or placed.blank
            or len(text.strip()) < 3
            or _MOTTO.search(text)
            or (_DATE.search(folded) and len(folded) < _DATE_LINE)
        ):
            continue  # the right column of the head is read after the left one when "Kính gửi" stands high
        mark, rest = split_mark(text)
        if mark is not None or not entries or entries[-1].endswith((";", ".")):
            entries.append(rest)
        else:
            entries[-1] = join_lines([entries[-1], rest])
    return tuple(entry.strip(" ;.,") for entry in entries if entry.strip(" ;.,"))


def _tail(lines: Sequence[str]) -> tuple[tuple[str, ...], str | None, str | None]:
    """Nơi nhận, signer and title."""
    recipients: list[str] = []
    titles: list[str] = []
    signer: str | None = None
    archived = False
    for text in _names_joined([_without_specks(line) for line in lines]):
        if _RECIPIENTS.match(fold(text)):
            inline = re.sub(r"^[^:]*:?\s*", "", text)
            if inline and not _mostly_upper(inline):
                recipients.append(inline)
            continue
        mark, rest = split_mark(text)
        plain = text.strip(" *")
        if mark is not None and mark.kind in {"dash", "plus"} and not (archived and signer):
            recipients.append(rest)
            archived = archived or is_archive_line(rest)
        elif (one_line := _SIGNED_ON_ONE_LINE.match(plain)) and TITLE_OF_SIGNER.search(fold(one_line["title"])):
            titles.append(_AUTHORITY.sub("", one_line["title"]).strip(" .,"))
            signer = signer or one_line["name"]
        elif _AUTHORITY.match(plain) or (_mostly_upper(plain) and TITLE_OF_SIGNER.search(fold(plain))):
            titles.append(_AUTHORITY.sub("", plain).strip(" .,;*"))
        elif signer is None and titles and _is_person(plain):
            signer = plain
        elif signer is None and is_archive_line(text):
            recipients.append(text)
            archived = True
        elif recipients and not archived and not _mostly_upper(plain) and not _NAME.match(plain):
            recipients[-1] = join_lines([recipients[-1], text]) if not recipients[-1].endswith(";") else recipients[-1]
            if recipients[-1].endswith(";") and text.endswith((";", ".")):
                recipients.append(text)
    title = next((found for found in reversed(titles) if TITLE_OF_SIGNER.search(fold(found))), None)
    return tuple(entry.strip(" ;.,*") for entry in recipients if entry.strip(" ;.,*")), signer, _title_case(title)


def _is_person(text: str) -> bool:
    """Whether a line may be the signer's name; what OCR makes of a signature ("N ở") is none."""
    words = text.split()
    return (
        _NAME.match(text) is not None
        and all(word[0].isupper() for word in words)
        and sum(len(word.strip(".")) > 1 for word in words) > 1
        and TITLE_OF_SIGNER.search(fold(text)) is None
    )


def _without_specks(text: str) -> str:
    """A signer's title or name without what a stamp or a signature left before it: ": .PHÓ CHỦ TỊCH", "“Trần Hữu Phước"."""
    match = _SPECKS.match(text)
    if match is None or not match[0]:
        return text
    rest = text[match.end() :].strip(" *")
    titled = _mostly_upper(rest) and TITLE_OF_SIGNER.match(fold(rest).removeprefix("pho ").removeprefix("quyen ")) is not None
    named = not match[0].strip().startswith(tuple("-–+")) and len(rest.split()) > 1 and _is_person(rest)
    return rest if titled or named else text


def _names_joined(lines: Sequence[str]) -> list[str]:
    """The lines with a name that was broken over two ("Bùi ⏎ Xuân Cường") put together."""
    joined: list[str] = []
    for text in lines:
        if joined and _NAME_PIECE.match(joined[-1]) and (_NAME_PIECE.match(text) or _NAME.match(text)):
            joined[-1] = f"{joined[-1]} {text}"
        else:
            joined.append(text)
    return joined


def _title_case(title: str | None) -> str | None:
    if title is None:
        return None
    lowered = title.lower().replace("chánh văn phòng", "chánh Văn phòng")
    match = re.match(r"^(phó|quyền|q\.|nguyên)\s+(.*)$", lowered)
    if match and match[2]:
        return f"{match[1].capitalize()} {match[2][:1].upper() + match[2][1:]}"
    return lowered[:1].upper() + lowered[1:]
