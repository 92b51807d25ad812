"""Encodings before Unicode, decomposed letters, the two places of a tone mark."""

from __future__ import annotations

import csv
import random
import re
import unicodedata
import zlib
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import extract
from diacritics.spelling import unified
from ingest import read
from ingest.document import Word
from ingest.legacy import (
    ENCODINGS,
    TABLE,
    Encoding,
    LegacyFont,
    composed,
    decode,
    decode_words,
    legacy_font,
    recognised,
    shown,
    table,
    to_unicode,
)
from ingest.legacyfonts import Printed, in_unicode
from ingest.plaintext import decode as decode_bytes
from ingest.plaintext import to_unicode as text_to_unicode

SHARED = Path(__file__).parents[1].parent / "shared"
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"

LINES = [
    "Kính gửi: Giám đốc các sở, ban, ngành; Chủ tịch Ủy ban nhân dân các huyện, thành phố.",
    "Thực hiện Chỉ thị số 12/CT-TTg ngày 06/3/2009 của Thủ tướng Chính phủ về việc chấn chỉnh kỷ luật hành chính,",
    "Chủ tịch Ủy ban nhân dân tỉnh Sông Lam yêu cầu thủ trưởng các cơ quan, đơn vị triển khai những nhiệm vụ sau:",
    "1. Sở Nội vụ chủ trì, phối hợp với Sở Tư pháp rà soát thủ tục hành chính, báo cáo trước ngày 30/6/2009.",
    "2. Sở Tài chính bảo đảm kinh phí; hướng dẫn thanh toán, quyết toán theo quy định của pháp luật.",
    "- Lưu: VT, NC (15b).",
]
CODES = {encoding: {letter: signs for signs, letter in sorted(table(encoding).items(), reverse=True)} for encoding in ENCODINGS}


def encoded(text: str, encoding: Encoding) -> str:
    """Text as a program shows it that does not know the encoding. TCVN3 writes a capital with a tone as a small letter."""
    codes = CODES[encoding]
    return "".join(codes.get(char) or codes.get(char.lower(), char) for char in text)


def byte_form(text: str, encoding: Encoding) -> bytes:
    return encoded(text, encoding).encode("cp1252", "legacy")


def _legacy_error(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return bytes(ord(char) & 0xFF for char in error.object[error.start : error.end]), error.end


__import__("codecs").register_error("legacy", _legacy_error)


def same_letters(one: str, other: str, encoding: Encoding) -> bool:
    return one.lower() == other.lower() if encoding == "tcvn3" else one == other


# --- the tables --------------------------------------------------------------------------------------------------------

VOWELS = [unicodedata.normalize("NFC", letter + tone) for letter in "aăâeêioôơuưy" for tone in ("", *"\u0300\u0301\u0303\u0309\u0323")]
LETTERS = [letter for letter in [*VOWELS, "đ"] if not letter.isascii()]


def test_the_table_names_its_sources():
    head = TABLE.read_text("utf-8").splitlines()[:5]
    assert {line.split()[2] for line in head if line.startswith("# source:")} == {f"{name}:" for name in ENCODINGS}


def test_the_table_has_every_letter_once():
    rows = list(csv.DictReader(line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")))
    assert {row["encoding"] for row in rows} == set(ENCODINGS)
    for encoding in ENCODINGS:
        own = [row for row in rows if row["encoding"] == encoding]
        assert len({row["codes"] for row in own}) == len({row["letter"] for row in own}) == len(own)
        letters = {row["letter"] for row in own}
        assert letters >= set(LETTERS)
        assert encoding == "tcvn3" or letters == {*LETTERS, *(letter.upper() for letter in LETTERS)}
        assert all(re.fullmatch("([0-9A-F]{2}){1,2}", row["codes"]) for row in own)


# Readings that anyone who worked with these fonts knows by heart, typed by hand and not made from the table.
KNOWN = [
    pytest.param("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", "tcvn3", id="tcvn3-motto"),
    pytest.param("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc", "tcvn3", id="tcvn3-motto-2"),
    pytest.param("UBND tØnh h\xadíng dÉn, ¸p dông tõ 1/1", "UBND tỉnh hướng dẫn, áp dụng từ 1/1", "tcvn3", id="tcvn3-soft-hyphen"),
    pytest.param("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "tcvn3", id="tcvn3-shift-key"),
    pytest.param("Tr-ëng phßng T- ph¸p, Th«ng t- sè 2", "Trưởng phòng Tư pháp, Thông tư số 2", "tcvn3", id="tcvn3-hyphen-for-horn"),
    pytest.param("kinh tÕ - x· héi, Q§-UBND, KH-UB", "kinh tế - xã hội, QĐ-UBND, KH-UB", "tcvn3", id="tcvn3-true-hyphens"),
    pytest.param("V- Tæ chøc thùc hiÖn", "V- Tổ chức thực hiện", "tcvn3", id="tcvn3-list-letter"),
    pytest.param("\uf043\uf0e9ng h\uf0dfa", "Cộng hòa", "tcvn3", id="tcvn3-symbol-font"),
    pytest.param("h(cid:173)íng dÉn", "hướng dẫn", "tcvn3", id="tcvn3-unnamed-glyph"),
    pytest.param("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", "vni", id="vni-motto"),
    pytest.param("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "vni", id="vni-capitals"),
    pytest.param("Uûy ban nhaân daân Ñaø Naüng", "Ủy ban nhân dân Đà Nẵng", "vni", id="vni-small-mark"),
    pytest.param("thuû töôùng, kyø hoïp, æ, luõy tre, gioù thoåi", "thủ tướng, kỳ họp, ỉ, lũy tre, gió thổi", "vni", id="vni-words"),
    pytest.param("Cµng hòa xã hµi chü nghîa Vi®t Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", "viscii", id="viscii-motto"),
    pytest.param("“Ðµc l§p” – Tñ do", "“Độc lập” – Tự do", "viscii", id="viscii-quotes-stay"),
    pytest.param("tính …………… (5) ……, 1,3×10, 20°C", "tính …………… (5) ……, 1,3×10, 20°C", "viscii", id="viscii-rules-and-figures"),
    pytest.param("C“NG HÒA, VIŽT NAM", "CỘNG HÒA, VIỆT NAM", "viscii", id="viscii-capitals-at-quotes"),
]


@pytest.mark.parametrize(("signs", "text", "encoding"), KNOWN)
def test_known_readings(signs, text, encoding):
    assert decode([signs], encoding) == [text]


def test_a_capitals_font_prints_small_letters_as_capitals():
    assert decode_words(["céng", "hßa", "x·", "héi", "UBND"], "tcvn3", capitals=True) == ["CỘNG", "HÒA", "XÃ", "HỘI", "UBND"]


SYLLABLES = sorted(
    {word for line in LINES for word in re.findall(r"[^\W\d_]+", line)} | {"có", "và", "là", "khác", "đã", "sẽ", "trí", "ít", "nó"}
)
WORDS = [word.lower() for word in SYLLABLES if not word.isascii() or len(word) > 2]


def random_text(alphabet: str) -> st.SearchStrategy[str]:
    return st.lists(st.text(alphabet, min_size=1, max_size=7), min_size=1, max_size=12).map(" ".join)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=random_text("bcdghklmnpqrstvx.,;:/0123456789" + "".join(LETTERS) + "aeiouy"))
def test_any_small_letters_survive_the_way_there_and_back(encoding, text):
    text = re.sub(r"(?<=\d)(?=[^\W\d])", " ", text)  # right after a figure a sign is one of measure: 20°C
    assert decode([encoded(text, encoding)], encoding) == [text]


@pytest.mark.parametrize("encoding", ["vni", "viscii"])
@given(data=st.data())
def test_capitals_survive_too(encoding, data):
    text = " ".join(data.draw(st.lists(st.sampled_from(WORDS).flatmap(lambda word: st.sampled_from([word, word.upper(), word.title()])))))
    assert decode([encoded(text, encoding)], encoding) == [text]


# --- recognition -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_document_is_recognised_and_read(encoding):
    lines = [encoded(line, encoding) for line in LINES]
    assert recognised(lines) == encoding
    assert all(same_letters(*pair, encoding) for pair in zip(to_unicode(lines), LINES, strict=True))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_short_lines_follow_their_neighbours(encoding):
    lines = [encoded(line, encoding) for line in ["Số: 15/BC", *LINES, "Nơi nhận:", "Sở"]]
    assert [line.lower() for line in to_unicode(lines)] == [line.lower() for line in ["Số: 15/BC", *LINES, "Nơi nhận:", "Sở"]]


sentences = st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12).map(" ".join), min_size=1, max_size=8)


@given(lines=sentences)
def test_correct_text_is_never_taken_for_another_encoding(lines):
    assert recognised(lines) is None
    assert to_unicode(lines) == lines


@settings(max_examples=30)
@given(lines=sentences, encoding=st.sampled_from(ENCODINGS), at=st.integers(0, 6))
def test_correct_lines_inside_a_legacy_document_stay(lines, encoding, at):
    mixed = [encoded(line, encoding) for line in LINES]
    mixed[at:at] = lines
    out = to_unicode(mixed)
    # A line of nothing but plain Latin letters with marks may be either; others are told by their own letters.
    sure = [line for line in lines if any(char >= "\u0100" for char in line)]
    assert [line for line in out[at : at + len(lines)] if line in sure] == sure


OTHER_TEXT = {
    "english": ["The committee examines every report before the deadline.", "Each department should submit comments – naïve café."],
    "french": ["Le conseil a examiné hier soir les propositions présentées à la préfecture, où siègent dès le début les élus."] * 3,
    "german": ["Die Behörde prüft die Anträge für öffentliche Gebäude und äußert sich über größere Änderungen gemäß Gesetz."] * 3,
    "spanish": ["El año próximo la administración pública examinará más propuestas según la resolución del señor ministro."] * 3,
    "portuguese": ["A administração não poderá aprovar as ações até que a comissão dê razão às petições dos cidadãos já ouvidos."] * 3,
    "icelandic": ["Það er ekki rétt að áætlunin hafi verið samþykkt áður en ráðherra fór úr húsi og gaf út nýja reglugerð."] * 3,
    "stripped": ["Thuc hien ke hoach cai cach hanh chinh nam 2023 cua tinh, cac so ban nganh"] * 3,
    "wrong-marks": ["Thuc hién ké hoach cai cach hanh chinh nam 2023 ciia tinh, céc so ban nganh va Uy ban nhan dén céc huyén nghiém"] * 3,
    "figures-for-letters": ["Thgc hiQn k6 ho4ch cii c6ch hinh chinh nim 2023 cria tinh, c6c s& ban nginh vd Uy ban nhdn din"] * 3,
    "signs-for-letters": ["Thµc hi§n k€ ho¥ch c®i c©ch hªnh ch¡nh n«m 2023 cüa t¬nh, c²c s³ ban ng´nh v° Üy ban nhÆn dÐn"] * 3,
    "latin-1-only": ["có và là các trí khác ít nó dân cá bà mà già lá má tá bí trì gì thì"] * 3,
    "signs-of-measure": ["1,3×1021 kg và 3,78×1010 m², T½=160,4 và 1,08×1014, 20°C, ±5°, 12m³, 1½"] * 3,
    "few-words": ["Sè: 15/BC-SNV"],
    "empty": ["", " "],
}


@pytest.mark.parametrize("lines", OTHER_TEXT.values(), ids=OTHER_TEXT)
def test_other_text_is_left_alone(lines):
    assert recognised(lines) is None
    assert to_unicode(lines) == lines


def test_sections_of_several_encodings_in_one_document():
    lines = [*(encoded(line, "tcvn3") for line in LINES[:3]), *(encoded(line, "vni") for line in LINES[:3]), *LINES]
    assert [line.lower() for line in to_unicode(lines)] == [line.lower() for line in [*LINES[:3], *LINES[:3], *LINES]]


def test_a_line_may_change_its_encoding():
    lines = [encoded(line, "tcvn3") for line in LINES] + ["Sở Nội vụ phối hợp với " + encoded("các sở, ban, ngành thực hiện", "tcvn3")]
    assert to_unicode(lines)[-1] == "Sở Nội vụ phối hợp với các sở, ban, ngành thực hiện"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="needs the real directives")
def test_real_directives_and_seeds():
    for path in [*sorted((SHARED / "seeds").glob("*.txt")), *sorted((SHARED / "directives").glob("*.txt"))]:
        lines = unicodedata.normalize("NFC", path.read_text("utf-8")).split("\n")
        assert recognised(lines) is None, path.name
        assert to_unicode(lines) == lines, path.name
        if path.parent.name == "seeds":
            continue
        for encoding in ENCODINGS:
            back = to_unicode([encoded(line, encoding) for line in lines])
            wrong = sum(one.lower() != other.lower() for one, other in zip(back, lines, strict=True))
            assert wrong <= 0.01 * len(lines), (path.name, encoding)


# --- fonts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "font"),
    [
        pytest.param(".VnTime", LegacyFont("tcvn3"), id="vntime"),
        pytest.param("ABCDEF+.VnTimeH,Bold", LegacyFont("tcvn3", capitals=True), id="vntimeh-bold-subset"),
        pytest.param(".VnArial-BoldItalic", LegacyFont("tcvn3"), id="vnarial"),
        pytest.param(".VnArialH", LegacyFont("tcvn3", capitals=True), id="vnarialh"),
        pytest.param("_VnTime", LegacyFont("tcvn3"), id="underscore-for-dot"),
        pytest.param("VnTimeH", LegacyFont("tcvn3", capitals=True), id="dot-lost"),
        pytest.param("VNI-Times", LegacyFont("vni"), id="vni-times"),
        pytest.param("XYZABC+VNI-Helve-Bold", LegacyFont("vni"), id="vni-helve"),
        pytest.param("TimesNewRomanPSMT", None, id="times"),
        pytest.param("VnUnicode", None, id="vn-in-another-name"),
    ],
)
def test_names_of_fonts(name, font):
    assert legacy_font(name) == font


def printed(*lines: Sequence[tuple[str, str]]) -> list[Printed]:
    """Lines of (text, font); every word gets a place of its own."""
    out = []
    for row, line in enumerate(lines):
        x = 50.0
        for text, font in line:
            for word in text.split():
                out.append(Printed(Word(word, (x, 100.0 + 20 * row, x + 8, 110.0 + 20 * row)), ((word, font),)))
                x += 10
    return out


PAGES = [
    pytest.param([[("céng hßa x· héi", "ABCDEF+.VnTimeH")]], ["CỘNG HÒA XÃ HỘI"], id="capitals-font-of-few-words"),
    pytest.param([[("Sè: 15/BC-UB", ".VnTime")]], ["Số: 15/BC-UB"], id="name-decides-few-words"),
    pytest.param([[("Kính gửi: Sở Nội vụ", ".VnTime")]], ["Kính gửi: Sở Nội vụ"], id="unicode-under-a-legacy-name"),
    pytest.param([[("Có tính khả thi và nó", ".VnTime")]], ["Có tính khả thi và nó"], id="right-as-it-stands"),
    pytest.param([[(encoded(line, "vni"), "VNSTCVN3")] for line in LINES], LINES, id="name-lies"),
    pytest.param([[(encoded(line, "vni"), ".VnTime")] for line in LINES], LINES, id="name-promises-another-encoding"),
    pytest.param(
        [*([(encoded(line, "tcvn3"), ".VnTime")] for line in LINES[1:2]), [("Sè 5 cña tØnh", "F2")]],
        [LINES[1], "Số 5 của tỉnh"],
        id="unnamed-font-follows",
    ),
    pytest.param([[("Chñ tÞch", ".VnTime"), ("Nguyễn Thị Hoà", "Times")]], ["Chủ tịch Nguyễn Thị Hoà"], id="two-fonts-in-a-line"),
    pytest.param([[("Le café est fermé", "Times")]], ["Le café est fermé"], id="nothing-to-do"),
    pytest.param([[("Ðiều 5 QÐ-UBND", "Times")]], ["Điều 5 QĐ-UBND"], id="eth"),
]


@pytest.mark.parametrize(("lines", "texts"), PAGES)
def test_each_font_of_a_page_is_judged_by_itself(lines, texts):
    words = printed(*lines)
    found = in_unicode(words)
    assert [word.text for word in found] == [word for text in texts for word in text.split()]
    assert [word.as_given.text for word in found if word.raw] == [p.word.text for p, word in zip(words, found, strict=True) if word.raw]
    assert all(bool(word.raw) >= (word.text != p.word.text and "Ð" not in p.word.text) for p, word in zip(words, found, strict=True))


def test_a_word_in_two_fonts():
    word = Printed(Word("§iÒu", (0, 0, 10, 10)), (("§", ".VnTimeH"), ("iÒu", ".VnTime")))
    assert in_unicode([word]) == [Word("Điều", (0, 0, 10, 10), raw="§iÒu")]


# --- files -------------------------------------------------------------------------------------------------------------


def simple_pdf(lines: Sequence[tuple[str, bytes]]) -> bytes:
    """Each line in a font of its own name with windows-1252 codes and no table of letters, marks of VNI as wide as nothing."""
    names = sorted({name for name, _ in lines})
    content = b"".join(
        b"BT /F%d 12 Tf 50 %d Td <%s> Tj ET\n" % (names.index(name), 760 - 18 * row, text.hex().encode())
        for row, (name, text) in enumerate(lines)
    )
    marks = {signs[1].encode("cp1252")[0] for signs in table("vni") if len(signs) == 2}
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<<"
        + b"".join(b"/F%d %d 0 R" % (at, 5 + 2 * at) for at in range(len(names)))
        + b">>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(zlib.compress(content)), zlib.compress(content)),
    ]
    for at, name in enumerate(names):
        widths = b" ".join(
            b"0" if name.startswith("VNI") and code in marks else b"250" if code == 32 else b"500" for code in range(32, 256)
        )
        objects.append(
            b"<</Type/Font/Subtype/TrueType/BaseFont/%s/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 255/Widths[%s]"
            b"/FontDescriptor %d 0 R>>" % (name.encode(), widths, 6 + 2 * at)
        )
        objects.append(
            b"<</Type/FontDescriptor/FontName/%s/Flags 32/FontBBox[0 -200 900 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700"
            b"/StemV 80/MissingWidth 500>>" % name.encode()
        )
    out = b"%PDF-1.4\n"
    places = []
    for number, thing in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)


@pytest.mark.parametrize(("encoding", "font"), [("tcvn3", ".VnTime"), ("vni", "VNI-Times"), ("viscii", "MinhQuan"), ("tcvn3", "F1")])
def test_a_text_layer_without_a_table_of_letters(tmp_path, encoding, font):
    (tmp_path / "a.pdf").write_bytes(simple_pdf([(font, byte_form(line, encoding)) for line in LINES]))
    page = read(tmp_path / "a.pdf").pages[0]
    assert page.source == "text-layer"
    assert all(same_letters(line.text, text, encoding) for line, text in zip(page.lines, LINES, strict=True))
    assert page.lines[3].raw != page.lines[3].text
    assert not page.warnings


def test_a_text_layer_in_small_and_capital_fonts(tmp_path):
    lines = [(".VnTimeH", byte_form("kế hoạch công tác", "tcvn3")), *((".VnTime", byte_form(line, "tcvn3")) for line in LINES)]
    (tmp_path / "a.pdf").write_bytes(simple_pdf(lines))
    page = read(tmp_path / "a.pdf").pages[0]
    assert [line.text for line in page.lines][:2] == ["KẾ HOẠCH CÔNG TÁC", LINES[0].replace("Ủy", "ủy")]


def test_a_text_layer_with_a_table_of_letters_and_a_ruled_table(tmp_path):
    font = TTFont("VnTimeTest", FONTS / "DejaVuSerif.ttf")
    font.face.name = font.face.subsetNameX = b".VnTime"
    pdfmetrics.registerFont(font)
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.setFont("VnTimeTest", 10)
    for row, line in enumerate(LINES[:3]):
        canvas.drawString(40, 780 - 16 * row, encoded(line, "tcvn3")[:95])
    cells = [["STT", "Nhiệm vụ", "Cơ quan chủ trì"], ["1", "Rà soát thủ tục", "Sở Tư pháp"]]
    for row, texts in enumerate(cells):
        for x, text in zip((50, 100, 300), texts, strict=True):
            canvas.drawString(x, 605 - 20 * row, encoded(text, "tcvn3"))
    canvas.grid([45, 95, 295, 500], [580, 600, 620])
    canvas.save()
    page = read(tmp_path / "a.pdf").pages[0]
    assert page.source == "text-layer"
    assert [line.cells for line in page.lines[page.tables[0].first - 1 :]] == [tuple(texts) for texts in cells]
    assert page.lines[-1].raw == "\t".join(encoded(text, "tcvn3") for text in cells[1])


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("as_bytes", [True, False], ids=["bytes", "pasted"])
def test_plain_text_files(tmp_path, encoding, as_bytes):
    text = "\n".join(LINES) + "\fPhụ lục kèm theo\n\n1\tRà soát\tSở Nội vụ\n2\tBáo cáo\tSở Tư pháp\n"
    (tmp_path / "a.txt").write_bytes(byte_form(text, encoding) if as_bytes else encoded(text, encoding).encode())
    document = read(tmp_path / "a.txt")
    assert same_letters(document.text, text, encoding)
    assert [line.raw for line in document.pages[0].lines] == [encoded(line, encoding) for line in LINES]
    assert [(t.first, t.last) for t in document.pages[1].tables] == [(3, 4)]


def test_viscii_letters_at_control_codes():
    text = "\n".join([*LINES, "CẪN TRỌNG, NỖI KỲ VỌNG MỸ, SẴN SÀNG, KỶ LUẬT"])
    data = byte_form(text, "viscii")
    assert b"\x14" in data
    assert text_to_unicode(decode_bytes(data) or "") == text
    assert shown(b"\x14") == "\uf014"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_decomposed_text_is_composed(tmp_path, form):
    (tmp_path / "a.txt").write_text(unicodedata.normalize(form, "\n".join(LINES)), "utf-8")
    assert read(tmp_path / "a.txt").text == "\n".join(LINES)


def test_the_command_line_reads_legacy_files(tmp_path, dondoc):
    (tmp_path / "a.pdf").write_bytes(simple_pdf([(".VnTime", byte_form(line, "tcvn3")) for line in LINES]))
    (tmp_path / "a.txt").write_bytes(byte_form("\n".join(LINES), "vni"))
    for name in ("a.pdf", "a.txt"):
        result = dondoc("text", tmp_path / name)
        assert result.exit_code == 0
        assert "Sở Nội vụ chủ trì, phối hợp với Sở Tư pháp rà soát thủ tục hành chính" in result.stdout


# --- one way of writing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param(unicodedata.normalize("NFD", "Uỷ ban"), "Uỷ ban", id="nfd"),
        pytest.param("kê\u0301 hoa\u0323ch", "kế hoạch", id="half-composed"),
        pytest.param("ke\u0301\u0302 ho\u0301\u031b", "kế hớ", id="tone-before-shape"),
        pytest.param("Ðiều, NGHỊ ÐỊNH, ðược", "Điều, NGHỊ ĐỊNH, được", id="eth"),
        pytest.param("Kế hoạch", "Kế hoạch", id="right"),
    ],
)
def test_composed(text, right):
    assert composed(text, vietnamese=True) == right
    assert to_unicode([text, "được"])[0] == right


def test_eth_stays_where_nothing_is_vietnamese():
    assert to_unicode(["Það er gott"]) == ["Það er gott"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("hoà thuận, văn hoá", "hòa thuận, văn hóa", id="oa"),
        pytest.param("khoẻ, loè", "khỏe, lòe", id="oe"),
        pytest.param("Uỷ ban, thuỷ lợi, huỷ, luỹ, nguỵ", "Ủy ban, thủy lợi, hủy, lũy, ngụy", id="uy"),
        pytest.param("UỶ BAN, THUỶ, HOÀ, ĐẠI HOÁ", "ỦY BAN, THỦY, HÒA, ĐẠI HÓA", id="capitals"),
        pytest.param("Nguyễn Thị Hoà, Thanh Hoá", "Nguyễn Thị Hòa, Thanh Hóa", id="names"),
        pytest.param("(hoá)-hoá/hoá", "(hóa)-hóa/hóa", id="between-signs"),
        *[pytest.param(word, word, id=word) for word in ("quý", "quỳ", "Quỹ", "hoàn", "thoát", "khuỷu", "huýt", "hòa", "thủy", "quá")],
        pytest.param("Kbuý Floá", "Kbuý Floá", id="no-vietnamese-word"),
        pytest.param("https://hoa.example/uy", "https://hoa.example/uy", id="address"),
    ],
)
def test_one_place_for_the_tone(old, new):
    assert unified(old) == new
    assert unified(new) == new
    assert len(unified(old)) == len(old)


@given(st.lists(st.sampled_from([*SYLLABLES, "hoà", "Uỷ", "THUỶ", "QĐ-UBND", "12/CT-TTg", ";", "  "])).map(" ".join))
def test_unifying_keeps_places_and_is_done_once(text):
    once = unified(text)
    assert (len(once), unified(once)) == (len(text), once)
    assert unified(unicodedata.normalize("NFD", text)) == once


SENTENCE = "Giao {} chủ trì, phối hợp với Sở Y tế báo cáo Ủy ban nhân dân tỉnh trước ngày 30/6/2023."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("Uỷ ban nhân dân tỉnh Khánh Hoà", "Ủy ban nhân dân tỉnh Khánh Hòa", id="committee"),
        pytest.param("Sở Văn hoá, Thể thao và Du lịch", "Sở Văn hóa, Thể thao và Du lịch", id="department"),
        pytest.param("Chi cục Thuỷ lợi", "Chi cục Thủy lợi", id="branch"),
    ],
)
def test_extraction_finds_a_name_in_either_style(old, new):
    one, other = (extract.explain(SENTENCE.format(name)) for name in (old, new))
    assert [(unified(name), role) for name, role in one.agencies] == [(unified(name), role) for name, role in other.agencies]
    assert any(role == "lead" for _, role in one.agencies)
    assert one.deadlines == other.deadlines


def test_a_shuffled_document_is_still_recognised():
    words = [word for line in LINES for word in line.split()]
    random.Random(1).shuffle(words)
    assert recognised([encoded(" ".join(words), "tcvn3")]) == "tcvn3"
