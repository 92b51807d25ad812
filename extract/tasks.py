"""Who must do what by when: a walk over the outline that hands leads, partners and terms down to the items below them.

What a task, a lead and a deadline is follows the annotation guide of the gold set: one task for each leaf item that tells
somebody to do something; an item inherits its doer from the nearest heading that names one, unless it names its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from extract.agencies import Roles, canonical, read_cell, read_heading, read_roles, split_agencies
from extract.attributes import Attribute, read_attributes
from extract.deadlines import find_deadlines, read_term
from extract.directive import Deadline, LeadSource, Span, Task
from extract.folding import fold
from extract.headings import ANNOUNCES, HEADING_LENGTH, announced, run_in
from extract.marks import BULLETS
from extract.orders import QUOTA, enacts, is_fragment, is_idle_section, is_order, is_order_with_more, is_unmarked_order, lists_content
from extract.outline import Node, build
from extract.paragraphs import Paragraph, paragraphs
from extract.phrases import opens_order, orders_somewhere
from extract.references import find_references
from extract.tables import TableRow, read_table
from extract.zones import Part

_PLACE = re.compile(r"\b(tỉnh|thành phố|huyện|quận|thị xã)\s+([A-ZĐÀ-Ỹ].*)$", re.IGNORECASE)
_UPWARD = frozenset({"Báo cáo", "Tờ trình", "Biên bản", "Phiếu trình"})
_INVITING = frozenset({"Giấy mời", "Thư mời"})
_GIVEN = re.compile(r"\b(?:giao|yêu cầu|phân công)\b", re.IGNORECASE)
_ASKED = re.compile(r"\b(?:giao|yêu cầu|phân công|đề nghị)\b", re.IGNORECASE)
# "… trình UBND tỉnh ban hành Quy chế thi đua trước ngày …": what is to come of it.
_RESULT = re.compile(
    r"\btrình\b[^,;.:]*?\b(?:ban hành|phê duyệt|thông qua|quyết định|công bố)\s+"
    r"(?P<result>(?:các |bộ )?(?:Quy|Đề|Kế|Chương|Nghị|Quyết|Chỉ|Phương|Danh|Báo|Thông|Hướng|Chiến|Bộ|Dự)\S*\b[^,;.:()]*)"
)
_JOINTLY = re.compile(r"(?:chu tri,? (?:va )?)?phoi hop(?: chat che)?(?: voi)?(?: cac (?:so|co quan|don vi)\S*(?: \S+){0,4})?\W*$")
_EACH = re.compile(r"^(?:các|từng|mỗi|những)\s+")
_BEFORE_TERM = re.compile(r"\s+(?:trước|trong|xong|chậm nhất|hoàn thành|vào|đến hết|theo|để)\s.*$")
_ANNEX_NUMBER = re.compile(r"phu luc\s+([ivx]+|\d+)\b")
_LISTED_NAME = 14
# An appendix holds orders when its heading says so; others hold lists and figures.
_ORDERING_ANNEX = re.compile(r"\b(?:ke hoach|chuong trinh|phan cong|nhiem vu|phuong an|giai phap|noi dung thuc hien|lo trinh)\b")


@dataclass(frozen=True, slots=True)
class _Context:
    """What the headings above an item say; ``source`` and ``lead_span`` tell which of them named the doers.

    ``joint``: the heading says "Chủ trì, phối hợp:", so that whoever the items name acts beside the doer of the headings.
    """

    dated: date | None
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    path: str = ""
    idle: bool = False
    source: LeadSource = "none"
    lead_span: Span | None = None
    joint: bool = False
    extra: Path | None = None

    def under(self, node: Node, roles: Roles | None) -> _Context:
        """The context of the children of ``node``."""
        below = self.named_by(node, roles)
        if roles is not None and roles.coordinating and not roles.lead:
            below = replace(below, coordinating=roles.coordinating)
        # "Hoàn thành trong tháng 11/2025 các nhiệm vụ sau:" sets the term of what it announces.
        terms = find_deadlines(node.text, self.dated) if ANNOUNCES.search(node.text) else ()
        return replace(
            below,
            deadlines=tuple(term for term in terms if term.due is not None) or self.deadlines,
            path=_join_path(self.path, node.step),
            joint=_JOINTLY.match(fold(node.text)) is not None,
            idle=self.idle or (is_idle_section(node.text) and not self._demands(node)),
        )

    def _demands(self, node: Node) -> bool:
        """Whether "Yêu cầu:" heads orders to those whom its items name, not the demands that a plan makes on itself."""
        announces = ANNOUNCES.search(node.text) is not None and fold(node.text).startswith("yeu cau")
        return announces and all(read_roles(child.text, self.extra).lead for child in node.children)

    def named_by(self, node: Node, roles: Roles | None) -> _Context:
        """The context with the doers that ``node`` names, if it names any."""
        if roles is None or not roles.lead:
            return self
        return replace(self, lead=roles.lead, coordinating=roles.coordinating, source="heading", lead_span=node.paragraph.span)


def read_tasks(
    parts: Sequence[Part],
    *,
    dated: date | None,
    addressees: Sequence[str],
    kind: str | None = None,
    issuer: str | None = None,
    extra: Path | None = None,
) -> tuple[Task, ...]:
    """The tasks of a directive and its appendices, in reading order.

    ``dated`` completes terms that leave the year out; ``addressees`` (Kính gửi, or those a công điện is sent to) are the doers where
    nothing nearer names one; ``issuer`` is whose own bodies need no place in their names. ``kind`` is the type of document: a report
    or a submission goes upwards, so that nobody it is sent to is ordered by it, and what it plans are its author's own intentions;
    only what it expressly gives to somebody is a task. ``extra``: the office's own agencies.
    """
    upward = kind in _UPWARD
    doers = () if upward else tuple(dict.fromkeys(name for entry in addressees for name in split_agencies(entry, extra)))
    context = _Context(dated, lead=doers, source="addressee" if doers else "none", extra=extra)
    found: list[Task] = []
    for part in parts:
        body = paragraphs(part.body)
        if part.annex:
            heading = fold(" ".join(placed.text for placed in part.header))
            number = _ANNEX_NUMBER.search(heading)
            annex = replace(context, lead=(), source="none", path=f"PL{'.' + number[1].upper() if number else ''}")
            if not _ORDERING_ANNEX.search(heading):
                body = tuple(paragraph for paragraph in body if paragraph.cells)
            found += _walk(body, annex, annex=True)
        else:
            found += _walk(body, context, annex=False)
    if upward or kind in _INVITING:
        given = _GIVEN if upward else _ASKED
        found = [task for task in found if given.search(task.text) and task.lead_source == "item"]
    at_home = _at_home(issuer)
    return tuple(at_home(task) for task in found if not is_fragment(task))


def _at_home(issuer: str | None) -> Callable[[Task], Task]:
    """Files the bodies of the issuer's own province or district under their short names: "Thuế tỉnh Sông Lam" there is "Thuế tỉnh"."""
    place = _PLACE.search(issuer or "")
    if place is None:
        return lambda task: task
    unit, name = place[1], place[2]
    own = re.compile(rf"^(.+ {unit}) {re.escape(name)}$", re.IGNORECASE)

    def short(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(canonical(match[1]) if (match := own.match(name)) else name for name in names))

    return lambda task: replace(task, lead=short(task.lead), coordinating=short(task.coordinating))


def _walk(body: Sequence[Paragraph], context: _Context, *, annex: bool) -> Iterator[Task]:
    runs = _table_runs(body)
    announcing = {id(run.above) for run in runs if run.above is not None and _heads_table(run.above)}
    prose = [paragraph for paragraph in body if not paragraph.cells and id(paragraph) not in announcing]
    roots = build(prose)
    first_marked = next(
        (at for at, node in enumerate(roots) if node.paragraph.mark is not None and node.paragraph.mark.kind != "paren"), len(roots)
    )
    preamble, rest = roots[:first_marked], roots[first_marked:]
    if not rest or annex:
        preamble, rest = [], roots
    else:
        # Bullets right below the sentence that orders: it heads them.
        split = next((at for at, node in enumerate(preamble) if _heads_bullets(node) or _heads_numbers(node)), len(preamble))
        preamble, rest = preamble[:split], preamble[split:] + rest
    for node in preamble:
        context = context.named_by(node, announced(node.text, context.extra))
    drafts = list(_items(rest, context, top=True, numbered=first_marked < len(roots)))
    for run in runs:
        over = replace(context, lead=(), coordinating=(), source="none", lead_span=None)
        for heading in (run.heading, run.above):
            if (
                heading is not None
                and (roles := read_heading(heading.text, context.extra)).lead
                and id(heading) in announcing | {id(run.heading)}
            ):
                over = replace(over, lead=roles.lead, coordinating=roles.coordinating, source="heading", lead_span=heading.span)
        drafts += _table_tasks(run.rows, over, path=context.path if annex else run.path or context.path)
    return iter(sorted(drafts, key=lambda task: (task.span.page, task.span.first)))


def _heads_bullets(node: Node) -> bool:
    """Whether a paragraph of the preamble itself orders the bullets below it ("UBND tỉnh yêu cầu các sở: - …")."""
    last_clause = re.split(r"[.;]\s", node.text)[-1]
    orders = re.search(r"\b(?:yêu cầu|đề nghị|giao|phân công)\b", last_clause, re.IGNORECASE)
    return any(child.marked for child in node.children) and orders is not None


def _heads_numbers(node: Node) -> bool:
    """Whether numbered items stand below a paragraph of the preamble: "QUYẾT NGHỊ:", the mark of whose first article is lost."""
    return any(child.paragraph.mark is not None and child.paragraph.mark.kind not in BULLETS for child in node.children)


@dataclass(frozen=True, slots=True)
class _TableRun:
    """Rows of one table, the paragraph right above them and the numbered heading over both."""

    rows: list[Paragraph]
    above: Paragraph | None
    heading: Paragraph | None

    @property
    def path(self) -> str:
        """The step of the heading, empty without one."""
        return self.heading.mark.step if self.heading is not None and self.heading.mark is not None else ""


def _table_runs(body: Sequence[Paragraph]) -> list[_TableRun]:
    """The tables among the paragraphs; a table goes on over lines between its rows, up to the next heading."""
    runs: list[_TableRun] = []
    heading = above = None
    for paragraph in body:
        if not paragraph.cells:
            above = paragraph
            if paragraph.mark is not None and paragraph.mark.kind in {"roman", "arabic"} and len(paragraph.text) < HEADING_LENGTH:
                heading = paragraph
                runs.append(_TableRun([], None, heading))
            continue
        if not runs or not runs[-1].rows:
            runs = [*runs[:-1], _TableRun([], above, heading)]
        runs[-1].rows.append(paragraph)
    return [run for run in runs if run.rows]


def _heads_table(paragraph: Paragraph) -> bool:
    """Whether a paragraph right above a table only announces it."""
    text = paragraph.text.strip()
    return ANNOUNCES.search(text) is not None or (len(text) < HEADING_LENGTH and (text.isupper() or not text.endswith((".", ";"))))


def _items(nodes: Sequence[Node], context: _Context, *, top: bool = False, numbered: bool = True) -> Iterator[Task]:
    """The tasks of sibling nodes; labelled lines among them complete the tasks between them and the labels before."""
    pending: list[Task] = []
    closed = False
    for node in nodes:
        if _is_attribute(node):
            given = _given(node)
            pending = [_completed(task, given, context, node.paragraph.span) for task in pending]
            closed = True
            continue
        if closed:
            yield from pending
            pending, closed = [], False
        pending += list(_node_tasks(node, context, top=top, numbered=numbered))
    yield from pending


def _given(node: Node) -> list[Attribute]:
    """What a labelled line and the lines below it say."""
    attributes = read_attributes(node.text)
    nested = [attribute for child in node.children for attribute in read_attributes(child.text)]
    if attributes[0].role in {"lead", "coordinating"} and not attributes[0].value and not nested:
        return [replace(attributes[0], value="; ".join(child.text for child in node.children))]
    return [*attributes, *nested]


def _node_tasks(node: Node, context: _Context, *, top: bool, numbered: bool) -> Iterator[Task]:
    own = [child for child in node.children if not _is_attribute(child)]
    if own:
        heading, _ = run_in(node.text, context.extra)
        roles = announced(node.text, context.extra) if not node.marked else (heading or read_heading(node.text, context.extra))
        below = context.under(node, roles)
        if lists_content(node, own, context.extra) and not below.idle:
            yield from _leaf(node, context, attributes=(), text=" ".join([node.text, *(child.text for child in own)]))
            return
        if is_order_with_more(node, own, context.extra) and not below.idle:
            yield from _leaf(node, context, attributes=())
        # Labels above the first item speak of all of them, labels behind an item of those before.
        first = node.children.index(own[0])
        general = [(attribute, child.paragraph.span) for child in node.children[:first] for attribute in _given(child)]
        for task in _items(node.children[first:], below):
            for attribute, span in general:
                task = _completed(task, [attribute], context, span)  # noqa: PLW2901 - each label completes what the last one left
            yield task
        return
    bullet = node.paragraph.mark is not None and node.paragraph.mark.kind in BULLETS
    if context.idle or (not bullet and is_idle_section(node.text)) or enacts(node.paragraph):
        return
    if not node.marked and not is_unmarked_order(node.text, context.dated, top=top, numbered=numbered, extra=context.extra):
        return
    yield from _leaf(node, context, [(attribute, child.paragraph.span) for child in node.children for attribute in _given(child)])


def _leaf(node: Node, context: _Context, attributes: Sequence[tuple[Attribute, Span]], text: str = "") -> Iterator[Task]:
    """The task of one item, or nothing when it orders nothing; ``text`` instead of the item's own where more belongs to it."""
    text = re.sub(r"^(?:Nhiệm vụ|Nội dung|Nội dung thực hiện|Công việc)\s*:\s*", "", text or node.text)
    heading, text_after = run_in(text, context.extra)
    if heading is not None and heading.lead:
        text = text_after
        if len(text.split()) < QUOTA and not opens_order(text) and not find_deadlines(text, context.dated):
            return  # "Ủy ban bầu cử của tỉnh: Không quá 05 cá nhân"
    if not is_order(text, context.extra):
        return
    roles = read_roles(text, context.extra)
    inherited = context.lead if not roles.further or orders_somewhere(text) else ()  # a narrative orders only those it names
    lead = _each_once([*(roles.lead or (heading.lead if heading is not None else ()) or inherited), *roles.further])
    own_heading_partners = heading.coordinating if heading is not None else ()
    coordinating = roles.coordinating or own_heading_partners or (context.coordinating if not roles.lead else ())
    if context.joint and roles.lead and context.lead:
        roles = replace(roles, lead=(), coordinating=tuple(dict.fromkeys([*roles.lead, *roles.coordinating])))
        lead, coordinating = context.lead, roles.coordinating
    own = bool(roles.lead or (heading is not None and heading.lead))
    deadlines = find_deadlines(text, context.dated)
    task = Task(
        path=_join_path(context.path, node.step),
        text=text,
        span=node.paragraph.span,
        lead=lead,
        coordinating=tuple(name for name in coordinating if name not in lead),
        deadlines=_distinct(deadlines if any(term.due for term in deadlines) else [*deadlines, *context.deadlines]),
        references=_cited(text),
        confidence=node.paragraph.confidence,
        lead_source="item" if own or (lead and not inherited) else context.source,
        lead_span=None if own or not inherited else context.lead_span,
        expected_result=_promised(text),
    )
    task = _completed(task, [attribute for attribute in read_attributes(text) if attribute.begin > 3], context, node.paragraph.span)
    for attribute, span in attributes:
        task = _completed(task, [attribute], context, span)
    yield task


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    """The names without repetitions: "từng bộ, ngành" are those of "các bộ, ngành"."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(_EACH.sub("", name), name)
    return tuple(found.values())


def _promised(text: str) -> str | None:
    """The document that the item says shall be submitted for issue."""
    match = _RESULT.search(text)
    return _BEFORE_TERM.sub("", match["result"]).strip() or None if match else None


def _completed(task: Task, attributes: Sequence[Attribute], context: _Context, span: Span) -> Task:
    """``task`` with what labelled lines at ``span`` say of it; a label outranks what was inherited."""
    for attribute in attributes:
        if attribute.role == "lead" and (names := split_agencies(attribute.value, context.extra)):
            task = replace(task, lead=names, lead_source="label", lead_span=None if span == task.span else span)
        elif attribute.role == "coordinating" and (names := split_agencies(attribute.value, context.extra)):
            task = replace(task, coordinating=tuple(dict.fromkeys([*_own_partners(task, context.extra), *names])))
        elif attribute.role == "deadline" and attribute.value:
            terms = read_term(attribute.value, context.dated) or find_deadlines(attribute.value, context.dated)
            task = replace(task, deadlines=_distinct([*task.deadlines, *terms]))
        elif attribute.role == "result" and attribute.value:
            task = replace(task, expected_result=attribute.value)
    return replace(task, coordinating=tuple(name for name in task.coordinating if name not in task.lead))


def _own_partners(task: Task, extra: Path | None) -> tuple[str, ...]:
    return read_roles(task.text, extra).coordinating


def _distinct(deadlines: Sequence[Deadline]) -> tuple[Deadline, ...]:
    seen: dict[tuple[object, ...], Deadline] = {}
    for deadline in deadlines:
        seen.setdefault((deadline.due, deadline.recurrence if not deadline.due else None, deadline.relative), deadline)
    return tuple(seen.values())


def _cited(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference.number for reference in find_references(text) if reference.number))


def _is_attribute(node: Node) -> bool:
    attributes = read_attributes(node.text)
    if not attributes or attributes[0].begin > 3 or attributes[0].role == "task":
        return False
    # "Phân công nhiệm vụ:" over items that order is a heading, over a list of names a label.
    heads = not attributes[0].value and any(opens_order(child.text) or len(child.text.split()) > _LISTED_NAME for child in node.children)
    return not heads


def _table_tasks(rows: Sequence[Paragraph], context: _Context, path: str) -> Iterator[Task]:
    for row in read_table(rows):
        lead, partners = _cell_roles(row.lead, context.extra)
        section_lead = read_heading(row.section, context.extra).lead if row.section else ()
        roles = read_roles(row.task, context.extra)
        coordinating = dict.fromkeys([*roles.coordinating, *partners, *split_agencies(row.coordinating, context.extra)])
        deadlines = read_term(row.deadline, context.dated) if row.deadline else find_deadlines(row.task, context.dated)
        where = f"{path}.{row.section_ordinal}".strip(".") if row.section_ordinal else path
        found_lead = lead or roles.lead or section_lead or context.lead
        source: LeadSource = "cell" if lead else "item" if roles.lead else "section" if section_lead else context.source
        yield Task(
            path=f"{where}/{row.ordinal}" if row.ordinal else f"{where}/-",
            text=row.task,
            span=_row_span(row),
            lead=found_lead,
            coordinating=tuple(name for name in coordinating if name not in found_lead),
            deadlines=_distinct(deadlines),
            references=_cited(f"{row.task} {row.result} {row.basis}"),
            expected_result=row.result or None,
            confidence=row.paragraph.confidence,
            lead_span=context.lead_span if found_lead is context.lead else None,
            lead_source="cell above" if source == "cell" and row.lead_from_above else source,
        )


def _cell_roles(cell: str, extra: Path | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Leads and partners that one cell names: "Sở A", "Sở A chủ trì, phối hợp với Sở B", "Chủ trì: Sở A; phối hợp: Sở B"."""
    labelled = {attribute.role: split_agencies(attribute.value, extra) for attribute in read_attributes(cell)}
    if "lead" in labelled:
        return labelled["lead"], labelled.get("coordinating", ())
    roles = read_cell(cell, extra)
    return roles.lead, roles.coordinating


def _row_span(row: TableRow) -> Span:
    first, last = row.paragraph.span, row.last.span
    if first.page == last.page:
        return Span(first.page, first.first, last.last, last.end_page, last.end_line)
    return Span(first.page, first.first, first.last, last.end_page or last.page, last.end_line or last.last)


def _join_path(path: str, step: str) -> str:
    if not path:
        return step
    separator = "/" if step[:1] in "-+p" else "."
    if step.startswith(path + "."):
        return step
    if "." in step and path.endswith(step.rpartition(".")[0]):
        return path[: len(path) - len(step.rpartition(".")[0])] + step
    return f"{path}{separator}{step}"
