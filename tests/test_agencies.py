"""Finding agencies, splitting cells, reading roles: on invented sentences of the genre."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import gazetteer
from extract.agencies import canonical, find_agencies, read_cell, read_heading, read_roles, split_agencies
from extract.agencies_capitals import in_small_letters
from extract.agencies_likely import likely_names

SO, UB = "các sở, ban, ngành", "UBND các huyện, thị xã, thành phố"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Sở Văn hóa, Thể thao và Du lịch lập danh sách.", ["Sở Văn hóa, Thể thao và Du lịch"], id="comma-inside-a-name"),
        pytest.param("Sở Nội vụ, Sở Tài chính và Sở Tư pháp rà soát.", ["Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp"], id="three"),
        pytest.param("Các sở: Tư pháp, Tài chính kiểm tra.", ["Sở Tư pháp", "Sở Tài chính"], id="enumeration-with-colon"),
        pytest.param("các Sở Nội vụ, Tài chính, Y tế kiểm tra", ["Sở Nội vụ", "Sở Tài chính", "Sở Y tế"], id="enumeration-without-colon"),
        pytest.param("Các Bộ: CT, XD cho ý kiến.", ["Bộ Công Thương", "Bộ Xây dựng"], id="abbreviated-ministries"),
        pytest.param("Sở Xây dựng, Tài chính và Tư pháp góp ý.", ["Sở Xây dựng", "Sở Tài chính", "Sở Tư pháp"], id="head-said-once"),
        pytest.param("UBND các tỉnh: Nghệ An, Hà Tĩnh báo cáo.", ["UBND tỉnh Nghệ An", "UBND tỉnh Hà Tĩnh"], id="provinces"),
        pytest.param("UBND các tỉnh, thành phố: Huế, Gia Lai.", ["UBND thành phố Huế", "UBND tỉnh Gia Lai"], id="province-types"),
        pytest.param(
            "Bí thư tỉnh ủy và Chủ tịch UBND các tỉnh: Nghệ An, Hà Tĩnh, Quảng Trị chỉ đạo.",
            [f"{head} {name}" for head in ("Tỉnh ủy", "UBND tỉnh") for name in ("Nghệ An", "Hà Tĩnh", "Quảng Trị")],
            id="six-doers",
        ),
        pytest.param("Ủy ban nhân dân tỉnh Sông Lam ban hành.", ["UBND tỉnh Sông Lam"], id="committee-shortened"),
        pytest.param("Giám đốc Sở Nội vụ chịu trách nhiệm.", ["Sở Nội vụ"], id="director"),
        pytest.param("Chủ tịch UBND cấp huyện chịu trách nhiệm.", ["UBND cấp huyện"], id="chairman"),
        pytest.param("Bộ trưởng Bộ Y tế quyết định.", ["Bộ Y tế"], id="minister"),
        pytest.param("Chánh Văn phòng UBND tỉnh theo dõi.", ["Văn phòng UBND tỉnh"], id="chief-of-office"),
        pytest.param("Thủ trưởng các sở, ban, ngành thực hiện.", [SO], id="heads-of-a-group"),
        pytest.param("Các Sở, ban, ngành và UBND xã, phường triển khai.", ["các Sở, ban, ngành", "UBND xã, phường"], id="two-groups"),
        pytest.param("UBND cấp huyện, cấp xã niêm yết.", ["UBND cấp huyện", "UBND cấp xã"], id="two-levels"),
        pytest.param("HĐND, UBND các huyện họp.", ["HĐND các huyện", "UBND các huyện"], id="shared-places"),
        pytest.param("Trung tâm Dịch vụ việc làm tỉnh mở sàn giao dịch.", ["Trung tâm Dịch vụ việc làm tỉnh"], id="open-name"),
        pytest.param("Chi cục Chăn nuôi và Thú y kiểm dịch.", ["Chi cục Chăn nuôi và Thú y"], id="open-name-with-va"),
        pytest.param("Công ty Cổ phần Cấp nước Sông Lam khắc phục.", ["Công ty Cổ phần Cấp nước Sông Lam"], id="company"),
        pytest.param("UBND phường Bến Thủy tiếp nhận.", ["UBND phường Bến Thủy"], id="ward"),
        pytest.param("giao các cơ quan, đơn vị có liên quan thực hiện", ["các cơ quan, đơn vị có liên quan"], id="open-group"),
        pytest.param("Chủ đầu tư và các nhà thầu cam kết.", ["chủ đầu tư", "các nhà thầu"], id="investor-and-contractors"),
        pytest.param("so noi vu, Sở Nôi vu, SỞ NỘI VỤ", ["Sở Nội vụ", "Sở Nội vụ"], id="lost-marks-with-a-capital"),
    ],
)
def test_find_agencies(text: str, names: list[str]) -> None:
    assert [mention.name for mention in find_agencies(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Phòng ngừa, ngăn chặn vi phạm; ban hành kế hoạch.", id="verbs-that-begin-like-heads"),
        pytest.param("Bộ chỉ số cải cách hành chính và bộ tiêu chí đánh giá.", id="bo-that-is-no-ministry"),
        pytest.param("Tổ chức hội nghị tổng kết, báo cáo kết quả.", id="to-chuc-the-verb"),
        pytest.param("Cơ sở dữ liệu dùng chung, số hóa hồ sơ.", id="co-so-du-lieu"),
        pytest.param("các phong trào thi đua và môi trường đầu tư", id="words-that-only-look-alike"),
        pytest.param("Kế hoạch số 12/KH-SNV ngày 05/02/2024", id="inside-a-number"),
    ],
)
def test_what_names_no_agency(text: str) -> None:
    assert find_agencies(text) == ()


def test_a_slip_of_ocr_is_forgiven_with_less_confidence() -> None:
    (wrong,) = find_agencies("Sở Kế hoạh và Đầu tư thẩm định.")
    (right,) = find_agencies("Sở Kế hoạch và Đầu tư thẩm định.")
    assert wrong.name == right.name == "Sở Kế hoạch và Đầu tư"
    assert wrong.confidence < right.confidence


@pytest.mark.parametrize(
    ("written", "name", "alternatives"),
    [
        pytest.param("Sở Sây dựng", "Sở Xây dựng", ("Sở Sây dựng",), id="wrong-letter"),
        pytest.param("Sở Xây dựg", "Sở Xây dựng", ("Sở Xây dựg",), id="lost-letter"),
        pytest.param("Sở Nộivụ", "Sở Nội vụ", ("Sở Nộivụ",), id="glued"),
        pytest.param("Sở KHCM", "Sở Khoa học và Công nghệ", ("Sở KHCM",), id="abbreviation"),
        pytest.param("Sở Nội vụ", "Sở Nội vụ", (), id="right"),
        pytest.param("Chi cục Thú y", "Chi cục Thú y", (), id="another-agency"),
        pytest.param("Thuế cơ sở 5", "Thuế cơ sở 5", (), id="numbers-never-slip"),
    ],
)
def test_what_is_only_likely_says_so(written: str, name: str, alternatives: tuple[str, ...]) -> None:
    (mention,) = find_agencies(f"Giao {written} chủ trì kiểm tra.")
    assert (mention.name, mention.alternatives) == (name, alternatives)
    roles = read_roles(f"Giao {written} chủ trì kiểm tra.")
    assert roles.doubtful == (((name, alternatives),) if alternatives else ())
    assert read_heading(f"2. {written}:").doubtful == roles.doubtful
    assert read_cell(f"{written}; Sở Y tế").doubtful == roles.doubtful


def test_a_name_between_two_gives_both() -> None:
    (mention,) = find_agencies("Sở TNNMT xác minh nguồn thải.")
    both = {"Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Môi trường"}
    assert {mention.name, *mention.alternatives} == both | {"Sở TNNMT"}
    assert mention.confidence < 0.5
    roles = read_roles("Sở Y tế chủ trì, phối hợp với Sở TNNMT xác minh.")
    assert roles.doubtful == ((mention.name, mention.alternatives),)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        pytest.param("CÁC SỞ, BAN, NGÀNH; SỞ Y TẾ", (SO, "Sở Y tế"), id="capitals"),
        pytest.param("Doanh nghiệp, nhà cung cấp dịch vụ, nhà đầu tư", ("doanh nghiệp", "nhà cung cấp dịch vụ", "nhà đầu tư"), id="each"),
        pytest.param("Các đơn vị theo chức năng, nhiệm vụ; Sở Y tế", ("các đơn vị", "Sở Y tế"), id="how-is-not-who"),
        pytest.param("Đồng kính gửi: Bí thư Tỉnh ủy", ("Tỉnh ủy",), id="label-of-addressees"),
        pytest.param("Chủ tịch HĐTV Tập đoàn Điện lực Việt Nam", ("Tập đoàn Điện lực Việt Nam",), id="chairman-of-a-company"),
        pytest.param("Sở Tài chính, Công ty TNNNHH Sông Lam", ("Sở Tài chính", "Công ty TNHH Sông Lam"), id="doubled-letters"),
        pytest.param("Các địa phương: Nghệ An, Huế", ("tỉnh Nghệ An", "thành phố Huế"), id="localities"),
        pytest.param("Sở Nội vụ", ("Sở Nội vụ",), id="one"),
        pytest.param("Các sở, ban, ngành; UBND cấp huyện; UBND cấp xã", (SO, "UBND cấp huyện", "UBND cấp xã"), id="semicolons"),
        pytest.param("Sở Khoa học và Công nghệ Sở Công Thương", ("Sở Khoa học và Công nghệ", "Sở Công Thương"), id="lost-line-break"),
        pytest.param("- Sở Y tế\n- Công an tỉnh", ("Sở Y tế", "Công an tỉnh"), id="bullets"),
        pytest.param("Sở, ban, ngành có liên quan", ("sở, ban, ngành có liên quan",), id="bare-group"),
        pytest.param("Các cơ quan được kiểm tra, thanh tra", ("các cơ quan được kiểm tra, thanh tra",), id="words-that-go-on"),
        pytest.param("UBND cấp tỉnh, cấp huyện, cấp xã", ("UBND cấp tỉnh", "UBND cấp huyện", "UBND cấp xã"), id="three-levels"),
        pytest.param("VTV, VOV và các địa phương", ("Đài Truyền hình Việt Nam", "Đài Tiếng nói Việt Nam", "các địa phương"), id="symbols"),
        pytest.param("", (), id="empty"),
    ],
)
def test_split_agencies(cell: str, names: tuple[str, ...]) -> None:
    assert split_agencies(cell) == names


def test_a_cell_may_name_partners() -> None:
    roles = read_cell("Sở Nội vụ chủ trì, phối hợp với Sở Y tế, các sở, ban, ngành")
    assert roles.lead == ("Sở Nội vụ",)
    assert roles.coordinating == ("Sở Y tế", SO)
    assert read_cell("Sở Y tế; UBND cấp xã").lead == ("Sở Y tế", "UBND cấp xã")


@pytest.mark.parametrize(
    ("text", "lead", "coordinating"),
    [
        pytest.param(
            "Giao Sở Tư pháp chủ trì, phối hợp với Sở Tài chính và các đơn vị liên quan tham mưu UBND tỉnh ban hành quy chế.",
            ("Sở Tư pháp",),
            ("Sở Tài chính", "các đơn vị liên quan"),
            id="order-with-partners",
        ),
        pytest.param("Sở Tài chính phụ trách lĩnh vực 6.", ("Sở Tài chính",), (), id="subject"),
        pytest.param("Đề nghị Ủy ban Mặt trận Tổ quốc tỉnh giám sát.", ("Ủy ban Mặt trận Tổ quốc tỉnh",), (), id="request"),
        pytest.param("Yêu cầu Giám đốc các sở báo cáo.", ("các sở",), (), id="heads"),
        pytest.param("Các cơ quan, đơn vị, địa phương tăng cường kiểm tra.", ("các cơ quan, đơn vị, địa phương",), (), id="group"),
        pytest.param("Đơn vị quản lý vận hành tăng cường trực ban.", ("đơn vị quản lý vận hành",), (), id="verb-inside-the-name"),
        pytest.param("Chủ trì, phối hợp chặt chẽ với Công an tỉnh rà soát.", (), ("Công an tỉnh",), id="verb-first-names-no-lead"),
        pytest.param("Tham mưu UBND tỉnh kế hoạch năm 2025.", (), (), id="receiver-is-no-lead"),
        pytest.param("Chỉ đạo Công an các xã tuần tra.", (), (), id="directing-others"),
        pytest.param("Phối hợp tổ chức hội nghị.", (), (), id="cooperation-with-nobody"),
        pytest.param(
            "Phối hợp cùng Báo Sông Lam, Đài Truyền hình Việt Nam đưa tin.", (), ("Báo Sông Lam", "Đài Truyền hình Việt Nam"), id="cung"
        ),
        pytest.param("Trên cơ sở kết quả khảo sát, Sở Xây dựng đề xuất phương án.", ("Sở Xây dựng",), (), id="after-an-opening"),
        pytest.param("Về giải phóng mặt bằng: Giao UBND xã Tân Lập hoàn thành.", ("UBND xã Tân Lập",), (), id="after-a-topic"),
        pytest.param("UBND tỉnh yêu cầu Sở Y tế khắc phục.", ("Sở Y tế",), (), id="who-orders-is-no-doer"),
        pytest.param("Sở Nội vụ - Cơ quan thường trực Ban Chỉ đạo đôn đốc.", ("Sở Nội vụ",), (), id="apposition"),
        pytest.param("Sở Y tế (cơ quan đầu mối) tổng hợp.", ("Sở Y tế",), (), id="aside"),
        pytest.param(
            "Bộ trưởng, Thủ trưởng cơ quan ngang bộ, cơ quan thuộc Chính phủ chỉ đạo.",
            ("các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ",),
            (),
            id="ministers",
        ),
        pytest.param(
            "Đề nghị các đồng chí Bộ trưởng, Thủ trưởng cơ quan ngang bộ lưu ý.", ("các bộ, cơ quan ngang bộ",), (), id="comrades"
        ),
        pytest.param("Thành phố Huế, tỉnh Nghệ An đẩy nhanh tiến độ.", ("thành phố Huế", "tỉnh Nghệ An"), (), id="places-as-doers"),
        pytest.param(
            "Giao Công an tỉnh chủ trì, Sở Xây dựng, UBND các phường phối hợp xử lý.",
            ("Công an tỉnh",),
            ("Sở Xây dựng", "UBND các phường"),
            id="partners-before-the-verb",
        ),
        pytest.param("UBND các xã, phường: Niêm yết danh mục.", ("UBND các xã, phường",), (), id="verb-after-a-colon-is-no-place"),
        pytest.param("Giao Phó Chủ tịch UBND tỉnh Nguyễn Văn An chỉ đạo.", ("UBND tỉnh",), (), id="person-behind-the-office"),
        pytest.param("Công ty Thủy lợi Sông Lam vận hành hồ chứa.", ("Công ty Thủy lợi Sông Lam",), (), id="weak-verb-after-a-place"),
        pytest.param("Tổng công ty Hàng hải Việt Nam báo cáo.", ("Tổng công ty Hàng hải Việt Nam",), (), id="tong-is-no-title-here"),
        pytest.param("Đơn vị chủ trì: Sở Y tế.", (), (), id="a-label-names-nobody"),
        pytest.param("Thực hiện tốt công tác tiếp công dân, các quy định về bảo mật.", (), (), id="thuc-hien-is-the-order"),
    ],
)
def test_read_roles(text: str, lead: tuple[str, ...], coordinating: tuple[str, ...]) -> None:
    roles = read_roles(text)
    assert roles.lead == lead
    assert roles.coordinating == coordinating


def test_receivers_are_told_apart() -> None:
    roles = read_roles("Sở Y tế tổng hợp, báo cáo UBND tỉnh (qua Sở Nội vụ) và gửi Sở Tài chính.")
    assert roles.lead == ("Sở Y tế",)
    assert set(roles.receivers) == {"UBND tỉnh", "Sở Nội vụ", "Sở Tài chính"}


def test_a_later_sentence_adds_a_doer() -> None:
    named = read_roles("Sở Xây dựng rà soát hồ sơ. UBND thành phố Sông Lam khẩn trương hoàn thành việc bàn giao.")
    assert named.lead == ("Sở Xây dựng", "UBND thành phố Sông Lam")
    inherited = read_roles("Rà soát hồ sơ; trong đó, các cơ quan liên quan cần bổ sung số liệu.")
    assert inherited.lead == ()
    assert inherited.further == ("các cơ quan liên quan",)


def test_where_the_doer_and_the_verb_begin() -> None:
    text = "Giao Sở Tư pháp chủ trì soạn thảo."
    roles = read_roles(text)
    assert text[roles.lead_begin :].startswith("Sở Tư pháp")
    assert text[roles.verb_begin :].startswith("chủ trì")
    assert read_roles("Chủ trì soạn thảo.").lead_begin == -1


@pytest.mark.parametrize(
    ("heading", "lead", "coordinating"),
    [
        pytest.param("2. Sở Nội vụ", ("Sở Nội vụ",), (), id="name"),
        pytest.param("1. SỞ TƯ PHÁP", ("Sở Tư pháp",), (), id="capitals"),
        pytest.param(f"Thủ trưởng {SO}, {UB}", (SO, UB), (), id="heads"),
        pytest.param("3. Giao Sở Nội vụ chủ trì, phối hợp với Sở Tài chính:", ("Sở Nội vụ",), ("Sở Tài chính",), id="partners"),
        pytest.param(f"Đối với {UB}, ngoài các nội dung trên cần tập trung:", (UB,), (), id="doi-voi"),
        pytest.param(
            "UBND tỉnh yêu cầu Giám đốc các sở; Chủ tịch UBND các xã, phường thực hiện một số nội dung sau:",
            ("các sở", "UBND các xã, phường"),
            (),
            id="issuer-orders",
        ),
        pytest.param(
            "Để khắc phục hậu quả bão số 3, sớm ổn định đời sống, Chủ tịch UBND tỉnh yêu cầu các sở, ngành:",
            ("các sở, ngành",),
            (),
            id="order-after-a-long-opening",
        ),
        pytest.param("Trách nhiệm của Sở Y tế", ("Sở Y tế",), (), id="responsibility"),
        pytest.param("II. NHIỆM VỤ TRỌNG TÂM", (), (), id="subject-in-capitals"),
        pytest.param("Về công tác chỉ đạo điều hành", (), (), id="subject"),
        pytest.param("Căn cứ kết luận nêu trên, Chủ tịch UBND tỉnh yêu cầu:", (), (), id="order-to-nobody"),
    ],
)
def test_read_heading(heading: str, lead: tuple[str, ...], coordinating: tuple[str, ...]) -> None:
    roles = read_heading(heading)
    assert roles.lead == lead
    assert roles.coordinating == coordinating


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        pytest.param("Ủy ban nhân dân tỉnh", "UBND tỉnh", id="committee"),
        pytest.param("Uỷ ban nhân dân  xã Tân Lập", "UBND xã Tân Lập", id="old-tone-place"),
        pytest.param("Sở Y tế tỉnh", "Sở Y tế", id="department-without-province"),
        pytest.param("Sở Y tế tỉnh Sông Lam", "Sở Y tế tỉnh Sông Lam", id="province-named"),
        pytest.param("Sở Y tế12", "Sở Y tế", id="footnote"),
        pytest.param("UBMTTQVN xã Tân Lập", "Ủy ban Mặt trận Tổ quốc Việt Nam xã Tân Lập", id="front"),
    ],
)
def test_canonical_spelling(name: str, spelling: str) -> None:
    assert canonical(name) == spelling


DEPARTMENTS = sorted(
    {a.name for a in gazetteer.load().agencies if a.kind in {"ministry", "department"} and a.name.startswith(("Sở ", "Bộ "))}
)


@given(st.lists(st.sampled_from(DEPARTMENTS), min_size=1, max_size=5, unique=True))
def test_a_joined_list_of_canonical_names_splits_back(names: list[str]) -> None:
    assert split_agencies("; ".join(names)) == tuple(names)


@given(st.lists(st.sampled_from([*DEPARTMENTS, SO, UB, "phối hợp với", "rà soát", "và", ",", "trước ngày 30/6/2025", "x1"]), max_size=12))
def test_mentions_slice_back_in_order(parts: list[str]) -> None:
    text = " ".join(parts)
    mentions = find_agencies(text)
    assert all(text[m.begin : m.end] == m.text and m.name for m in mentions)
    assert [m.begin for m in mentions] == sorted(m.begin for m in mentions)


WORDS = [row["phrase"] for row in gazetteer.rows("agency_words.csv")]
PIECES = st.sampled_from(
    [*WORDS, "UBND", "Sở", "các", "tỉnh", "miền", "ven", "trực thuộc", "Nghệ An", ",", ";", ":", "(", ")", "-", "và", "06", "."]
)


@given(st.text(max_size=80) | st.lists(PIECES | PIECES.map(str.capitalize), max_size=10).map(" ".join))
def test_nothing_breaks_on_any_text(text: str) -> None:
    read_roles(text)
    read_heading(text)
    split_agencies(text)
    find_agencies(text)


@given(st.text(max_size=60) | st.lists(PIECES, max_size=8).map(lambda words: " ".join(words).upper()))
def test_capitals_are_taken_letter_by_letter(text: str) -> None:
    small = in_small_letters(text)
    assert len(small) == len(text)
    assert small.lower() == text.lower()


@pytest.mark.parametrize(
    ("heading", "small"),
    [
        pytest.param("CÁC SỞ, BAN, NGÀNH CẤP TỈNH", "Các sở, ban, ngành cấp tỉnh", id="group"),
        pytest.param("SỞ TÀI CHÍNH VÀ SỞ Y TẾ", "Sở Tài chính và Sở Y tế", id="names"),
        pytest.param("UỶ BAN NHÂN DÂN PHƯỜNG BẾN THỦY", "Uỷ ban nhân dân phường Bến Thủy", id="place"),
        pytest.param("Sở Y tế", "Sở Y tế", id="no-capitals"),
        pytest.param("UBND", "UBND", id="abbreviation"),
    ],
)
def test_headings_in_capitals(heading: str, small: str) -> None:
    assert in_small_letters(heading) == small


@given(st.sampled_from([agency.name for agency in gazetteer.load().agencies]))
def test_a_known_name_comes_first_among_its_likely_ones(name: str) -> None:
    likely = likely_names(name)
    assert all(0 < other.alike <= 1 for other in likely)
    assert not likely or name in {other.name for other in likely if other.alike == 1}
