"""ケース概要 and ジェノグラム・エコマップ: the family drawn, on paper without links and without anything untold."""

from __future__ import annotations

from typing import Any

from tsunagi.assessment.rules import Section
from tsunagi.genogram.queries import Picture, ecomap, genogram
from tsunagi.paperwork.rules import Drawn, Filling
from tsunagi.people.rules import Facet
from tsunagi.shared.wareki import show

from .assessed import sheet_for, strengths
from .file import File
from .fillings import short, stage_of, who
from .planned import plan_for


def gaiyou(file: File) -> Filling:
    """One page for a meeting: who, the picture, how it came, what is held by whom, what is wished for."""
    plan = plan_for(file)
    return {
        **who(file),
        "birth": file.age_of(file.main) if file.main else "",
        "case_number": file.number, "title": file.case.title, "stage": stage_of(file),
        "worker": f"{file.case.office.label}　{file.case.worker.name}",
        **_pictures(file, with_ecomap=False),
        "summary": (plan.situation if plan else "") or _background(file),
        "strengths": strengths(file),
        "concerns": tuple((row.what, row.urgency_label, f"{row.office}　{row.worker}", short(row.due_on)) for row in file.rows),
        "wishes": "\n".join(filter(None, (f"本人：{plan.wish_person}" if plan and plan.wish_person else "", f"家族：{plan.wish_family}" if plan and plan.wish_family else ""))),
        "goal": "\n".join([*(goal.text for goal in plan.goals), plan.direction]).strip() if plan else "",
        "discuss": "",
    }  # fmt: skip


def zu(file: File) -> Filling:
    """The two pictures on a page, by today."""
    return {
        "case_number": file.number,
        "name": file.called(),
        "as_of": show(file.on),
        **_pictures(file, with_ecomap=True),
    }


def _pictures(file: File, *, with_ecomap: bool) -> Filling:
    """Drawn for paper under the file's mask; nothing where the office does not see the household."""
    if not file.may(Facet.HOUSEHOLD):
        return {}
    how: dict[str, Any] = {"on": file.on, "paper": True, **veil_of(file)}
    filling: Filling = {"picture": _drawn(genogram(file.worker, file.party, **how))}
    if with_ecomap:
        filling["ecomap"] = _drawn(ecomap(file.worker, file.party, **how))
    return filling


def veil_of(file: File) -> dict[str, Any]:
    """How the family is drawn on this paper: masked as the paper is; among real names, who did not consent is a relation."""
    if not file.real:
        return {"masked": True}
    return {"masked": file.veils, "consented": file.named if file.veils else ()}


def _drawn(picture: Picture) -> Drawn:
    """The picture with the same in words, for whoever listens to the paper."""
    words = "。".join(f"{heading}：{'、'.join(lines)}" for heading, lines in picture.sections if lines)
    return Drawn("" if picture.empty else picture.svg, words or picture.title)


def _background(file: File) -> str:
    """What the assessment says of how it came to this."""
    part = sheet_for(file).summary
    cards = part.questions if part and part.section == Section.SUMMARY else ()
    return "\n".join(card.shown for card in cards if card.key in ("background", "direction") and card.shown)
