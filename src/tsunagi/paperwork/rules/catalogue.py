"""The city's forms, sheet by sheet. Contents: MHLW's forms of 生活困窮者自立相談支援 and 重層的支援体制整備事業 as far as they are
public (domain.md §3); where an original was not seen, the municipality's own version of the same family.

`national=True`: 国への報告事項, drawn in a bold frame; a blank one is said, never refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from tsunagi.people.rules import Facet
from tsunagi.plans.rules import MeetingResult, MonitorDecision
from tsunagi.shared.refusal import Refused

from .forms import Choice, Column, Field, Form, Head, Picture, Row, Sheet, Sign, Statement, Table

JUUSOU = "重層的支援体制整備事業（社会福祉法第106条の4）"
KONKYU = "生活困窮者自立相談支援 使用標準様式"

_HEALTH, _DISABILITY, _MONEY, _WORK = Facet.HEALTH, Facet.DISABILITY, Facet.MONEY, Facet.WORK_SCHOOL
_HOUSE, _TALK, _LIFE, _PLAN = Facet.HOUSEHOLD, Facet.CONSULTATION, Facet.LIFE_HISTORY, Facet.PLAN

PENSION = ("受給中", "加入", "未加入", "その他")


def _row(*fields: Field) -> Row:
    return Row(tuple(fields))


def _who(*, address: bool = True) -> tuple[Row, ...]:
    """The person, as every form asks: entered once, printed on each."""
    rows = [
        _row(Field("kana", "ふりがな", 5), Choice("sex", "性別", 7, national=True, list_key="sexes")),
        _row(Field("name", "氏名", 5, national=True), Field("birth", "生年月日（年齢）", 7, national=True)),
    ]
    if address:
        rows.append(_row(Field("address", "住所（校区）", 7, national=True), Field("phone", "電話", 5)))
    return tuple(rows)


def _numbers() -> Row:
    return _row(
        Field("case_number", "支援番号", 3), Field("received_on", "初回相談受付日", 4, national=True),
        Field("worker", "担当（機関・氏名）", 5),
    )  # fmt: skip


_FAMILY = Table(
    "family", "世帯構成（はじめの行が本人）",
    (Column("続柄", 2), Column("氏名", 4), Column("年齢・学年", 3), Column("就学・就労", 3), Column("同居", 1), Column("備考", 3)),
    blanks=5, facet=_HOUSE, national=True,
)  # fmt: skip
_WORRIES = Choice(
    "worries", "ご相談の内容（お困りのことに○、いちばんお困りのことに◎）", national=True, list_key="worries", many=True,
    signs=True, other="その他の内容", facet=_TALK,
)  # fmt: skip
_AGENCIES = Table(
    "agencies", "いま関わっている機関", (Column("機関", 4), Column("担当", 3), Column("関わり方・内容", 5), Column("次に動く日", 3)),
    blanks=4,
)  # fmt: skip
_HANDER = (
    _row(Field("from_office", "つなぐ側の機関・部署", 7), Field("from_worker", "担当者", 5)),
    _row(
        Field("from_contact", "連絡先（電話・FAX）", 7),
        Choice("urgency", "緊急度", 5, options=("高", "要見極め", "中", "低")),
    ),
)
_COMPLAINT = _row(Field("complaint", "主訴（本人のことばで）", lines=3, facet=_TALK))
_STORY = (
    _row(Field("course", "これまでの経過", lines=4, facet=_TALK)),
    _row(Field("done", "これまでの対応", lines=3)),
    _row(Field("expected", "多機関協働に期待すること", lines=2)),
)

UKETSUKE_A = Form(
    "uketsuke-a", "相談受付・申込票（本人同意あり）", f"{KONKYU}【1】・{JUUSOU}",
    (
        Sheet("相談受付・申込票", (
            _row(Field("consultation_number", "受付番号", 4), Field("received_on", "受付日", 4, national=True),
                 Field("receiver", "受付者", 4)),
            *_who(),
            _row(Field("way", "連絡のしかた（方法・時間・名乗り方・伝言・封筒）")),
            _row(Field("caller", "来談者（ご本人以外の場合）の氏名", 5), Field("caller_phone", "来談者の電話", 3),
                 Field("caller_relation", "ご本人との関係", 4)),
            Head("ご相談の内容"),
            _row(_WORRIES),
            _row(Field("wishes", "ご相談されたいこと、ご支援にあたっての希望", lines=6, facet=_TALK)),
            Head("相談申込み欄"),
            Statement("相談支援の利用を申し込みます。申込みにあたり、別紙「個人情報に関する管理・取扱規程」の説明を受け、支援に必要な範囲で、"
                      "この票の内容を関係する機関（関係者）と共有することに同意します。同意はいつでも取りやめることができます。"),
            Sign("consent", "ご本人の署名"),
        )),
        Sheet("相談受付・申込票（続き）", (
            Head("生活の状況"),
            _row(Choice("work_form", "仕事", national=True, list_key="work_forms", facet=_WORK)),
            _row(Choice("housing", "住居", national=True, list_key="housing_kinds", facet=_HOUSE)),
            _row(Choice("insurance", "健康保険", 8, list_key="health_insurances", facet=_HEALTH),
                 Choice("pension", "年金", 4, options=PENSION, facet=_MONEY)),
            _FAMILY,
            Head("多機関協働へのつなぎ"),
            *_HANDER,
            _COMPLAINT,
            *_STORY,
        )),
    ),
    note="本人の同意を得て、支援を申し込むときに使います。",
)  # fmt: skip

UKETSUKE_B = Form(
    "uketsuke-b", "相談受付・申込票（本人同意なし）", f"{JUUSOU}・支援会議（同法第106条の6）",
    (
        Sheet("相談受付・申込票（本人同意なし）", (
            _row(Field("consultation_number", "受付番号", 4), Field("received_on", "受付日", 4, national=True),
                 Field("receiver", "受付者", 4)),
            *_HANDER,
            Head("対象の方・世帯"),
            *_who(),
            _FAMILY,
            Head("同意と把握の経緯"),
            _row(Choice("no_consent", "同意が得られない理由", list_key="no_consent_reasons", many=True, other="内容")),
            _row(Field("how_known", "把握の経緯・情報源（情報をくださった方は書きません）", lines=3)),
            _row(Field("own_will", "本人の意向（推定するときは、そう書く）", 6, lines=4, facet=_TALK),
                 Field("around", "関係者が困っていること", 6, lines=4, facet=_TALK)),
            _row(Choice("to_meeting", "支援会議での共有を希望するか", 5, options=("希望する", "希望しない", "相談したい")),
                 Field("urgent_why", "緊急性とそのわけ", 7, lines=2)),
        )),
        Sheet("相談受付・申込票（本人同意なし・続き）", (
            Head("困りごとと経過"),
            _row(_WORRIES),
            _row(Field("complaint", "相談の内容（聞いたとおりに）", lines=4, facet=_TALK)),
            *_STORY,
            _AGENCIES,
            Statement("この票は、支援会議の構成員が守秘義務のもとで用います（社会福祉法第106条の6第5項）。本人・世帯に渡さず、会議のあとは"
                      "市の決まりに従って回収します。"),
        )),
    ),
    note="本人の同意がまだないとき、支援会議にはかるために使います。署名欄はありません。",
)  # fmt: skip

ASSESSMENT = Form(
    "assessment", "インテーク・アセスメントシート", f"{KONKYU}【2】・{JUUSOU}",
    (
        Sheet("（1）相談の経緯・家族", (
            _numbers(),
            *_who(),
            Head("1　相談経路・主訴"),
            _row(Choice("route", "相談経路", national=True, list_key="consultation_routes", other="内容", facet=_TALK)),
            _row(Field("referred_by", "紹介元機関", 8, national=True, facet=_TALK), Choice("earlier", "相談歴", 4, national=True, list_key="yes_no", facet=_TALK)),
            _row(Field("complaint", "主訴・状況（紹介元・関係機関からの情報を含む）", national=True, lines=3, facet=_TALK)),
            _row(Choice("sees_trouble", "本人の困り感", 6, list_key="person_sees_it", facet=_TALK), Choice("refuses", "支援を断っているか", 6, list_key="refusals", facet=_TALK)),
            Head("2　家族・地域との関係"),
            _FAMILY,
            _row(Choice("marriage", "婚姻", 6, national=True, list_key="marriages", facet=_TALK), Choice("children", "子ども", 3, national=True, list_key="yes_no", facet=_TALK), Field("dependants", "扶養の人数", 3, national=True, facet=_TALK)),
            _row(Choice("family_apart", "別居の家族", 3, national=True, list_key="yes_no", facet=_HOUSE), Field("family_words", "家族の関係", 9, national=True, lines=2, facet=_HOUSE)),
            _row(Choice("community", "地域との関係", 5, national=True, list_key="community_ties", facet=_HOUSE), Choice("neighbours", "近隣への影響", 7, list_key="neighbour_effects", many=True, facet=_HOUSE)),
        )),
        Sheet("（2）住まい・健康・お金・仕事", (
            Head("3　住まい"),
            _row(Choice("housing", "住居", 9, national=True, list_key="housing_kinds", facet=_HOUSE), Field("rent", "家賃・ローン（月額）", 3, facet=_HOUSE)),
            Head("4　健康・障害"),
            _row(Choice("condition", "健康状態", 4, national=True, list_key="health_conditions", facet=_HEALTH), Choice("insurance", "健康保険", 8, national=True, list_key="health_insurances", facet=_HEALTH)),
            _row(Field("treatment", "通院先・服薬", 6, national=True, lines=2, facet=_HEALTH), Choice("care_level", "要介護・要支援の認定", 6, list_key="care_levels", facet=_HEALTH)),
            _row(Choice("health_signs", "気になること", 6, list_key="health_signs", many=True, facet=_HEALTH), Choice("daily_help", "手助けがいること", 6, list_key="daily_help", many=True, facet=_HEALTH)),
            _row(Choice("certificates", "障害者手帳等", 7, national=True, list_key="disability_certificates", many=True, facet=_DISABILITY), Field("grade", "等級・種別", 2, national=True, facet=_DISABILITY), Choice("medical_aid", "自立支援医療", 3, national=True, list_key="yes_no", facet=_DISABILITY)),
            _row(Choice("diagnosis", "診断の有無", 6, list_key="diagnoses", facet=_DISABILITY), Choice("difficulties", "生きづらさ", 6, list_key="difficulties", many=True, facet=_DISABILITY)),
            Head("5　収入・公的給付・債務など"),
            _row(Field("income", "本人の収入（月額）", 3, national=True, facet=_MONEY), Choice("budget", "家計の状況", 5, national=True, list_key="budgets", facet=_MONEY), Choice("tax", "課税状況", 4, national=True, list_key="tax_states", facet=_MONEY)),
            _row(Choice("benefits", "公的給付（受給中）", national=True, list_key="public_benefits", many=True, facet=_MONEY)),
            _row(Choice("public_aid", "生活保護", 5, national=True, list_key="public_aid", facet=_MONEY), Choice("arrears", "滞納", 2, national=True, list_key="yes_no", facet=_MONEY), Choice("debt", "債務", 2, national=True, list_key="yes_no", facet=_MONEY), Field("debt_words", "債務の内容・額", 3, national=True, facet=_MONEY)),
            _row(Choice("arrears_of", "滞っているもの", 9, list_key="arrears_kinds", many=True, facet=_MONEY), Field("keeps_money", "お金を管理している人", 3, facet=_MONEY)),
            Head("6　仕事・学校"),
            _row(Choice("work", "就労の状況", national=True, list_key="work_states", facet=_WORK)),
            _row(Choice("work_form", "就労形態", national=True, list_key="work_forms", facet=_WORK)),
            _row(Choice("education", "最終学歴", 8, national=True, list_key="educations", facet=_WORK), Choice("licence", "自動車の免許", 4, national=True, list_key="yes_no", facet=_WORK)),
            _row(Field("career", "職歴", 8, national=True, lines=3, facet=_WORK), Field("qualifications", "資格・技術", 4, national=True, lines=3, facet=_WORK)),
            _row(Choice("school", "在学・登園のようす", 6, list_key="school_states", facet=_WORK), Choice("withdrawn", "家から出る機会", 6, list_key="going_out", facet=_WORK)),
        )),
        Sheet("（3）安全・権利・ことば・生育歴・強み", (
            Head("7　安全・権利・ことば"),
            _row(Choice("signs", "気をつける兆し", list_key="danger_signs", many=True, facet=_TALK)),
            _row(Field("safety_plan", "危ないときの動き", 6, lines=2, facet=_TALK), Choice("disaster", "災害のとき", 6, list_key="disaster_needs", many=True, facet=_TALK)),
            _row(Choice("deciding", "ものごとを決めること", 6, list_key="deciding_powers", facet=_HEALTH), Choice("guardianship", "使っている仕組み", 6, list_key="guardianship_uses", many=True, facet=_HEALTH)),
            _row(Field("languages", "使うことば", 3, facet=Facet.BASIC), Choice("interpreter", "通訳", 5, list_key="interpreter_needs", facet=Facet.BASIC), Choice("reading", "読み書き", 4, list_key="reading_levels", facet=Facet.BASIC)),
            Head("8　強み・生育歴"),
            _row(Field("strengths", "本人・家族の強み", lines=4)),
            Table("life", "生育歴（分からないところは空けておく）", (Column("だれの", 2), Column("時期・年齢", 4), Column("できごと", 8), Column("だれから聞いたか", 3)), blanks=7, facet=_LIFE),
            _row(Field("own_view", "本人の願い・気がかり", 6, lines=3, facet=_TALK), Field("family_view", "家族・周りの見方", 6, lines=3, facet=_TALK)),
            _row(Field("agencies_words", "いま関わっている機関・人", lines=3, facet=_TALK)),
            _row(Field("unknown", "まだ分かっていないこと", lines=2)),
        )),
        Sheet("（4）課題の整理・スクリーニング", (
            Head("9　課題と特性"),
            _row(Choice("traits", "課題と特性（複数可）", national=True, list_key="traits", many=True, other="その他の内容", facet=_TALK)),
            Head("10　アセスメント結果の整理"),
            _row(Field("goal", "目指す姿（本人のことばで）", national=True, lines=4, facet=_TALK)),
            _row(Field("background", "課題の背景・要因", national=True, lines=4, facet=_TALK)),
            _row(Field("direction", "支援の方向性", national=True, lines=4, facet=_TALK)),
            Head("11　スクリーニング"),
            _row(Field("screened_on", "スクリーニングの日", 4, national=True), Field("elsewhere", "他機関へのつなぎ先", 8)),
            _row(Choice("screening", "対応結果・方針", national=True, list_key="screening_results")),
            _row(Choice("reasons", "支援決定のわけ", list_key="support_reasons", many=True, other="内容")),
            _row(Choice("urgent", "緊急的な支援", national=True, list_key="urgent_support", many=True, other="内容")),
            Table("free", "項目ごとの事実・ことばと見立て", (Column("だれの・項目", 4), Column("事実・本人や家族のことば", 7), Column("見立て", 6)), blanks=0),
            Table("others", "世帯のほかの方・ほかの項目", (Column("だれの", 3), Column("項目", 4), Column("内容", 9)), blanks=0),
        )),
    ),
)  # fmt: skip

PLAN = Form(
    "plan", "多機関協働事業プラン兼利用申込書", f"{JUUSOU}・{KONKYU}【5】",
    (
        Sheet("多機関協働事業プラン兼利用申込書", (
            _row(Field("case_number", "支援番号", 2), Field("plan_number", "プラン（回数）", 2, national=True),
                 Field("made_on", "作成日", 4, national=True), Field("worker", "作成機関・担当", 4)),
            *_who(address=False),
            _row(Field("situation", "本人・世帯の状況と課題（要約）", lines=5, facet=_PLAN)),
            _row(Field("wish_own", "本人の意向", 6, lines=4, facet=_PLAN), Field("wish_family", "家族の意向", 6, lines=4, facet=_PLAN)),
            _row(Field("strengths", "強み", lines=3, facet=_PLAN)),
            _row(Field("goal_long", "長期目標（目指す姿）", 6, lines=3, national=True, facet=_PLAN),
                 Field("goal_short", "短期目標", 6, lines=3, national=True, facet=_PLAN)),
            _row(Field("direction", "支援の方向性", lines=3, facet=_PLAN)),
            Table("roles", "役割分担（だれが・何を・どれだけ・いつまでに・どう確かめるか）",
                  (Column("目標", 4), Column("すること", 5), Column("担当の機関・人", 4), Column("頻度", 2), Column("期限", 2), Column("どう確かめるか", 3)),
                  blanks=5, facet=_PLAN, line=2),
        )),
        Sheet("多機関協働事業プラン兼利用申込書（続き）", (
            _row(Choice("multi", "利用する事業", national=True, list_key="plan_services", group="multi", many=True, facet=_PLAN)),
            _row(Choice("poverty", "法に基づく事業等（生活困窮）", national=True, list_key="plan_services", group="poverty", many=True, facet=_PLAN)),
            _row(Choice("existing", "既存の制度・サービス", list_key="plan_services", group="existing", many=True, other="内容", facet=_PLAN)),
            _row(Field("emergency", "緊急時の対応", 6, lines=3, facet=_PLAN), Field("sharing", "情報共有の範囲", 6, lines=3, facet=_PLAN)),
            _row(Field("period", "プランの期間", 8, national=True), Field("review_on", "次回モニタリング予定", 4, national=True)),
            _row(Field("ending", "終結の目安")),
            Head("申込み・同意"),
            Statement("このプランの説明を受け、内容に同意し、上の事業の利用を申し込みます。プランを進めるため、情報共有の範囲に書かれた機関の間で、"
                      "必要な情報を共有することに同意します。"),
            Sign("consent", "ご本人の署名"),
            Head("会議・決定"),
            _row(Field("meeting_on", "会議の開催日・区分", 6), Choice("meeting_result", "協議結果", 6, options=tuple(result.label for result in MeetingResult))),
            _row(Field("decided_on", "市の決定日", 4), Field("decided_by", "決定者", 8)),
        )),
    ),
)  # fmt: skip

PLAN_EASY = Form(
    "plan-easy", "これからの やくそく（やさしいプラン）", "在留支援のためのやさしい日本語ガイドライン",
    (
        Sheet("これからの やくそく", (
            _row(Field("name", "おなまえ", 6), Field("made_on", "つくった日", 6)),
            _row(Field("easy_wish", "あなたが のぞむこと", lines=4, facet=_PLAN)),
            _row(Field("easy_goal", "めあて", lines=3, facet=_PLAN)),
            Table("easy_roles", "だれが なにを いつまでに", (Column("だれが", 4), Column("なにを する", 7), Column("いつまでに", 3)),
                  blanks=6, facet=_PLAN, line=2),
            _row(Field("easy_review", "つぎに いっしょに 見なおす日", 6), Field("easy_contact", "こまったときの でんわ", 6)),
            Statement("この紙は、あなたと いっしょに つくりました。いやなこと、かえたいことは、いつでも 言ってください。やめることも できます。"),
            Sign("consent", "おなまえ（サイン）"),
        )),
    ),
    masks=("real",), size=12.5, note="本人に渡すための紙です。実名だけです。",
)  # fmt: skip

KEIKA = Form(
    "keika", "支援経過記録（経過一覧）", f"{KONKYU}【3】",
    (
        Sheet("支援経過記録（経過一覧）", (
            _numbers(),
            _row(Field("name", "氏名（世帯）", 5), Field("period", "記録の期間・件数", 7)),
            Table("notes", "経過", (Column("日時", 3, national=True), Column("方法・相手・場所", 4, national=True), Column("事実", 7), Column("見立て・方針・次の予定", 6), Column("記入者", 2)),
                  blanks=9, facet=Facet.PROGRESS, national=True, line=3),
        )),
    ),
    landscape=True,
)  # fmt: skip

DECISIONS = tuple(decision.label for decision in MonitorDecision)

HYOUKA = Form(
    "hyouka", "評価シート", f"{KONKYU}【6】・{JUUSOU}",
    (
        Sheet("評価シート", (
            _row(Field("case_number", "支援番号", 2), Field("plan_made_on", "プラン作成日", 3, national=True),
                 Field("judged_on", "評価記入日", 3, national=True), Field("period", "対象期間", 4)),
            _row(Field("name", "氏名", 5, national=True), Field("worker", "記入者", 7)),
            Table("goals", "目標の達成状況", (Column("目標", 6), Column("達成・一部・未達", 3), Column("わけ・本人のことば", 6)), blanks=4, facet=_PLAN, line=2),
            _row(Choice("changes", "見られた変化（複数可）", national=True, list_key="seen_changes", many=True, other="その他の内容", facet=_PLAN)),
            Table("work_events", "就労・増収", (Column("日", 3), Column("内容", 6), Column("就労支援の対象か", 3), Column("増収", 3)), blanks=3, facet=_WORK),
            _row(Field("left_over", "残された課題", lines=4, facet=_PLAN)),
            _row(Field("own_word", "本人の希望・本人の評価", 6, lines=4, facet=_PLAN), Field("worker_word", "支援員の意見", 6, lines=4, facet=_PLAN)),
            _row(Choice("judgement", "判断", national=True, options=DECISIONS)),
            Head("終結・引き継ぎのあと"),
            _row(Field("end_reason", "終結のわけ", 6), Field("main_office", "主担当（連絡のとれる機関）", 6)),
            _row(Field("referred_to", "つなぎ先", 4), Field("follow_on", "フォローアップの時期", 4), Field("come_back", "再相談の目安", 4)),
        )),
    ),
)  # fmt: skip

TSUNAGU = Form(
    "tsunagu", "つなぐシート", "岡山市 つなぐシート（Ver.2019.11.1、令和5年版厚生労働白書107ページ）の項目による",
    (
        Sheet("つなぐシート", (
            _row(Field("to_office", "紹介先の機関", 7), Field("reply_number", "返信票の番号", 5)),
            _row(Field("from_office", "つなぐ機関・担当", 7), Field("from_contact", "電話・FAX", 5)),
            _row(Field("sent_on", "送った日", 6), Field("due_on", "お返事の期限", 6)),
            Head("対象の方"),
            *_who(),
            _row(Field("way", "連絡のしかた（ご連絡の前に必ずお読みください）")),
            _row(Choice("troubles", "お困りごとの内容", list_key="tsunagu_worries", many=True, other="その他の内容", facet=_TALK)),
            Table("household", "世帯構成（本人を含む）", (Column("続柄", 3), Column("年齢", 3), Column("備考", 6)), blanks=4, facet=_HOUSE),
            _row(Field("wishes", "ご相談されたいこと・配慮を希望されること", lines=4, facet=_TALK)),
            Table("concerns", "相談したい課題", (Column("内容", 1),), blanks=3, facet=_TALK),
            _row(Field("reason", "紹介する理由", lines=3, facet=_TALK)),
            _row(Field("person_told", "本人への説明", lines=2)),
        )),
        Sheet("返信票", (
            _row(Field("back_to", "返信先（FAX・電話）", 7), Field("reply_number", "返信票の番号", 5)),
            Statement("この紙だけをFAXか郵送でお返しください。お名前は書かなくてかまいません。"),
            _row(Choice("answer", "お返事", options=("受けます", "受けません", "検討中です", "会えました"))),
            _row(Choice("why_not", "受けられないわけ", options=("年齢", "手帳", "診断", "所得", "資源なし・待機", "管轄外", "情報不足", "本人が望まない", "その他"))),
            _row(Field("answer_worker", "担当の方・電話", 6, lines=2), Field("met_on", "会えた日・次の予定", 6, lines=2)),
            _row(Field("answer_words", "お伝えになりたいこと", lines=6)),
        )),
    ),
    note="FAXで送る大きな字の版は「つなぎ」の画面から印刷できます。",
)  # fmt: skip

ICHIRAN = Form(
    "ichiran", "支援ケース一覧", f"{KONKYU}【4】",
    (
        Sheet("支援ケース一覧", (
            _row(Field("office", "機関", 5), Field("as_of", "現在", 4), Field("count", "件数", 3)),
            Table("cases", "支援中の世帯", (
                Column("番号", 3), Column("受付日", 3), Column("氏名・世帯", 5), Column("年代", 2), Column("校区", 3), Column("経路", 3), Column("主な課題", 6),
                Column("同意", 3), Column("担当", 3), Column("段階", 3), Column("次の予定", 3), Column("最終接触", 3), Column("プラン期限", 3)), blanks=16),
        )),
    ),
    landscape=True, of_case=False,
)  # fmt: skip

GAIYOU = Form(
    "gaiyou", "ケース概要", f"{JUUSOU}・重層的支援会議 資料",
    (
        Sheet("ケース概要", (
            _row(Field("case_number", "支援番号", 2), Field("title", "見出し", 4), Field("stage", "段階", 3), Field("worker", "担当", 3)),
            _row(Field("name", "氏名（世帯）", 5), Field("birth", "年齢", 2), Field("address", "住所（校区）", 5)),
            Picture("picture", "ジェノグラム", 72),
            _row(Field("summary", "世帯の状況・経過の要約", 7, lines=6), Field("strengths", "強み", 5, lines=6)),
            Table("concerns", "課題", (Column("課題", 6), Column("緊急度", 2), Column("受け持つ機関・担当", 4), Column("次に動く日", 2)), blanks=3, facet=_TALK),
            _row(Field("wishes", "本人・家族の意向", 6, lines=3, facet=_TALK), Field("goal", "目標・支援の方向性", 6, lines=3, facet=_PLAN)),
            _row(Field("discuss", "会議で話し合いたいこと（論点）", lines=3)),
        )),
    ),
)  # fmt: skip

ZU = Form(
    "zu", "ジェノグラム・エコマップ", "家族関係図（凡例は図のなか）",
    (
        Sheet("ジェノグラム・エコマップ", (
            _row(Field("case_number", "支援番号", 3), Field("name", "氏名（世帯）", 5), Field("as_of", "いつ現在の図か", 4)),
            Picture("picture", "ジェノグラム", 84),
            Picture("ecomap", "エコマップ", 124),
        )),
    ),
)  # fmt: skip

FORMS: tuple[Form, ...] = (
    UKETSUKE_A, UKETSUKE_B, ASSESSMENT, PLAN, PLAN_EASY, KEIKA, HYOUKA, TSUNAGU, ICHIRAN, GAIYOU, ZU,
)  # fmt: skip
BY_CODE = {form.code: form for form in FORMS}


def form_of(code: str, among: Iterable[Form] = FORMS) -> Form:
    """The form with this code. Raises Refused, naming those there are."""
    forms = tuple(among)
    for form in forms:
        if form.code == code:
            return form
    raise Refused(
        f"帳票「{code[:40]}」はありません。選べるのは {'・'.join(each.code for each in forms)} です。",
        field="form",
    )
