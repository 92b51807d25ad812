"""The foot of a paper: nơi nhận on the left, and on the right by what authority, with what title and by whom it was signed.

Nghị định 30/2020/NĐ-CP, Phụ lục I, boxes 7 and 9b. A signature and a red seal lie over these lines, so OCR loses letters of the title
("PHÓ" before all) and adds specks; where the page gives boxes, the right column is read by itself, and titles are matched with those
that the heads of the issuing body bear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from extract.folding import fold
from extract.issuers import spelled
from extract.marks import split_mark
from extract.numbers import read_rows
from extract.paragraphs import PlacedLine, join_lines
from extract.zones import TITLE_OF_SIGNER, is_archive_line

_UPPER = "A-ZĐÀ-ÝĂẠ-ỸƠƯ"
_LOWER = "a-zà-ỹăâđêôơư"
_RECIPIENTS = re.compile(r"^\W*n?[oơ].?i nh.n\b\W*")
_AUTHORITY = re.compile(r"^\W*(?:(?P<mark>TM|KT|TL|TUQ|Q)\s?[.,;:]|(?P<slashed>T/M|K/T|T/L|T/U/Q)\s?[.,;:]?)\s*(?=[^\W\d_])", re.IGNORECASE)
# On a line that OCR glued from both columns.
_GLUED = re.compile(rf"\s+(?=(?:TM|KT|TL|TUQ|Q)\s?\.\s*[{_UPPER}]{{2}})")
_BEHIND_ENTRY = re.compile(rf"(?<=[;.:])\s+(?=[{_UPPER}][^;:,]+$)")
_NAME = re.compile(rf"^(?:[{_UPPER}][{_LOWER}']*\.?\s+){{1,5}}[{_UPPER}][{_LOWER}]*$")
_NAME_PIECE = re.compile(rf"^[{_UPPER}][{_LOWER}]*$")
_SIGNED_ON_ONE_LINE = re.compile(
    rf"^(?P<title>[{_UPPER} .,–-]{{6,}}?)\s+(?P<name>(?:[{_UPPER}][{_LOWER}]+\s+){{1,5}}[{_UPPER}][{_LOWER}]+)$"
)
_RANK = re.compile(
    r"^(?:(?:PGS|GS|TS|ThS|Ths|TSKH|BS|DS|LS|CN|KS|CK\s?I{1,2}|CKI{1,2}|BSCK\s?I{0,2})\s?[.,]\s*|"
    r"(?:Đại|Thượng|Trung|Thiếu) (?:tướng|tá|úy)\s+)+"
)  # fmt: skip
# Specks are signs, or one to three letters with signs around them ("B ._ CHỦ TỊCH", "Sp, hó").
_SPECKS = re.compile(r"^(?:\W+|[^\W\d_]{1,3}\s?[^\w\s][\W_]*)+")
_STAMPED = re.compile(
    r"^\W*(?:ky boi|nguoi ky|co quan\s*:|email\s*:|thoi gian ky|ngay ky|gio ky|chu ky (?:so|dien tu)|da ky|sao y|ban sao|"
    r"signed by|digitally|ly do ky|vi tri ky|signature)"
)
# Behind a title: whose head it is, or a second office.
_GOES_ON = re.compile(
    r"(?:so|bo|ubnd|uy ban|cong an|thanh tra|van phong|ban|cuc|chi cuc|trung tam|phong|vu|vien|truong|thuong truc|kiem)\b.{2}"
)
# Of 100, how alike a line and a title must be: when nothing else speaks for the title, and when heads of the issuing body bear it.
_LIKE = 80
_LIKE_OF_ISSUER = 62
_RIGHT_COLUMN = 0.45


@dataclass(frozen=True, slots=True)
class Signature:
    """``authority`` are the lines by which the signer signs ("TM. Ủy ban nhân dân", "KT. Chủ tịch"), in order."""

    recipients: tuple[str, ...] = ()
    signer: str | None = None
    title: str | None = None
    authority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Title:
    name: str
    bodies: tuple[str, ...]
    deputy: str | None


@dataclass(frozen=True, slots=True)
class _Post:
    """A line of the signature block: the authority mark before it, if any, and the title or body it names."""

    mark: str | None
    name: str
    title: _Title | None


def read_signature(lines: Sequence[PlacedLine], issuer: str | None = None) -> Signature:
    """Nơi nhận and signature in the lines behind the body; ``issuer`` tells which titles its heads bear."""
    left: list[str] = []
    right: list[str] = []
    for placed in lines:
        if placed.blank or placed.line.part != "body" or _STAMPED.match(fold(placed.text)):
            continue
        if _in_right_column(placed):
            right.append(placed.text)
            continue
        beside, own = _unglued(placed.text)
        left.append(beside)
        right += own
    recipients, rest = _recipients(_names_joined(left), signed=bool(right))
    signer, title, authority = _signed([*rest, *_names_joined(right)], issuer)
    return Signature(recipients, signer, title, authority)


def _unglued(text: str) -> tuple[str, list[str]]:
    """The two halves of a line that OCR glued from both columns: an entry of nơi nhận, and a post or name behind it."""
    for pattern in () if _AUTHORITY.match(text) else (_GLUED, _BEHIND_ENTRY):
        halves = pattern.split(text, maxsplit=1)
        if len(halves) == 2 and halves[0].strip():
            own = halves[1].strip()
            if pattern is _GLUED or _is_post(own) or (is_person(own) and _has_surname(own) and len(own.split()) > 2):
                return halves[0], [own]
    return text, []


def _in_right_column(placed: PlacedLine) -> bool:
    box = placed.line.box
    return box is not None and box[0] > _RIGHT_COLUMN * placed.page.width and not _RECIPIENTS.match(fold(placed.text))


def _recipients(lines: Sequence[str], *, signed: bool) -> tuple[tuple[str, ...], list[str]]:
    """The entries of nơi nhận, and the lines that are none and may belong to the signature."""
    entries: list[str] = []
    rest: list[str] = []
    archived = False
    for text in lines:
        if _RECIPIENTS.match(fold(text)):
            inline = re.sub(r"^[^:]*:?\s*", "", text)
            if inline and not _mostly_upper(inline):
                entries.append(inline)
            continue
        mark, item = split_mark(re.sub(r"^[~*_.,'`\"]+(?=[-–])", "", text))
        plain = text.strip(" *")
        if mark is not None and mark.kind in {"dash", "plus"} and not (archived and rest) and not _is_post(item):
            entries.append(item)
            archived = archived or is_archive_line(item)
        elif is_archive_line(text):
            entries.append(text)
            archived = True
        elif (
            _is_post(plain)
            or _mostly_upper(plain)
            or (is_person(plain) and (not entries or entries[-1].endswith((".", ";"))))
            or archived
            or (not entries and not signed)
        ):
            rest.append(text)
        elif entries and not entries[-1].endswith(";"):
            entries[-1] = join_lines([entries[-1], text])
        elif text.endswith((";", ".", ":")):
            entries.append(text)  # its dash was lost
    return tuple(clean for entry in entries if (clean := entry.strip(" ;.,*:"))), rest


def _is_post(text: str) -> bool:
    return bool(_AUTHORITY.match(text)) or (_mostly_upper(text) and TITLE_OF_SIGNER.search(fold(text)) is not None)


def _signed(lines: Sequence[str], issuer: str | None) -> tuple[str | None, str | None, tuple[str, ...]]:
    posts: list[_Post] = []
    names: list[str] = []
    for text in lines:
        plain = text.strip(" *")
        one_line = _SIGNED_ON_ONE_LINE.match(plain)
        if one_line and TITLE_OF_SIGNER.search(fold(one_line["title"])):
            posts += filter(None, [_post(one_line["title"], issuer)])
            names.append(one_line["name"])
        elif (post := _post(plain, issuer)) is None and (name := _person(plain)):
            names.append(name)
        elif post is not None:
            if names and posts and post.mark is None:
                continue  # what is printed below the name of the first signer
            posts.append(post)
    known = [name for name in names if _has_surname(name)]
    signer = known[0] if known else names[-1] if names else None
    authority = tuple(f"{post.mark}. {post.name}" for post in posts if post.mark)
    return signer, _title_of(posts), authority


def _title_of(posts: Sequence[_Post]) -> str | None:
    """The signer's own title: the last one; who signs KT. is the deputy, however much of "PHÓ" the seal left."""
    titled = [post for post in posts if post.title is not None or TITLE_OF_SIGNER.search(fold(post.name))]
    if not titled:
        return None
    last = titled[-1]
    instead = next((post.title for post in reversed(posts) if post.mark == "KT" and post.title is not None and post.title.deputy), None)
    if instead is not None and instead.deputy and (last.mark == "KT" or last.title is instead):
        return instead.deputy
    if last.mark == "Q":
        return f"Quyền {last.name}"
    return last.name


def _post(text: str, issuer: str | None) -> _Post | None:
    """The authority and title that a line of the block names; None for what the seal and the signature left."""
    match = _AUTHORITY.match(text)
    mark = (match["mark"] or match["slashed"]).upper().replace("/", "") if match else None
    rest = (text[match.end() :] if match else text).strip(" .,;*:–-")
    if not rest or not _mostly_upper(rest):
        return None
    folded = " ".join(re.sub(r"[^a-z ]+", " ", fold(rest)).split())
    if mark in {"TM", "TUQ", "TL"} and not _known(folded):
        return _Post(mark, _written(rest), None)
    for key, title in _titles():
        if folded == key:
            return _Post(mark, title.name, title)
        if folded.startswith(key + " ") and _GOES_ON.match(folded[len(key) + 1 :]):
            return _Post(mark, f"{title.name} {_written(_behind(rest, key))}", title)
    found = _nearest(folded, issuer)
    if found is not None:
        return _Post(mark, found.name, found)
    if TITLE_OF_SIGNER.search(folded) and len(folded) > 5:
        return _Post(mark, _written(rest), None)
    return _Post(mark, _written(rest), None) if mark in {"TM", "KT", "TL", "TUQ"} and len(folded) > 5 else None


def _behind(text: str, key: str) -> str:
    return " ".join(text.split()[len(key.split()) :])


def _written(text: str) -> str:
    """A post or body in capitals as a sentence writes it."""
    name = spelled(text)
    return name[:1].upper() + name[1:]


@cache
def _titles() -> tuple[tuple[str, _Title], ...]:
    """Folded titles, longest first, so that "Phó Chánh Văn phòng" is found before "Chánh Văn phòng"."""
    rows = [_Title(row["title"], tuple(row["bodies"].split("|")), row["deputy"] or None) for row in read_rows("signer_titles.csv")]
    keyed = [(fold(title.name).replace(",", ""), title) for title in rows]
    return tuple(sorted(keyed, key=lambda pair: -len(pair[0])))


def _known(folded: str) -> bool:
    return any(folded == key for key, _ in _titles())


def _nearest(folded: str, issuer: str | None) -> _Title | None:
    """The title of which a damaged line is the rest: very like it, or fairly like one that the heads of the issuer bear."""
    if len(folded) < 4:
        return None
    body = fold(issuer or "").removeprefix("chu tich ")
    scored = [
        (fuzz.ratio(folded.replace(" ", ""), key.replace(" ", "")), any(body.startswith(head) for head in title.bodies), title)
        for key, title in _titles()
    ]
    best, borne, title = max(scored, key=lambda entry: (entry[0] + 8 * entry[1], len(entry[2].name)))
    return title if best >= (_LIKE_OF_ISSUER if borne else _LIKE) else None


def is_person(text: str) -> bool:
    """Whether a line may be the signer's name; what OCR makes of a signature ("N ở") is none."""
    words = text.split()
    return (
        _NAME.match(text) is not None
        and all(word[0].isupper() for word in words)
        and sum(len(word.strip(".")) > 1 for word in words) > 1
        and TITLE_OF_SIGNER.search(fold(text)) is None
    )


def _person(text: str) -> str | None:
    """The name on a line, without rank, degree and the specks of the signature; None when it names nobody."""
    stripped = text.strip(" .,;:*'\"“”‘’—–-_|/\\~`")
    bare = _RANK.sub("", stripped)
    if bare.isupper() and 1 < len(bare.split()) < 6 and _has_surname(bare) and TITLE_OF_SIGNER.search(fold(bare)) is None:
        bare = " ".join(word[:1] + word[1:].lower() for word in bare.split())
    if is_person(bare):
        return _without_first_specks(bare)
    if (match := _SPECKS.match(stripped)) and match[0] and not text.lstrip().startswith(tuple("-–+")):
        rest = stripped[match.end() :].strip()
        if is_person(rest) and len(rest.split()) > 1:
            return rest
    # Specks without any sign: the name begins at its surname.
    words = bare.split()
    for at in range(1, min(3, len(words) - 1)):
        rest = " ".join(words[at:])
        if _has_surname(rest) and is_person(rest) and all(len(word) < 4 for word in words[:at]):
            return rest
    return None


def _without_first_specks(name: str) -> str:
    """A name without a speck of one or two letters before its surname ("St Lê Quang Thuận")."""
    words = name.split()
    while len(words) > 2 and len(words[0]) < 3 and not _has_surname(" ".join(words)) and _like_surname(words[1]):
        words = words[1:]
    return " ".join(words)


@cache
def _surnames() -> frozenset[str]:
    return frozenset(fold(row["surname"]) for row in read_rows("surnames.csv"))


def _has_surname(name: str) -> bool:
    return fold(name).split()[0] in _surnames()


def _like_surname(word: str) -> bool:
    return fold(word) in _surnames()


def _names_joined(lines: Sequence[str]) -> list[str]:
    """The lines with a name that was broken over two ("Bùi ⏎ Xuân Cường") put together."""
    joined: list[str] = []
    for text in lines:
        if joined and _NAME_PIECE.match(joined[-1]) and _like_surname(joined[-1]) and (_NAME_PIECE.match(text) or _NAME.match(text)):
            joined[-1] = f"{joined[-1]} {text}"
        else:
            joined.append(text)
    return joined


def _mostly_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) >= 0.7 * len(letters)
