"""Whose a file is, as the learning platforms' names for it say; each form beside where it is told.

A platform's own number for a person comes first, and the names that people have count for nothing
where there is one. The first match in a name is the platform's: what comes after it, a student chose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

import yaml

from course.grading.intake.notebook import Refused
from course.grading.intake.receive import NOTEBOOK
from course.grading.intake.sources import TAR, ZIP, Item, carries

# Moodle, mod/assign/classes/downloader.php: the number is the participant's, anew in each assignment.
MOODLE = re.compile(
    r"(?P<given>(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?)(?P<file>.*)"
)
# Canvas, lib/content_zipper.rb: the user's number, then the file's; LATE before; anon_ if anonymous.
CANVAS = re.compile(
    r"(?P<given>(?P<name>.+?)_(?P<late>late_)?(?P<number>\d+)_(?:\d+_|(?=(?:text|link)\.html)))(?P<file>.+)", re.I
)  # fmt: skip
ANONYMOUS = re.compile(
    r"(?P<given>(?P<late>late_)?anon_(?P<number>[a-z0-9]+)_(?:\d+_|(?=(?:text|link)\.html)))(?P<file>.+)", re.I
)  # fmt: skip
# Blackboard Learn, "Assignment File Download": ASSIGNMENT_USERNAME_attempt_TIME_FILE, and a text a student.
BLACKBOARD = re.compile(
    r"(?P<prefix>.+?)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<text>\.txt))"
)
BLACKBOARD_TEXT = re.compile(r"\ufeff?Name:\s*(?P<name>.*?)\s*\((?P<user>[^()\s]+)\)\s*$", re.M)
# Brightspace, "Download" of submissions: PERSON-FOLDER - Name - Sep 2, 2021 1200 PM, then / or " - FILE".
BRIGHTSPACE = re.compile(
    r"(?P<number>\d+)-\d+ ?- (?:[A-Za-z]?\d{4,} - )?(?P<name>.+?) ?- "
    r"(?P<when>\w+\.? \d{1,2},? \d{4} \d{3,4}(?: ?[AP]M)?|\d{1,2} \w+\.?,? \d{4} \d{3,4}(?: ?[AP]M)?)"
    r"(?: - (?P<file>.+))?", re.I
)  # fmt: skip
# Gradescope, "Download Submissions": submission_NUMBER/, and submission_metadata.yml, which says whose.
GRADESCOPE = re.compile(r"submission_(?P<number>\d+)(?P<file>)")
PLATFORM = {MOODLE: "moodle", BRIGHTSPACE: "brightspace", CANVAS: "canvas"}
FORMS = (MOODLE, ANONYMOUS, BLACKBOARD, BRIGHTSPACE, CANVAS, GRADESCOPE)
METADATA = "submission_metadata.yml"
COPY = r"[-_ ]?\(\d+\)"  # what browsers add to a second copy; platforms add -1


@dataclass(frozen=True)
class Owner:
    """What a path says of the one who handed a file in."""

    name: str
    platform: str = ""  # "" where only a name is given
    number: str = ""  # the platform's own for the person
    file: str = ""  # the student's own name of the file
    given: str = ""  # how the platform's name for the file begins, which it takes back
    late: bool = False
    when: datetime | None = None  # of this attempt, where its name has it
    scope: str = ""  # where the number holds, if not everywhere
    more: tuple[str, ...] = ()  # what else is known to be theirs alone

    @property
    def keys(self) -> list[str]:
        """What tells this person from all others, the surest first."""
        if not self.number:
            return [f"name {self.name}"]
        return [f"{self.platform} {self.scope}{self.number}", *self.more]


def read_name(part: str) -> Owner | None:
    """What one part of a path says, if it is in the form of a platform."""
    found = [m for form in FORMS if (m := form.fullmatch(part))]
    if not found:
        return None
    first = min(found, key=lambda m: m.span("file")[0] if m["file"] else len(part))
    said = {"given": "", "late": "", "when": "", "number": "", "name": ""} | first.groupdict()
    file, given, late = said["file"] or "", said["given"], bool(said["late"])
    if first.re is ANONYMOUS:
        name = f"anon-{said['number']}"
        return Owner(name, "canvas", name, file, given, late)
    if first.re is BLACKBOARD:
        prefix, when = said["prefix"], _time(said["when"], "%Y-%m-%d-%H-%M-%S")
        name = prefix.rpartition("_")[2]
        return Owner(name, "blackboard", f"as {prefix}", file or part, when=when)
    if first.re is GRADESCOPE:
        return Owner(part, "gradescope", part)
    when = _said(said["when"]) if first.re is BRIGHTSPACE else None
    return Owner(said["name"], PLATFORM[first.re], said["number"], file, given, late, when)


def owners(items: list[Item], assignment: str) -> Iterator[tuple[Item, Owner]]:
    """Each item with its owner, or owners; with one of no name where nobody's can be told."""
    texts = dict(filter(None, (_blackboard_text(i) for i in items)))
    above, known = _gradescope(items)
    carrying = [(i.path.parts, i.within) for i in items if carries(i.path.name)]
    top = above if known else wrapping(carrying, assignment)
    for item in items:
        parts = item.path.parts
        parts = parts[len(top) :] if parts[: len(top)] == top else parts
        if found := _submitters(parts, known):
            yield from ((item, owner) for owner in found)
            continue
        owner = _owner(parts, assignment)
        if owner.platform == "blackboard" and (user := texts.get(owner.number[3:])):
            owner = _named(owner, user)
        yield item, owner


def wrapping(
    paths: list[tuple[tuple[str, ...], PurePosixPath | None]], assignment: str
) -> tuple[str, ...]:
    """The folders round all of `paths` that are nobody's: a class's, or an assignment's."""
    top: tuple[str, ...] = ()
    rests = [parts for parts, _ in paths]
    zips = {within.parts for _, within in paths if within}
    while rests and all(len(p) > 1 and p[0] == rests[0][0] for p in rests):
        first, inner = rests[0][0], [p[1:] for p in rests]
        if (said := read_name(first)) and (_is_folder(said) or (*top, first) in zips):
            break  # it is a student's
        several = len({p[0] for p in inner}) > 1 and (f"{assignment}.ipynb",) not in inner
        if not (several or first == assignment or read_name(inner[0][0])):
            break
        top, rests = (*top, first), inner
    return top


def _is_folder(said: Owner) -> bool:
    return said.platform in ("moodle", "brightspace", "gradescope") and not said.file


def _owner(parts: tuple[str, ...], assignment: str) -> Owner:
    """Whose the file at this path is, by the path alone."""
    last = parts[-1]
    said = read_name(parts[0])
    if said and len(parts) == 1:
        return said
    if said:
        given = f"{parts[0]}/" if said.platform == "moodle" else said.given
        return replace(said, file=last, given=given)
    if len(parts) > 1:
        return Owner(parts[0].strip(), file=last)
    if not carries(last):
        return Owner("", file=last)
    stem = re.sub(rf"{COPY}$", "", TAR.sub("", ZIP.sub("", NOTEBOOK.sub("", last))))
    stem = re.sub(r"\.new(-\d+)?$", "", stem)  # of a release put beside the student's copy
    return Owner(stem.replace(assignment, "").strip("-_. "), file=last)


# Blackboard: the text beside the files says what the user is called


def _blackboard_text(item: Item) -> tuple[str, str] | None:
    """From Blackboard's own text on an attempt: the beginning of its name, and the user's name."""
    found = BLACKBOARD.fullmatch(item.path.name)
    if not found or not found["text"]:
        return None
    try:
        said = BLACKBOARD_TEXT.match(item.read().decode("utf-8", "replace"))
    except Refused:
        return None
    user = said["user"] if said else ""
    return (found["prefix"], user) if found["prefix"].endswith(f"_{user}") and user else None


def _named(owner: Owner, user: str) -> Owner:
    """The owner with the user's name, which holds across assignments, before that of the files."""
    return replace(owner, name=user, number=user, more=(f"blackboard {owner.number}",))


# Gradescope: one file says whose all folders are


class _Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads Ruby's own kinds as what they hold; makes no object."""


def _hold(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)  # type: ignore[arg-type]


_Plain.add_multi_constructor("!", _hold)


def _gradescope(items: list[Item]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The folder that holds all submissions, and what the platform's file in it says of each.

    A student may hand in a file of this name: it counts only above all that came.
    """
    paths = [i.path.parts for i in items if carries(i.path.name)]
    for item in items:
        above = item.path.parent.parts
        inner = [p[len(above) :] for p in paths if p[: len(above)] == above]
        if item.path.name != METADATA or len(inner) < len(paths):
            continue
        if any(GRADESCOPE.fullmatch(p[0]) for p in inner if len(p) > 1):
            return above, _metadata(item)
    return (), {}


def _metadata(item: Item) -> dict[str, Any]:
    try:
        found = yaml.load(item.read(), _Plain)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        where = getattr(problem, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        text = f"{METADATA} is broken{line}; it says whose each folder is: download the zip anew"
        raise Refused(text) from None
    if not isinstance(found, dict):
        raise Refused(f"{METADATA} does not say whose the folders are: download the zip anew")
    return found


def _submitters(parts: tuple[str, ...], known: dict[str, Any]) -> list[Owner]:
    """Whose a file of Gradescope's is: all of a group, each with their own number."""
    about = known.get(parts[0]) if len(parts) > 1 else None
    people = about.get(":submitters") if isinstance(about, dict) else None
    if not isinstance(about, dict) or not isinstance(people, list):
        return []
    when, found = about.get(":created_at"), []
    when = when.get("utc") if isinstance(when, dict) else when  # Ruby's own kind of time
    time = when if isinstance(when, datetime) else None
    time = time.replace(tzinfo=UTC) if time and not time.tzinfo else time
    for one in people:
        said = {k: str(v).strip() for k, v in one.items() if v} if isinstance(one, dict) else {}
        sid, mail = said.get(":sid", ""), said.get(":email", "").casefold()
        number = sid or mail or parts[0]
        more = (f"gradescope {mail}",) if mail and mail != number else ()
        name = said.get(":name") or number
        found.append(Owner(name, "gradescope", number, parts[-1], when=time, more=more))
    return found


# Times


def _said(text: str) -> datetime | None:
    """`Sep 2, 2021 1200 PM` or `2 September 2021 1200`, by the clock here."""
    text = re.sub(r"(\d{1,2})(\d\d)(?: ?([AP]M))?$", r"\1:\2 \3", text.replace(",", ""), flags=re.I)
    text = text.replace(".", "").strip()
    clock = "%I:%M %p" if text[-1] in "mM" else "%H:%M"
    days = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
    return next(filter(None, (_time(text, f"{day} {clock}") for day in days)), None)


def _time(text: str, form: str) -> datetime | None:
    try:
        when = datetime.strptime(text, form).astimezone().astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return when if when < datetime.now(UTC) + timedelta(days=1) else None


def worksheet(rows: list[list[str]]) -> dict[str, tuple[str, ...]]:
    """From Moodle's grading worksheet: for each participant's number what is theirs for good.

    Its first column holds the number, whatever the language; a mail address is known by its sign.
    """
    known: dict[str, tuple[str, ...]] = {}
    head, body = rows[0], [r for r in rows[1:] if len(r) == len(rows[0])]
    mails = [n for n in range(1, len(head)) if _all_mail([r[n] for r in body])]
    for row in body:
        number = re.search(r"\d+$", row[0].strip())
        own = row[head.index("ID number")].strip() if "ID number" in head else ""
        mail = row[mails[0]].strip().casefold() if mails else ""
        more = [f"moodle id {own}"] * bool(own) + [f"moodle mail {mail}"] * bool(mail)
        if number and more:
            known[number[0]] = tuple(more)
    return known


def _all_mail(values: list[str]) -> bool:
    given = [v for v in values if v.strip()]
    return bool(given) and all(re.fullmatch(r"\s*[^@\s]+@[^@\s]+\s*", v) for v in given)
