"""What a paper is about and to whom it goes: trích yếu (below the type, or "V/v" in the left column) and Kính gửi.

Boxes 5a, 5b and 9a of Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from extract.doctypes import type_of_line
from extract.folding import fold
from extract.headlines import DATED, MOTTO, SUBJECT, HeadLine, mostly_upper
from extract.marks import split_mark
from extract.paragraphs import join_lines

_ADDRESS = re.compile(r"^(?:đồng )?kính gửi\s*:?\s*|^.*\bđiện\s*:\s*", re.IGNORECASE)
_DATE_LINE = 60
# Specks and the edge of a stamp may stand before it.
_LABEL = re.compile(r"^(?:\W\S{0,4}\s+)?(?:V/v|Về việc)\s+", re.IGNORECASE)
_MARKS = re.compile(r"^\W*(?:hoa toc(?: hen gio)?|thuong khan|khan|mat|toi mat|tuyet mat)\W*$")


def read_subject(lines: Sequence[HeadLine], body: str) -> str | None:
    """The trích yếu without "V/v"; printed in capitals, it is written as ``body`` writes the same words."""
    texts = [line.text for line in lines]
    for at, text in enumerate(texts):
        if SUBJECT.match(text) and not any(type_of_line(before) and before.isupper() for before in texts[:at]):
            taken = [SUBJECT.sub("", text)]
            for line in lines[at + 1 :]:
                if _ends_subject(line.text):
                    break
                if not (DATED.search(fold(line.text)) and len(line.text) < _DATE_LINE) and not _first_half_of_place(line.text, texts):
                    taken.append(line.text)
            return join_lines(taken).strip(" .;-*") or None
    for at, text in enumerate(texts):
        if (kind := type_of_line(text)) and mostly_upper(text):
            rest = takewhile(lambda line: not re.search(r"\bđiện\s*:\s*$|^\W*[Kk]ính gửi", line), texts[at + 1 :])
            first = "" if len(fold(text).replace(" ", "")) <= len(fold(kind).replace(" ", "")) + 2 else text
            said = [line for line in [first, *rest] if re.search(r"\w", line) and "\t" not in line and not _MARKS.match(fold(line))]
            said = [line for line in said if not (DATED.search(fold(line)) and re.match(r"^[^a-z]*[A-ZĐ][^,]{1,30}, ngày", line))]
            return _sentence_case(_LABEL.sub("", join_lines(list(_above_decider(said)))).strip(" .;-*_"), body) or None
    return None


def _above_decider(lines: Sequence[str]) -> Iterator[str]:
    """The lines up to the one in capitals that says who decides ("CHÍNH PHỦ"), where the trích yếu itself is not in capitals."""
    for line in lines:
        if mostly_upper(line) and len(line.split()) > 1 and not lines[0].isupper():
            return
        yield line


def _ends_subject(text: str) -> bool:
    addressed = fold(text).startswith(("kinh g", "dong kinh"))
    return addressed or bool(MOTTO.search(text)) or mostly_upper(text) or split_mark(text)[0] is not None


def _first_half_of_place(text: str, texts: Sequence[str]) -> bool:
    """The first half of "Thành phố Hồ Chí ⏎ Minh, ngày …"."""
    at = texts.index(text)
    return bool(re.match(r"^(?:Thành phố|Tỉnh)\b[^.;]{0,20}$", text)) and at + 1 < len(texts) and bool(DATED.search(fold(texts[at + 1])))


def _sentence_case(text: str, body: str) -> str:
    """A trích yếu printed in capitals, written as the body writes the same words; numbers and symbols keep their capitals."""
    if not mostly_upper(text):
        return text
    words = [word if re.search(r"\d|/", word) else word.lower() for word in text.split()]
    written = body.split()
    plain = [word.lower().strip('.,;:()“”"') for word in written]
    at = 0
    while at < len(words):
        taken = next((n for n in (6, 5, 4, 3, 2) if len(words[at : at + n]) == n and _seen_at(plain, words[at : at + n]) is not None), 0)
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


def read_addressees(lines: Sequence[HeadLine]) -> tuple[str, ...]:
    """Kính gửi, or to whom a công điện goes: one entry for each line of the list."""
    entries: list[str] = []
    inside = False
    for line in lines:
        text, folded = line.text, fold(line.text)
        if folded.startswith("dong kinh g"):
            break
        if folded.startswith("kinh g") or re.search(r"\bdien\s*:\s*$", folded):
            inside = True
            text = _ADDRESS.sub("", text)
        if not inside or len(text.strip()) < 3 or MOTTO.search(text) or (DATED.search(folded) and len(folded) < _DATE_LINE):
            continue  # the right column of the head is read after the left one when "Kính gửi" stands high
        mark, rest = split_mark(text)
        if mark is not None or not entries or entries[-1].endswith((";", ".")):
            entries.append(rest)
        else:
            entries[-1] = join_lines([entries[-1], rest])
    return tuple(entry.strip(" ;.,") for entry in entries if entry.strip(" ;.,"))
