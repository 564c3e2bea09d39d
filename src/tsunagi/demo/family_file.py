"""The first files get what a family's file holds: an assessment, strengths and lives, so that papers have something to say."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from tsunagi.accounts.queries import calendar_of
from tsunagi.assessment.access import Family, Kin, family_of, scope_of
from tsunagi.assessment.actions import (
    LifeWish,
    NotKnown,
    ScreeningWish,
    StrengthWish,
    add_life_event,
    add_strength,
    answer_pattern,
    begin_assessment,
    finish_assessment,
    screen,
    write_section,
)
from tsunagi.assessment.models import Assessment
from tsunagi.assessment.queries import codes_seen, pattern_found, patterns_of
from tsunagi.assessment.rules import (
    Given,
    LifeKind,
    Outcome,
    Section,
    Source,
    Verdict,
    View,
    Whose,
    questions,
)
from tsunagi.cases.models import Case
from tsunagi.cases.rules import CaseState
from tsunagi.shared.days import TOKYO, day_of


def fill_files(at: datetime) -> None:
    """Fill the first open file, and the first one of a parent with a grown-up child."""
    rows = Case.objects.filter(state=CaseState.OPEN).select_related(
        "worker", "office", "party__person", "party__household", "party__unknown"
    )
    files = list(rows.order_by("id")[:40])
    for case in files[:1]:
        fill_assessment(case, at)
    for case in files[1:]:
        members = family_of(case.worker, case, on=day_of(at)).members
        if len(members) == 2 and _elder(members) and _grown_child(members):
            fill_assessment(case, at)
            return


def fill_assessment(case: Case, at: datetime) -> Assessment:
    """A first assessment that was put together, with strengths and lives; with a grown-up child at home also the
    beginning of the second one. Days lie between the file's opening and `at`."""
    pen = _Pen(case, at)
    elder, child = _elder(pen.family.members), _grown_child(pen.family.members)
    if elder is not None and child is not None:
        _parent_and_child(pen, elder, child)
    else:
        _one_person(pen)
    return pen.first


class _Pen:
    """Writes as the file's own worker, on days since the file was opened."""

    def __init__(self, case: Case, at: datetime) -> None:
        self.case, self.by, self.at = case, case.worker, at
        self.calendar = calendar_of(case.office_id)
        self.family: Family = family_of(case.worker, case, on=day_of(at))
        self.first = begin_assessment(case, by=self.by, at=self.day(0.2))
        self.open = self.first

    def day(self, share: float) -> datetime:
        """A moment of an open day, that share of the way from the opening to now."""
        begun = self.case.opened_at
        moment = begun + (self.at - begun) * share
        on = self.calendar.on_or_before(day_of(moment))
        hour = datetime.combine(on, time(10 + int(share * 100) % 6, int(share * 1000) % 60), TOKYO)
        return hour if begun < hour < self.at else moment

    def soon(self, days: int) -> date:
        """An open day to come."""
        return self.calendar.add(day_of(self.at), days)

    def say(
        self, share: float, section: Section, who: Kin | None, *, view: View = View.SUPPORTER, complete: bool = True,
        not_known: NotKnown | None = None, **answers: Any,
    ) -> None:  # fmt: skip
        """Answer a section in one view: lists of codes, or words."""
        person_id = who.id if who else None
        if person_id not in self.family.subjects(section):
            return
        facets = self.family.facets_of(person_id)
        asked = {one.key: one for one in questions(section, scope_of(person_id), facets)}
        for key, value in answers.items():
            if isinstance(value, list):
                seen = {code.value for code in codes_seen(asked[key], facets)}
                answers[key] = [code for code in value if code in seen]
        given = {
            key: Given(tuple(value)) if isinstance(value, list) else Given((), value)
            for key, value in answers.items()
        }
        sheet = self.open.sheets.filter(section=section, person_id=person_id).first()
        write_section(
            self.open, section, person_id, view, given, revision=sheet.revision if sheet else 0,
            facets=facets, complete=complete if view is View.SUPPORTER else None,
            not_known=not_known, by=self.by, at=self.day(share),
        )  # fmt: skip

    def strong(self, who: int, whose: Whose, words: str, evidence: str, view: View, since: str = "") -> None:
        """A strength."""
        add_strength(
            self.case, StrengthWish(who, whose, words, evidence, view, since), by=self.by, at=self.day(0.5)
        )

    def lived(self, who: Kin, *events: LifeWish) -> None:
        """A life."""
        for wish in events:
            add_life_event(self.case, who.id, wish, by=self.by, at=self.day(0.5))

    def close(self, outcome: Outcome, reasons: tuple[str, ...], words: str, urgent: tuple[str, ...]) -> None:
        """Screen and put together."""
        on = self.day(0.55)
        wish = ScreeningWish(day_of(on), outcome, reasons=reasons, reason_words=words, urgent=urgent)
        screen(self.first, wish, by=self.by, at=on)
        finish_assessment(self.first, on=day_of(self.day(0.6)), by=self.by, at=self.day(0.6))


def _elder(members: tuple[Kin, ...]) -> Kin | None:
    return next((kin for kin in members if (kin.youngest or 0) >= 70), None)


def _grown_child(members: tuple[Kin, ...]) -> Kin | None:
    return next((kin for kin in members if kin.relation == "child" and (kin.youngest or 0) >= 40), None)


def _year(kin: Kin, age: int) -> str:
    return f"{(kin.born[0].year if kin.born else 1960) + age}年"


# -- a parent and a grown-up child --------------------------------------------------------------------------------------


def _parent_and_child(pen: _Pen, elder: Kin, child: Kin) -> None:
    say = pen.say
    say(
        0.2, Section.BASIC, None, route=["agency"], referred_by="地域包括支援センター", earlier=["yes"],
        complaint="訪問介護が始まるときに、同居の子のことが分かった。親は「自分が倒れたら」と言い、子は部屋から出てこない日が多い。",
        worries=["01", "03", "10", "13"], sees_trouble=["partly"], case_types=["eight_fifty", "withdrawal_adult"],
        refuses=["wavers"], agencies="東地域包括支援センター（月1回の訪問）、かかりつけの内科",
    )  # fmt: skip
    say(
        0.25,
        Section.BASIC,
        None,
        view=View.SELF,
        sees_trouble=["no"],
        complaint="困っていない。放っておいてほしい。",
    )
    say(
        0.25,
        Section.BASIC,
        None,
        view=View.FAMILY,
        sees_trouble=["yes"],
        complaint="自分が元気なうちに、この子が一人で暮らせるようにしてやりたい。",
    )
    say(
        0.22,
        Section.BASIC,
        elder,
        sees_trouble=["yes"],
        wish="この家で最後まで暮らしたい。子のことを誰かに知っていてほしい。",
        marriage=["widowed"],
        children=["yes"],
        traits=["01"],
    )
    say(
        0.3,
        Section.BASIC,
        child,
        sees_trouble=["no"],
        wish="静かに過ごしたい。パソコンの部品を見に行きたい。",
        marriage=["never"],
        children=["no"],
        traits=["12", "15", "24"],
    )
    say(
        0.24, Section.HEALTH, elder, condition=["treated"], treatment="内科 月1回（血圧・ひざ）", insurance=["elderly"],
        health_signs=["pain", "tired"], care_level=["support_2"], daily_help=["bathing", "cleaning"],
        facts="玄関の段差で2度つまずいた。薬は自分で管理できている。", judgement="転ぶと、すぐに暮らしが回らなくなる。",
    )  # fmt: skip
    say(
        0.26,
        Section.HEALTH,
        elder,
        view=View.SELF,
        condition=["good"],
        facts="年のわりに元気。病院は好かん。",
    )
    say(
        0.32, Section.HEALTH, child, condition=["not_good"], treatment="なし（歯の痛みを我慢している）", insurance=["national"],
        health_signs=["no_sleep", "teeth", "no_doctor"], daily_help=["none"], complete=False,
        facts="昼夜が逆。右の頬を押さえていた。", judgement="歯の治療が、外へ出るきっかけになるかもしれない。",
        not_known=NotKnown("最後に受診したのはいつか", pen.by.pk, pen.soon(6)),
    )  # fmt: skip
    say(0.32, Section.HEALTH, child, view=View.SELF, condition=["good"], facts="歯は前から。気にならない。")
    say(
        0.34, Section.DISABILITY, child, certificates=["none"], medical_aid=["no"], diagnosis=["suspected"],
        difficulties=["talking", "change", "senses"], considerations="紙に書いて渡すと、翌日に返事がくることがある。", complete=False,
    )  # fmt: skip
    say(
        0.34,
        Section.DISABILITY,
        elder,
        certificates=["none"],
        medical_aid=["no"],
        diagnosis=["none"],
        difficulties=["body"],
    )
    say(
        0.36, Section.MONEY, None, budget=["tight"], public_aid=["none"], tax=["exempt"], arrears=["yes"], arrears_of=["insurance"],
        debt=["no"], keeps_money="親（通帳と印かん）", facts="国民健康保険料の督促状が2通。年金は2か月で26万円ほど。",
        judgement="親の年金だけで二人が暮らしている。親に何かあると収入が途切れる。",
    )  # fmt: skip
    say(0.36, Section.MONEY, elder, income="130000", benefits=["pension"])
    say(0.36, Section.MONEY, child, income="0", benefits=["none"])
    say(
        0.38, Section.WORK_SCHOOL, child, work=["not_seeking"], education=["high"], school=["not_enrolled"],
        withdrawn=["house_only"], qualifications="基本情報処理（20代で取得）", licence=["no"],
        career="電子部品の工場に6年。閉鎖のあとは短い派遣をいくつか。",
    )  # fmt: skip
    say(
        0.38,
        Section.WORK_SCHOOL,
        child,
        view=View.SELF,
        withdrawn=["hobby_only"],
        facts="夜中にコンビニには行く。",
    )
    say(
        0.38,
        Section.WORK_SCHOOL,
        elder,
        work=["not_seeking"],
        work_form=["pension"],
        education=["junior_high"],
        licence=["no"],
        career="織物工場に30年。",
    )
    say(
        0.4,
        Section.HOUSING,
        None,
        housing=["own"],
        housing_troubles=["old", "steps", "full"],
        facts="2階は子の部屋。廊下に部品の箱が積まれている。",
    )
    say(
        0.42, Section.RELATIONS, None, cohabitants=["yes"], people="2", family_apart=["yes"], community=["greetings"], neighbours=["none"],
        family_words="二人の会話は食事のときだけ。姉が隣の市にいるが、父の葬儀のあと行き来がない。",
    )  # fmt: skip
    say(
        0.42,
        Section.RELATIONS,
        elder,
        care=["chores", "money", "feelings"],
        contacts=["neighbours", "supporters"],
    )
    say(0.42, Section.RELATIONS, child, care=["watching"], contacts=["family_here", "online"])
    say(
        0.44,
        Section.SAFETY,
        None,
        signs=["fire"],
        safety_plan="親が転んだら119。夜間の連絡は当番の管理職へ。",
        disaster=["cannot_flee"],
    )
    say(0.44, Section.SAFETY, elder, signs=[])
    say(0.46, Section.RIGHTS, elder, deciding=["alone"], guardianship=["none"], harms=["none"])
    say(
        0.46,
        Section.RIGHTS,
        child,
        deciding=["with_help"],
        guardianship=["none"],
        harms=["none"],
        deciding_support="選ぶものを2つまでにして、紙で渡す。返事は待つ。",
    )
    say(0.46, Section.LANGUAGE, elder, languages=["ja"], interpreter=["none"], reading=["reads"])
    say(
        0.46,
        Section.LANGUAGE,
        child,
        languages=["ja"],
        interpreter=["none"],
        reading=["reads"],
        telling="声より文字。急に訪ねない。",
    )
    say(
        0.5, Section.SUMMARY, None, goal="親は住み慣れた家で、子は自分のペースで暮らしを続けられる。",
        background="工場の閉鎖のあと、次の仕事でうまくいかず、父の死と重なって外へ出なくなった。親が家事とお金を一人で担い、ほかに頼る先がない。",
        direction="親の体を守る（住まいの手すり、通院）。子には歯の治療と好きなことから会う機会を作る。お金は、親の年金だけに頼らない形を一緒に考える。",
    )  # fmt: skip
    say(0.5, Section.SUMMARY, None, view=View.SELF, goal="夜に静かに部品をいじれる場所があればいい。")
    say(0.5, Section.SUMMARY, None, view=View.FAMILY, goal="この子が、私がいなくなっても食べていけること。")
    _strengths_of_two(pen, elder, child)
    _lives_of_two(pen, elder, child)
    pen.close(
        Outcome.PLAN,
        ("many", "household", "no_trouble_felt"),
        "親子それぞれに支援がいり、ひとつの窓口では足りない。",
        ("none",),
    )
    _said_of_patterns(pen)
    pen.open = begin_assessment(pen.case, by=pen.by, at=pen.day(0.8))
    say(
        0.85,
        Section.MONEY,
        None,
        budget=["tight"],
        arrears=["no"],
        debt=["no"],
        facts="分納の相談をして、督促は止まった。",
    )
    say(
        0.9,
        Section.HEALTH,
        child,
        condition=["treated"],
        treatment="歯科に2回",
        health_signs=["no_sleep"],
        complete=False,
    )


def _strengths_of_two(pen: _Pen, elder: Kin, child: Kin) -> None:
    pen.strong(
        child.id,
        Whose.PERSON,
        "壊れた機械を直せる",
        "包括の職員のラジオを、頼まれて一晩で直した。",
        View.SUPPORTER,
        "中学生のころ",
    )
    pen.strong(
        child.id,
        Whose.PERSON,
        "約束を書いて渡すと、守ってくれる",
        "ごみ出しの日を書いた紙を渡したら、3週続けて出していた。",
        View.SUPPORTER,
    )
    pen.strong(
        elder.id,
        Whose.PERSON,
        "毎日3食を作り続けている",
        "「働いていたころから、弁当を休んだことはない」と話された。",
        View.SELF,
    )
    pen.strong(
        pen.case.party_id,
        Whose.FAMILY,
        "夕食は二人で食べる",
        "けんかをしても、夕食の時間だけは一緒だという。",
        View.FAMILY,
    )
    pen.strong(
        pen.case.party_id,
        Whose.AROUND,
        "裏の家の方が、洗濯物を見て声をかけてくれる",
        "雨の日に電話をくれた。",
        View.SUPPORTER,
        "2015年ごろ",
    )


def _lives_of_two(pen: _Pen, elder: Kin, child: Kin) -> None:
    pen.lived(
        child,
        LifeWish(LifeKind.SCHOOL, "転校。しばらく学校を休む（不登校）", since="小学校高学年", source=Source.FAMILY, source_words="親"),
        LifeWish(LifeKind.GOOD, "無線の大会で入賞", since="高校のころ", source=Source.SELF),
        LifeWish(LifeKind.WORK, "電子部品の工場で働く", since=_year(child, 18), until=_year(child, 24), source=Source.SELF),
        LifeWish(LifeKind.LOSS, "工場の閉鎖で仕事を失う", since=_year(child, 24), source=Source.SELF),
        LifeWish(LifeKind.WORK, "短い派遣の仕事をいくつか", since=f"{_year(child, 25)}ごろ", until=_year(child, 28), source=Source.FAMILY),
        LifeWish(LifeKind.LOSS, "父を亡くす", since=_year(child, 38), source=Source.FAMILY, detail="葬儀のあと、部屋から出る日が減った。"),
        LifeWish(LifeKind.SUPPORT_BEGUN, "親の介護をきっかけに、相談窓口とつながる", since=f"{day_of(pen.case.opened_at).year}年", goes_on=True, source=Source.AGENCY),
        LifeWish(LifeKind.HARD, "職場でからかわれた", source=Source.SELF, detail="いつのことかは話されない。"),
    )  # fmt: skip
    pen.lived(
        elder,
        LifeWish(LifeKind.WORK, "織物工場で働く", since=_year(elder, 15), until=_year(elder, 45), source=Source.SELF),
        LifeWish(LifeKind.FAMILY, "結婚", since=f"{_year(elder, 22)}ごろ", source=Source.SELF),
        LifeWish(LifeKind.MOVE, "いまの家へ移る", since="昭和55年ごろ", source=Source.RECORD, source_words="前の相談の記録"),
        LifeWish(LifeKind.LOSS, "配偶者を亡くす", since=_year(child, 38), source=Source.SELF),
        LifeWish(LifeKind.ILLNESS, "ひざの手術", since=f"{day_of(pen.at).year - 4}年", source=Source.SELF),
    )  # fmt: skip


def _said_of_patterns(pen: _Pen) -> None:
    """The worker has looked at the first pattern; the others wait for an answer."""
    on = day_of(pen.at)
    for card in patterns_of(pen.case, pen.family, on=on)[:1]:
        found = pattern_found(pen.case, pen.family, card.pattern, card.persons, on=on)
        if found is not None:
            answer_pattern(
                pen.case, found, Verdict.CONFIRMED, reason="親の入院に備えて、二人それぞれの連絡先を決めておく。", by=pen.by,
                at=pen.day(0.65),
            )  # fmt: skip


# -- somebody alone, or another household --------------------------------------------------------------------------------


def _one_person(pen: _Pen) -> None:
    say = pen.say
    who = pen.family.members[0] if pen.family.members else None
    say(
        0.2, Section.BASIC, None, route=["agency"], referred_by="民生委員", earlier=["no"],
        complaint="家の中の片づけが追いつかず、近所から声が上がった。本人は人に来てほしくない気持ちと、何とかしたい気持ちの両方がある。",
        worries=["02", "03", "09"], sees_trouble=["partly"], case_types=["hoarding", "isolation"], refuses=["wavers"],
        agencies="民生委員（月に2回の声かけ）",
    )  # fmt: skip
    say(
        0.22,
        Section.BASIC,
        None,
        view=View.SELF,
        complaint="片づけたいが、どこから手をつければよいか分からない。",
        worries=["02"],
        sees_trouble=["partly"],
    )
    if who is not None:
        _one_persons_sections(pen, who)
    say(
        0.32, Section.MONEY, None, budget=["tight"], public_aid=["none"], tax=["exempt"], arrears=["yes"],
        arrears_of=["electricity"], debt=["no"], keeps_money="本人", facts="電気の支払いが1回遅れた。封筒が開けられていない。",
        judgement="お金が足りないというより、書類を開けることがつらくなっている。",
    )  # fmt: skip
    say(
        0.34,
        Section.HOUSING,
        None,
        housing=["rented_house"],
        rent="38000",
        housing_troubles=["full", "old", "bath"],
        facts="廊下は通れる。台所は使えず、流しで顔を洗っている。",
    )
    say(0.34, Section.HOUSING, None, view=View.SELF, housing_troubles=["old"])
    say(
        0.36, Section.RELATIONS, None, cohabitants=["no"], people="1", family_apart=["yes"], community=["trouble"],
        neighbours=["smell"], family_words="妹が他県にいる。年賀状のやりとりがある。",
    )  # fmt: skip
    say(
        0.38,
        Section.SAFETY,
        None,
        signs=["unsanitary", "fire"],
        safety_plan="火の気が心配なときは、民生委員から相談窓口に電話が入る。",
        disaster=["no_news"],
    )
    say(
        0.45, Section.SUMMARY, None, goal="台所でお湯を沸かして、自分でお茶をいれて飲む。",
        background="親を看取ったあと、人と会う機会が減った。頼まれると断れず、物も用事も引き受けてきた。",
        direction="本人と一緒に、流しのまわりからひと月に一度片づける。書類は一緒に開ける日を決める。近所への説明は民生委員と役割を分ける。",
    )  # fmt: skip
    say(0.45, Section.SUMMARY, None, view=View.SELF, goal="友だちを家に呼べるようになりたい。")
    pen.strong(
        pen.case.party_id,
        Whose.AROUND,
        "民生委員さんには戸を開ける",
        "月に2回、玄関で立ち話ができている。",
        View.SUPPORTER,
    )
    pen.close(Outcome.PLAN, ("many", "isolated"), "片づけ、支払い、人とのつながりが重なっている。", ("none",))


def _one_persons_sections(pen: _Pen, who: Kin) -> None:
    say = pen.say
    say(
        0.24,
        Section.BASIC,
        who,
        sees_trouble=["partly"],
        wish="人に迷惑をかけずに暮らしたい。",
        marriage=["never"],
        children=["no"],
        traits=["07", "14", "15"],
    )
    say(0.24, Section.BASIC, who, view=View.SELF, sees_trouble=["no"], wish="動物の世話は続けたい。")
    say(
        0.26, Section.HEALTH, who, condition=["not_good"], treatment="なし", insurance=["national"], health_signs=["no_sleep", "low", "no_doctor"],
        care_level=["none"], daily_help=["cleaning", "papers"], facts="顔色がよくない。午後は横になっている。",
        judgement="気持ちの落ちこみが、片づけの前にある。", complete=False,
        not_known=NotKnown("健診を受けたことがあるか", pen.by.pk, pen.soon(8)),
    )  # fmt: skip
    say(0.26, Section.HEALTH, who, view=View.SELF, condition=["good"], facts="病院に行くほどではない。")
    say(
        0.28,
        Section.DISABILITY,
        who,
        certificates=["none"],
        medical_aid=["no"],
        diagnosis=["not_examined"],
        difficulties=["planning", "letters"],
        considerations="することを一つずつ伝えると動きやすい。",
        complete=False,
    )
    say(0.32, Section.MONEY, who, income="92000", benefits=["none"])
    say(
        0.3, Section.WORK_SCHOOL, who, work=["working"], work_form=["part_time"], education=["high"], school=["not_enrolled"], withdrawn=["usual"],
        licence=["no"], qualifications="調理師", career="給食の調理を20年。いまは週3日、朝の清掃。",
    )  # fmt: skip
    say(0.36, Section.RELATIONS, who, care=["none"], contacts=["commissioner", "work_school"])
    say(
        0.4,
        Section.RIGHTS,
        who,
        deciding=["with_help"],
        guardianship=["none"],
        harms=["contracts"],
        deciding_support="訪問販売の契約書が2枚。返事の前に電話をもらう約束をした。",
    )
    say(
        0.4,
        Section.LANGUAGE,
        who,
        languages=["ja"],
        interpreter=["none"],
        reading=["easy"],
        telling="長い文は読まれない。電話は午前中に。",
    )
    pen.strong(
        who.id,
        Whose.PERSON,
        "朝の仕事を一度も休んでいない",
        "清掃の職場の方が「いちばん早く来る」と話された。",
        View.SUPPORTER,
        "2021年",
    )
    pen.strong(
        who.id,
        Whose.PERSON,
        "料理を人に教えられる",
        "給食のころの話になると、分量まで言える。",
        View.SELF,
        "20代",
    )
    born = who.born[0].year if who.born else 1960
    today: date = day_of(pen.at)
    pen.lived(
        who,
        LifeWish(LifeKind.MOVE, "いまの市へ引っ越す", since="小学校のころ", source=Source.SELF),
        LifeWish(LifeKind.SCHOOL, "高校を卒業", since=f"{born + 19}年3月", source=Source.SELF),
        LifeWish(LifeKind.WORK, "学校給食の調理", since=f"{born + 19}年4月", until=f"{born + 39}年", source=Source.SELF),
        LifeWish(LifeKind.LOSS, "母を家で看取る", since=f"{min(born + 44, today.year - 3)}年ごろ", source=Source.RECORD, source_words="前の相談の記録"),
        LifeWish(LifeKind.SUPPORT_ENDED, "母の介護の支援が終わる", since=f"{min(born + 44, today.year - 3)}年", source=Source.AGENCY),
        LifeWish(LifeKind.WORK, "朝の清掃の仕事", since=f"{max(born + 46, today.year - 5) if born + 46 < today.year else today.year - 1}年", goes_on=True, source=Source.SELF),
        LifeWish(LifeKind.HARD, "親しい人にお金を貸して、戻らなかった", source=Source.SELF),
    )  # fmt: skip
