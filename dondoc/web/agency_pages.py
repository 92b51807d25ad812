"""One agency: its other names, members, predecessors and heirs; administrators correct them in the office's own list."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dondoc.agencies_file import TITLES, AgenciesFile
from dondoc.web.departments import address
from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from dondoc.workspace import Workspace
from extract import gazetteer
from extract.folding import fold
from extract.gazetteer_records import AgencyRecord, OwnAgency
from ingest.errors import ConflictError, NotFound, UsageError
from tracking.profile import AgencyProfile

LEVELS = {"central": "trung ương", "province": "tỉnh", "district": "huyện", "commune": "xã"}
_SEVERAL = ("aliases", "members")
_LONGEST_CHAIN = 50


def profile(request: Request) -> Response:
    """What is known of an agency; an administrator may ask for one that is not known yet."""
    name = " ".join(request.query_params.get("ten", "").split())
    office = office_of(request)
    with office.store() as store:
        try:
            known: AgencyProfile | None = store.agency_profile(name)
        except NotFound:
            if not name or not request.state.user.may("admin"):
                raise
            known = None
    file = _file(office.workspace)
    own = file.find(known.name if known else name)
    return render(
        request,
        "agency.html",
        name=known.name if known else name,
        known=known,
        own=own,
        values=_values(known, own, whole=bool(request.query_params.get("sua"))),
        seen=file.fingerprint,
        levels=LEVELS,
        fold=fold,
        taken=request.query_params.get("da") == "ghi",
    )


def write(request: Request) -> Response:
    """What the form says of the agency goes into the office's own list."""
    form, office = request.state.form, office_of(request)
    name = " ".join(str(form.get("ten", "")).split())
    file = _file(office.workspace)
    if file.fingerprint != form.get("seen"):
        raise ConflictError("danh mục cơ quan vừa được người khác sửa.", remedy="Hãy tải lại trang rồi sửa lại.")
    own = file.find(name)
    if form.get("act") == "forget":
        wanted, before, after = file.without_agency(name), _stored(own), _stored(None)
        before, after = before | {"name": own.name if own else ""}, after | {"name": ""}
    else:
        fields = _with_what_is_known(name, _fields(request)) if own is None else _changed(own, _fields(request))
        wanted = file.with_agency(name, fields)
        before, after = _stored(own), _stored(wanted.find(name))
        _refuse_circles(name, wanted)
    if wanted.data != file.data:
        wanted.put_in_place(file.fingerprint)
        # Opening the store takes the new list in.
        with office.store() as store:
            for field in [field for field in after if before.get(field, "") != after[field]] or ["name"]:
                old, new = (values.get(field, "").replace("|", "; ") or None for values in (before, after))
                kept = "agency" if field == "name" else field
                who = request.state.user.name
                store.note_event(who=who, what="agencies", subject=f"agency:{name}", field=kept, old=old, new=new)
    return RedirectResponse(f"{address(name, 'ho-so')}&da=ghi", status_code=303)


def _file(workspace: Workspace) -> AgenciesFile:
    settings = workspace.settings()
    if not settings.agencies.file:
        raise UsageError("không gian làm việc này không dùng danh mục riêng.", remedy="Hãy đặt [agencies] file trong dondoc.toml.")
    return AgenciesFile.read(settings.own_agencies or workspace.root / settings.agencies.file)


def _values(known: AgencyProfile | None, own: OwnAgency | None, *, whole: bool) -> dict[str, str]:
    """What stands in the form: what the office's own list says, where it says nothing the general list.

    ``whole``: the members of today too, to be corrected.
    """
    members = own.members if own else ()
    if whole and known and not members:
        today = date.today()
        members = tuple(dict.fromkeys(member.name for member in known.members if member.valid_to is None or member.valid_to >= today))
    last = own.valid_to if own and own.valid_to else known.valid_to if known else None
    return {
        "abbreviation": (own.abbreviation or "") if own else "",
        "aliases": "\n".join(own.aliases if own else ()),
        "members": "\n".join(members),
        "level": own.level if own else (known.level if known else None) or "province",
        "valid_to": last.isoformat() if last else "",
        "successor": (own.successor or "") if own else "",
    }


def _fields(request: Request) -> dict[str, str]:
    form = request.state.form
    fields = {field: str(form.get(field, "")).strip() for field in ("abbreviation", "level", "valid_to", "successor", *_SEVERAL)}
    for field in _SEVERAL:
        parts = [" ".join(line.split()) for line in fields[field].splitlines()]
        if any("|" in part for part in parts):
            raise UsageError("mỗi dòng ghi một tên, không dùng dấu |.")
        fields[field] = "|".join(part for part in parts if part)
    if fields["level"] not in LEVELS:
        raise UsageError("cấp không đúng.")
    fields["level"] = "" if fields["level"] == "province" else LEVELS[fields["level"]]
    return fields


def _with_what_is_known(name: str, fields: dict[str, str]) -> dict[str, str]:
    """A line for an agency of the general list stands in its place, so the days that the general list knows go along."""
    if not any(value for field, value in fields.items() if field not in ("level", "valid_to")) and _general(name) is not None:
        raise UsageError("chưa nêu thay đổi gì.")
    known = _general(name)
    if known is not None and known.valid_from:
        fields = fields | {"valid_from": known.valid_from.isoformat()}
    return fields


def _changed(own: OwnAgency, fields: dict[str, str]) -> dict[str, str]:
    """The fields that mean something else than before; «30/6/2025» and «tỉnh» stay as somebody wrote them."""
    level = "" if own.level == "province" else LEVELS[own.level]
    now = _stored(own) | {"level": level, "valid_to": own.valid_to.isoformat() if own.valid_to else ""}
    return {field: value for field, value in fields.items() if value != now[field]}


def _general(name: str) -> AgencyRecord | None:
    return gazetteer.load().find(name)


def _stored(own: OwnAgency | None) -> dict[str, str]:
    if own is None:
        return dict.fromkeys(TITLES, "") | {"level": LEVELS["province"]}
    return {
        "name": own.name,
        "abbreviation": own.abbreviation or "",
        "aliases": "|".join(own.aliases),
        "level": LEVELS[own.level],
        "valid_from": _day(own.valid_from),
        "valid_to": _day(own.valid_to),
        "successor": own.successor or "",
        "members": "|".join(own.members),
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _refuse_circles(name: str, wanted: AgenciesFile) -> None:
    """Nobody may come after itself: tasks of such bodies would have no department at all."""
    names = gazetteer.load()
    decided = {fold(own.name): own.successor for own in wanted.agencies() if own.successor}
    ahead, passed = [name], set[str]()
    while ahead and len(passed) < _LONGEST_CHAIN:
        body = ahead.pop()
        after = [decided[fold(body)]] if fold(body) in decided else [step.new for step in names.steps(body)]
        for following in after:
            if following and fold(following) == fold(name):
                raise UsageError(f"«{name}» không thể kế thừa chính mình qua «{body}».")
            if following and fold(following) not in passed:
                passed.add(fold(following))
                ahead.append(following)


routes = [
    page("/don-vi/ho-so", profile),
    page("/don-vi/ho-so/ghi", write, "POST", role="admin"),
]
