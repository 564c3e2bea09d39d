"""The offices of the slides and who works in them. Names of workers are invented; a sign-in name says the role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsunagi.accounts.rules import Field, LegalKind, Role, RunBy

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PASSWORD = "minna-de-tsunagu-7"  # noqa: S105 - told to everybody who starts the demo
"""The one password of every invented worker. It opens a city that does not exist."""


@dataclass(frozen=True)
class OfficeOf:
    """An office as the demo founds it."""

    code: str
    name: str
    short: str
    field: str
    run_by: str = RunBy.CITY
    legal: str = LegalKind.MAYOR
    extension: str = ""
    front: bool = False
    hours: str = "平日 8時30分〜17時"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)


def _entrusted(code: str, name: str, short: str, field: str, extension: str, **more: str) -> OfficeOf:
    return OfficeOf(code, name, short, field, RunBy.ENTRUSTED, LegalKind.ENTRUSTED, extension, **more)  # type: ignore[arg-type]


OFFICES: tuple[OfficeOf, ...] = (
    OfficeOf("nandemo", "福祉なんでも相談室", "なんでも相談室", Field.GENERAL, extension="0101", front=True),
    OfficeOf("kurashi-renkei", "地域福祉連携室 くらし連携担当", "くらし連携担当", Field.COORDINATION, extension="0102"),
    OfficeOf("chiiki-fukushi", "地域福祉連携室 地域福祉係", "地域福祉係", Field.COMMUNITY, extension="0103"),
    OfficeOf("koureikaigo", "高齢介護課", "", Field.ELDERLY, extension="0111"),
    OfficeOf("shougai", "障がい福祉課", "", Field.DISABILITY, extension="0112"),
    OfficeOf("kosodate", "子育て支援課", "", Field.CHILD, extension="0121"),
    OfficeOf("kodomo-katei", "こども家庭センター", "", Field.CHILD, extension="0122"),
    OfficeOf("seikatsu-shien", "社会福祉課 生活支援係", "生活支援係", Field.POVERTY, extension="0131"),
    OfficeOf("kenkou", "健康づくり推進課", "健康づくり", Field.HEALTH, extension="0141"),
    OfficeOf("zei", "税務課 収納係", "税務課", Field.TAX, extension="0151"),
    OfficeOf("kokuho", "国民健康保険課", "国保課", Field.TAX, extension="0152"),
    OfficeOf(
        "suidou", "上下水道部 お客様係", "水道お客様係", Field.WATER, legal=LegalKind.PUBLIC_ENTERPRISE, extension="0161"
    ),
    OfficeOf("juutaku", "住宅営繕課 市営住宅係", "市営住宅係", Field.HOUSING, extension="0171"),
    OfficeOf("gakkou", "学校教育課", "", Field.EDUCATION, legal=LegalKind.EDUCATION_BOARD, extension="0181"),
    _entrusted("shakyo-kizuna", "社会福祉協議会 地域福祉係(きずな)", "社協きずな", Field.COMMUNITY, "0201"),
    _entrusted("shakyo-seikatsu", "社会福祉協議会 総合生活支援センター", "総合生活支援センター", Field.WORK, "0202",
               hours="火〜土 9時〜17時"),
    _entrusted("houkatsu-higashi", "東地域包括支援センター", "東包括", Field.ELDERLY, "0211"),
    _entrusted("houkatsu-nishi", "西地域包括支援センター", "西包括", Field.ELDERLY, "0212"),
    _entrusted("houkatsu-minami", "南地域包括支援センター", "南包括", Field.ELDERLY, "0213"),
    _entrusted("kikan", "基幹相談支援センター", "基幹相談", Field.DISABILITY, "0221"),
    OfficeOf("soumu", "総務課 情報公開係", "情報公開係", Field.OTHER, extension="0301"),
    OfficeOf("kikaku", "企画課 統計係", "統計係", Field.OTHER, extension="0302"),
    OfficeOf("kansa", "監査委員事務局", "", Field.OTHER, extension="0303"),
    OfficeOf("digital", "デジタル戦略課", "", Field.OTHER, extension="0304"),
)  # fmt: skip

OUTSIDE: tuple[OfficeOf, ...] = tuple(
    OfficeOf(code, name, "", field, RunBy.OUTSIDE, legal, extension)
    for code, name, field, legal, extension in (
        ("byouin-midori", "みどりの丘病院 地域連携室", Field.HEALTH, LegalKind.PRIVATE, "0401"),
        ("byouin-kokoro", "こころのクリニックあさひ", Field.HEALTH, LegalKind.PRIVATE, "0402"),
        ("houmon-kango", "訪問看護ステーションあおぞら", Field.HEALTH, LegalKind.PRIVATE, "0403"),
        ("hokenjo", "府保健所 精神保健担当", Field.HEALTH, LegalKind.OTHER_MUNICIPALITY, "0404"),
        ("hellowork", "ハローワーク 専門援助部門", Field.WORK, LegalKind.NATIONAL, "0405"),
        ("saposute", "地域若者サポートステーション", Field.WORK, LegalKind.PRIVATE, "0406"),
        ("houterasu", "法テラス", Field.OTHER, LegalKind.INCORPORATED, "0407"),
        ("foodbank", "フードバンクたけのこ", Field.COMMUNITY, LegalKind.PRIVATE, "0408"),
        ("keisatsu", "警察署 生活安全課", Field.SAFETY, LegalKind.OTHER_MUNICIPALITY, "0409"),
        ("jisou", "児童相談所", Field.CHILD, LegalKind.OTHER_MUNICIPALITY, "0410"),
        ("haibousen", "配偶者暴力相談支援センター", Field.SAFETY, LegalKind.OTHER_MUNICIPALITY, "0411"),
        ("teichaku", "地域生活定着支援センター", Field.SAFETY, LegalKind.OTHER_MUNICIPALITY, "0412"),
        ("hattatsu", "発達障害者支援センター", Field.DISABILITY, LegalKind.OTHER_MUNICIPALITY, "0413"),
        ("nihongo", "国際交流協会 日本語教室", Field.COMMUNITY, LegalKind.PRIVATE, "0414"),
        ("kyoju", "居住支援法人すまいる", Field.HOUSING, LegalKind.PRIVATE, "0415"),
    )
)


@dataclass(frozen=True)
class WorkerOf:
    """A worker as the demo employs them. `posts`: (office, role), the main one first."""

    sign_in: str
    posts: tuple[tuple[str, str], ...]
    professions: tuple[str, ...] = ()
    employer: str = "市"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    seconded: bool = False
    duty: bool = False
    told: str = ""
    """What the printed list of sign-ins says of this worker; the others are not listed."""


SHAKYO = "社会福祉協議会"
R = Role
NURSE, SOCIAL, PSYCHIATRIC = "public_health_nurse", "certified_social_worker", "psychiatric_social_worker"
CLERK = "clerk"


def _section(
    office: str, sign_in: str, role: str, profession: str, told: str, *, more: int, employer: str = "市"
) -> tuple[WorkerOf, ...]:
    """A section: the worker who is told, colleagues, and a manager on duty."""
    return (
        WorkerOf(sign_in, ((office, role),), (profession,), employer, told=told),
        *(
            WorkerOf(
                f"{sign_in}{number}", ((office, role),), (profession if number % 2 else CLERK,), employer
            )
            for number in range(2, 2 + more)
        ),
        WorkerOf(f"kanri-{sign_in}", ((office, R.MANAGER),), (), employer, duty=True),
    )


WORKERS: tuple[WorkerOf, ...] = (
    WorkerOf("soudan", (("nandemo", R.COUNSELLOR),), (SOCIAL,), duty=True, told="相談員(福祉なんでも相談室)"),
    WorkerOf("soudan2", (("nandemo", R.COUNSELLOR),), ("psychologist",), weekdays=(1, 3), told="相談員(火・木だけ)"),
    WorkerOf("soudan3", (("nandemo", R.COUNSELLOR),), ("career_consultant",)),
    WorkerOf("soudan4", (("nandemo", R.COUNSELLOR),), ("social_welfare_officer",)),
    WorkerOf("kennin", (("nandemo", R.COUNSELLOR), ("kurashi-renkei", R.COORDINATOR)), (SOCIAL,),
             told="社会福祉士(なんでも相談室と、くらし連携担当の兼任)"),
    WorkerOf("renkei", (("kurashi-renkei", R.COORDINATOR),), (NURSE,), duty=True, told="くらし連携担当(保健師)"),
    WorkerOf("renkei2", (("kurashi-renkei", R.COORDINATOR),), ("teaching_experience",), told="くらし連携担当(教職経験者)"),
    WorkerOf("outreach", (("kurashi-renkei", R.OUTREACH_WORKER),), (PSYCHIATRIC,), SHAKYO, seconded=True,
             told="アウトリーチ支援員(社協からの派遣)"),
    WorkerOf("sanka", (("kurashi-renkei", R.PARTICIPATION_WORKER),), ("career_consultant",), SHAKYO, seconded=True,
             told="参加支援担当"),
    WorkerOf("kanri", (("kurashi-renkei", R.MANAGER), ("nandemo", R.MANAGER), ("chiiki-fukushi", R.MANAGER)),
             told="管理職(地域福祉連携室長)"),
    WorkerOf("chiiki", (("chiiki-fukushi", R.SECTION_CLERK),), ("community_worker",), duty=True),
    *_section("koureikaigo", "kourei", R.SECTION_CLERK, SOCIAL, "関係課(高齢介護課)", more=2),
    *_section("shougai", "shougai", R.SECTION_CLERK, PSYCHIATRIC, "関係課(障がい福祉課)", more=2),
    *_section("kosodate", "kosodate", R.SECTION_CLERK, "nursery_teacher", "", more=1),
    *_section("kodomo-katei", "kodomo", R.SECTION_CLERK, NURSE, "関係課(こども家庭センター)", more=2),
    *_section("seikatsu-shien", "seikatsu", R.SECTION_CLERK, "social_welfare_officer", "関係課(生活支援係)", more=3),
    *_section("kenkou", "kenkou", R.SECTION_CLERK, NURSE, "", more=1),
    *_section("zei", "zei", R.SECTION_CLERK, CLERK, "関係課(税務課)", more=1),
    *_section("kokuho", "kokuho", R.SECTION_CLERK, CLERK, "", more=1),
    *_section("suidou", "suidou", R.SECTION_CLERK, CLERK, "", more=1),
    *_section("juutaku", "juutaku", R.SECTION_CLERK, CLERK, "", more=1),
    *_section("gakkou", "gakkou", R.SECTION_CLERK, "school_social_worker", "関係課(学校教育課)", more=1),
    *_section("shakyo-kizuna", "kizuna", R.COMMUNITY_COORDINATOR, "community_worker", "きずなコーディネーター(社協)", more=3,
              employer=SHAKYO),
    *_section("shakyo-seikatsu", "sougou", R.OUTSIDE_WORKER, "financial_planner", "庁外機関職員(総合生活支援センター)", more=1,
              employer=SHAKYO),
    *_section("houkatsu-higashi", "houkatsu", R.OUTSIDE_WORKER, "chief_care_manager", "庁外機関職員(東地域包括支援センター)",
              more=2, employer="社会福祉法人ひがし会"),
    *_section("houkatsu-nishi", "houkatsu-nishi", R.OUTSIDE_WORKER, NURSE, "", more=2, employer="社会福祉法人にしやま会"),
    *_section("houkatsu-minami", "houkatsu-minami", R.OUTSIDE_WORKER, SOCIAL, "", more=1, employer="社会福祉法人みなみ会"),
    *_section("kikan", "kikan", R.OUTSIDE_WORKER, "consultation_support", "庁外機関職員(基幹相談支援センター)", more=1,
              employer="社会福祉法人たけのさと"),
    WorkerOf("koukai", (("soumu", R.DISCLOSURE_OFFICER),), ("legal",), duty=True, told="情報公開担当"),
    WorkerOf("toukei", (("kikaku", R.STATISTICIAN),), (CLERK,), duty=True, told="統計担当(個人は見えません)"),
    WorkerOf("kansa", (("kansa", R.AUDITOR),), (CLERK,), duty=True, told="監査"),
    WorkerOf("system", (("digital", R.SYSTEM_ADMINISTRATOR),), (CLERK,), duty=True, told="システム管理者(個人は見えません)"),
    WorkerOf("system2", (("digital", R.SYSTEM_ADMINISTRATOR),), (CLERK,), told="システム管理者(ふたり目)"),
)  # fmt: skip

FORMER = "soudan-moto"
"""Somebody who left: their rows passed to others, who have not met everybody yet."""


def sign_ins() -> str:
    """The text to print: who may sign in, and with what password."""
    width = max(len(worker.sign_in) for worker in WORKERS if worker.told)
    lines = [f"  {worker.sign_in:<{width}}  {worker.told}" for worker in WORKERS if worker.told]
    return "\n".join(
        (
            "架空の市の準備ができました。登場する人・機関の担当者は、すべて架空です。",
            f"サインイン名(パスワードはどれも {PASSWORD} )",
            *lines,
        )
    )


@dataclass
class Cast:
    """Everybody at work, by sign-in name and by office code."""

    offices: dict[str, int]
    workers: dict[str, Worker]

    def at(self, office: str) -> list[Worker]:
        """Who may answer for concerns in this office, the manager last."""
        return [self.workers[row.sign_in] for row in WORKERS if any(
            code == office and role != Role.MANAGER for code, role in row.posts
        )]  # fmt: skip

    def manager_of(self, office: str) -> Worker:
        """The manager of this office."""
        for row in WORKERS:
            if (office, Role.MANAGER) in row.posts:
                return self.workers[row.sign_in]
        return self.workers["kanri"]
