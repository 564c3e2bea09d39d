"""Stories told by the deeds themselves, day by day, so that every board has something true to show.

Each method is one household (or somebody not yet known) from its first call to today. `topic` gives the words.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tsunagi.accounts.models import Office, Worker
from tsunagi.diary.actions import Wish, plan
from tsunagi.genogram.actions import write_tie
from tsunagi.genogram.rules.kinds import TieKind
from tsunagi.genogram.rules.ties import NewTie
from tsunagi.holding.actions import (
    Served,
    answer_second,
    ask_reassign,
    close_concern,
    could_not,
    extend,
    hand_over_for_the_night,
    hold_as,
    leave_message,
    open_concern,
    promise,
    record_absence,
    record_contact,
    report_abuse,
    wait,
    work_together,
)
from tsunagi.holding.models import Concern, Hold, SecondWord
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, GapKind, PersonSays, WordOf
from tsunagi.intake.actions import AboutWish, ConcernWish, InformantWish, make_concerns, take_consultation
from tsunagi.intake.models import Consultation
from tsunagi.people.actions import protect, set_safe_contact
from tsunagi.referrals.actions import (
    accept,
    confirm_oral,
    consider,
    decline,
    note_first_contact,
    note_seen,
    record_outside_answer,
    report_result,
    send_referral,
    write_message,
)
from tsunagi.referrals.models import Referral
from tsunagi.workbench.actions import keep, new_draft_id

from .casework import Casework
from .cast import Cast
from .days import Days
from .town import Home, Someone
from .words import BY_KEY, Topic


class Stories:
    """Tells stories of the cast in the days before today."""

    def __init__(self, cast: Cast, days: Days, casework: Casework) -> None:
        self.cast, self.days, self.casework, self.rng = cast, days, casework, days.rng

    # -- steps ----------------------------------------------------------------------------------------

    def worker(self, name: str) -> Worker:
        """Somebody of the cast."""
        return self.cast.workers[name]

    def office(self, code: str) -> Office:
        """An office, also outside."""
        return Office.objects.get(code=code)

    def take(
        self,
        topic: Topic,
        who: Home | Someone | None,
        at: datetime,
        *,
        by: str = "soudan",
        office: str = "nandemo",
        words: str = "",
        caller: str = "",
        caller_words: str = "",
        **more: Any,
    ) -> Consultation:
        """A consultation is taken at a desk."""
        heard = self.casework.hear(topic)
        caller = caller or heard.caller
        fields: dict[str, Any] = {
            "means": self.rng.choice(("phone", "phone", "visit_here")),
            "caller_kind": caller,
            "caller_words": caller_words or (heard.caller_words if caller == heard.caller else ""),
            "words": words or heard.text,
            "worries": heard.worries,
            "way_back": "none" if caller == "anonymous" else "phone",
        } | more
        if isinstance(who, Someone) and who.languages:
            fields.setdefault("language", who.languages[0])
            fields.setdefault("interpreter", who.interpreter)
        return take_consultation(
            by=self.worker(by),
            at=at,
            office_id=self.cast.offices[office],
            party_id=who.id if who else None,
            **fields,
        )

    def concern(
        self,
        topic: Topic,
        who: Home | Someone,
        at: datetime,
        *,
        by: str = "soudan",
        office: str = "nandemo",
        description: str = "",
        urgency: str = "low",
        caller: str = "",
        caller_words: str = "",
        words: str = "",
        **more: Any,
    ) -> Concern:
        """A consultation becomes one concern of the desk."""
        taken = self.take(
            topic,
            who,
            at,
            by=by,
            office=office,
            caller=caller,
            caller_words=caller_words,
            words=words,
            urgency=urgency,
        )
        wish = ConcernWish(
            description=description or self.casework.describe(topic),
            codes=topic.codes[:2],
            **({"person_sees_it": self.rng.choice(topic.sees)} | more),
        )
        return make_concerns(taken, [wish], by=self.worker(by), at=at + timedelta(minutes=12))[0]

    def contact(
        self,
        kind: str,
        topic: Topic,
        concerns: list[Concern],
        at: datetime,
        by: str,
        *,
        due_on: date | None = None,
        words: str = "",
        with_whom: str = "",
    ) -> None:
        """One contact for these concerns."""
        record_contact(
            kind,
            [Served(concern.pk, due_on) for concern in concerns],
            by=self.worker(by),
            at=at,
            means={
                "met": "visit_there",
                "seen": "phone",
                "around": "phone",
                "tried": "visit_there",
                "worked": "other",
            }[kind],
            with_whom=with_whom
            or {"met": "本人", "seen": "民生委員", "around": "家族", "tried": "", "worked": ""}[kind],
            words=words or self.casework.words_of(topic, kind),
        )

    def send(
        self, concerns: list[Concern], to: str, at: datetime, by: str = "soudan", **more: Any
    ) -> Referral:
        """A つなぐシート goes out."""
        fields = {
            "reason": concerns[0].description,
            "wishes": "まずは一度お話を聞いていただけると助かります。最初の面談には同席します。",
            "how_introduced": "電話",
            "person_told": "agreed",
        } | more
        return send_referral(
            [c.pk for c in concerns], to_office=self.office(to), by=self.worker(by), at=at, **fields
        )

    def draw(self, mother: Someone, son: Someone, office_id: int, *, by: str) -> None:
        """What the genogram and the ecomap of a mother and her son show beside who they are."""
        for wish in (
            NewTie(TieKind.EMOTION, mother.id, son.id, manner="close_conflict", words="紙でやりとりしている"),
            NewTie(TieKind.KEY, mother.id, son.id),
            NewTie(TieKind.SUPPORT, mother.id, office_id=office_id, manner="strong", flow="to_family"),
            NewTie(TieKind.SUPPORT, mother.id, place="週1回のヘルパー", manner="normal", flow="to_family"),
            NewTie(TieKind.SUPPORT, mother.id, place="隣の家の方", manner="weak"),
            NewTie(TieKind.SUPPORT, son.id, place="詰将棋の雑誌", manner="strong", flow="both"),
            NewTie(TieKind.SUPPORT, son.id, place="前の勤め先", manner="broken", stress=True),
        ):
            write_tie(wish, by=self.worker(by), at=self.days.ago(26, 15, 0))

    # -- the seed's families --------------------------------------------------------------------------

    def eight_fifty(self, home: Home) -> None:
        """8050: mother's care is carried by 地域包括, the son is reached out to, 多機関 sees to the roles."""
        topic, days = BY_KEY["eight_fifty"], self.days
        mother, son = home.members[0], home.members[-1]
        first = days.ago(86, 10, 20)
        taken = self.take(
            topic, mother, first, caller="self", urgency="middle",
            words="腰を痛めて買い物に行けない。本当は、同居の息子のことが心配。仕事を辞めてから12年、家を出ていない。自分が倒れたらと思うと眠れない。",
        )  # fmt: skip
        care, alone = make_concerns(
            taken,
            [
                ConcernWish(description="腰痛で家事と買い物が難しい。介護のサービスは息子が嫌がるので断ってきた", codes=("eight_fifty", "old_caring_old"), person_sees_it="yes", party_id=mother.id),
                ConcernWish(description="仕事を辞めて12年、家から出ていない。昼夜が逆で、母とは紙でやりとりしている", codes=("withdrawal_adult",), person_sees_it="no", party_id=son.id, whose="person", family_support=True),
            ],
            by=self.worker("soudan"),
            at=first + timedelta(minutes=25),
        )  # fmt: skip
        houkatsu = self.casework.office("houkatsu", home)
        nurse = next(row for row in self.cast.at(houkatsu)).sign_in_name
        sent = self.send([care], houkatsu, days.ago(84, 11, 5))
        note_seen(sent, by=self.worker(nurse), at=days.ago(83, 9, 10))
        accept(sent, by=self.worker(nurse), at=days.ago(83, 9, 30), worker_id=self.worker(nurse).pk, kind="supporting",
               words="こちらで受けます。明日訪問します。")  # fmt: skip
        note_first_contact(sent, met_at=days.ago(81, 14, 0), by=self.worker(nurse), at=days.ago(81, 15, 30))
        self.contact(
            "met",
            topic,
            [care],
            days.ago(81, 15, 40),
            nurse,
            words="自宅を訪問。要介護認定の申請を一緒に書いた。息子の部屋の前に食器が2組。",
            with_whom="本人(母)",
        )
        report_result(
            sent,
            result="ongoing",
            by=self.worker(nurse),
            at=days.ago(60, 10, 0),
            words="週1回のヘルパーが入りました。",
        )
        self.contact("met", topic, [care], days.ago(55, 14, 10), nurse, with_whom="本人(母)")
        self.contact(
            "met",
            topic,
            [care],
            days.ago(26, 14, 0),
            nurse,
            due_on=days.calendar.on_or_after(days.today + timedelta(days=4)),
            with_whom="本人(母)",
        )
        out = self.send([alone], "kurashi-renkei", days.ago(80, 13, 15), wishes="母の了解のもと、息子さんには急がず手紙からお願いします。", person_told="without",
                        person_told_words="本人に会えておらず、急に伝えると母との関係が悪くなるおそれがある")  # fmt: skip
        accept(
            out,
            by=self.worker("outreach"),
            at=days.ago(79, 10, 0),
            worker_id=self.worker("outreach").pk,
            kind="reaching_out",
        )
        for ago, kind, words in (
            (72, "tried", "1通目の手紙をドアの下から入れた。返事は求めない書き方にした。"),
            (58, "around", "母と玄関で立ち話。将棋の本が減っていたとのこと。"),
            (44, "tried", "2通目。詰将棋の切り抜きを同封した。"),
            (30, "seen", "ヘルパーより、廊下で「こんにちは」と返事があったと聞く。"),
            (16, "tried", "3通目。答え合わせの紙がドアの外に置いてあった。"),
        ):
            self.contact(kind, topic, [alone], days.ago(ago, 15, 0), "outreach", words=words)
        note_first_contact(
            out, met_at=days.ago(16, 15, 5), by=self.worker("outreach"), at=days.ago(16, 15, 10)
        )
        work_together(
            alone.pk, worker_ids=[self.worker("renkei").pk], by=self.worker("outreach"), at=days.ago(15, 9, 0)
        )
        self.draw(mother, son, self.office(houkatsu).pk, by=nurse)
        roles = open_concern(
            home.id, office_id=self.cast.offices["kurashi-renkei"], worker_id=self.worker("renkei").pk, by=self.worker("renkei"),
            at=days.ago(9, 11, 0), kind="coordinating", codes=("eight_fifty",), source_kind="worker",
            description="役割分担と見通し: 母が入院したときの食事・お金・連絡の順を決める",
        )  # fmt: skip
        self.contact(
            "worked",
            topic,
            [roles],
            days.ago(3, 16, 0),
            "renkei",
            words="包括・アウトリーチ・訪問看護と打ち合わせ。役割分担表の案を作った。",
        )

    def hoarding(self, home: Home) -> None:
        """本人に困り感がない: the neighbours' trouble is held too, and whoever told us is promised a word back."""
        topic, days, person = BY_KEY["hoarding"], self.days, home.centre
        first = days.ago(40, 9, 40)
        taken = take_consultation(
            by=self.worker("soudan3"), at=first, office_id=self.cast.offices["nandemo"], party_id=person.id,
            means="phone", caller_kind="neighbour", caller_words="同じ並びの方", way_back="phone", worries={"09": "double", "02": "circle"},
            words="庭から物があふれ、夏からにおいがする。本人は「全部使う物だ」と言う。責めたいのではなく、火事と体が心配。",
            informant=InformantWish(relation="近隣の方", source_kind="neighbour", reach="desk_only", wants_word_back=True),
        )  # fmt: skip
        mess, around = make_concerns(
            taken,
            [
                ConcernWish(description="家と庭に物があふれ、寝る場所が縁側だけになっている。本人は困っていないと言う", codes=("hoarding", "no_sense_of_trouble"), person_sees_it="no"),
                ConcernWish(description="においと火の心配で、並びの3軒が眠れない日がある。話し合いがけんかになる", whose="around", around="並びの3軒と自治会長", codes=("neighbour_trouble",)),
            ],
            by=self.worker("soudan3"),
            at=first + timedelta(minutes=30),
        )  # fmt: skip
        hold_as("assessing", mess.pk, by=self.worker("soudan3"), at=days.ago(38, 10, 0))
        self.contact(
            "met",
            topic,
            [mess],
            days.ago(33, 14, 0),
            "soudan3",
            words="縁側で20分。亡くなった妻の話を聞いた。物の話はこちらからしなかった。",
        )
        hold_as("watching", mess.pk, by=self.worker("soudan3"), at=days.ago(25, 16, 0),
                due_on=days.calendar.on_or_after(days.today + timedelta(days=12)), reason="縁側での月2回の声かけを続ける")  # fmt: skip
        hold_as("supporting", around.pk, by=self.worker("soudan3"), at=days.ago(37, 11, 0))
        self.contact("met", topic, [around], days.ago(22, 13, 30), "soudan3", words="自治会長・並びの2軒と集会所で話す。火の元をストーブから替える案で一致。", with_whom="自治会長ほか2人",
                     due_on=days.calendar.on_or_after(days.today + timedelta(days=1)))  # fmt: skip

    def young_carer(self, home: Home, *, oral: bool) -> None:
        """不登校の気づき is a child who cares for the family: the school's word, a つなぎ that waits for its answer."""
        topic, days = BY_KEY["young_carer"], self.days
        child = home.fitting("child", days.today) or home.members[-1]
        concern = self.concern(
            topic, child, days.ago(8, 15, 10), by="gakkou", office="gakkou", caller="agency", caller_words="中学校の教頭", urgency="middle",
            description="母の体調が悪い日は、食事の支度と弟の迎えをして学校を休む。本人は「手伝い」と言う",
        )  # fmt: skip
        self.contact(
            "met",
            topic,
            [concern],
            days.ago(6, 16, 0),
            "gakkou",
            words="別室で本人と話す。「ごはんとお風呂は普通のこと」。絵の話で笑った。",
        )
        sent = self.send(
            [concern],
            "kodomo-katei",
            days.ago(3, 11, 0),
            by="gakkou",
            wishes="家事の訪問支援の相談を、母を責めない形で始めてほしいです。",
        )
        note_seen(sent, by=self.worker("kodomo2"), at=days.ago(2, 9, 20))
        if oral:
            confirm_oral(
                sent, who="こども家庭センターの当番", by=self.worker("gakkou"), at=days.ago(1, 16, 20)
            )

    def double_care(self, home: Home) -> None:
        """ダブルケア: two offices, one worker beside the other; a visit is recorded once for both concerns."""
        topic, days, parent = BY_KEY["double_care"], self.days, home.centre
        first = days.ago(52, 13, 10)
        taken = self.take(topic, parent, first, caller="self", by="kennin")
        pair = make_concerns(
            taken,
            [
                ConcernWish(description="1歳の子の保育と母の通院の付きそいが重なり、4時間しか眠れない日が続く", codes=("double_care",), person_sees_it="yes"),
                ConcernWish(description="介護のために仕事を辞めようとしている。収入が半分になる", codes=("jobless",), person_sees_it="partly"),
            ],
            by=self.worker("kennin"),
            at=first + timedelta(minutes=40),
        )  # fmt: skip
        for concern in pair:
            hold_as("supporting", concern.pk, by=self.worker("kennin"), at=days.ago(49, 10, 0))
        self.contact("met", topic, pair, days.ago(40, 10, 30), "kennin")
        self.contact(
            "met", topic, pair, days.ago(14, 10, 30), "kennin", due_on=days.calendar.on_or_after(days.today)
        )
        work_together(
            pair[0].pk,
            worker_ids=[self.worker("soudan2").pk],
            by=self.worker("kennin"),
            at=days.ago(13, 9, 0),
        )

    def offending(self, home: Home) -> None:
        """触法: an agency outside has said yes; whoever sent it sees it through."""
        topic, days, person = BY_KEY["offending"], self.days, home.centre
        concern = self.concern(
            topic,
            person,
            days.ago(30, 10, 0),
            by="soudan4",
            caller="agency",
            caller_words="保護司",
            urgency="middle",
        )
        hold_as("assessing", concern.pk, by=self.worker("soudan4"), at=days.ago(28, 9, 30))
        self.contact("met", topic, [concern], days.ago(27, 14, 0), "soudan4")
        sent = self.send([concern], "teichaku", days.ago(24, 11, 0), by="soudan4")
        record_outside_answer(sent, accepted=True, who="相談員の方", words="電話で受けると返事があった", by=self.worker("soudan4"), at=days.ago(20, 13, 0),
                              due_on=days.calendar.on_or_after(days.today + timedelta(days=6)))  # fmt: skip

    def grey_zone(self, home: Home) -> None:
        """グレーゾーン: 参加支援 with a trial that suits the person."""
        topic, days, person = BY_KEY["grey_zone"], self.days, home.centre
        concern = self.concern(
            topic,
            person,
            days.ago(75, 11, 20),
            caller="self",
            description="6つ目の職場が続かなかった。診断はなく、使える制度が見つからない。絵と運転が得意",
        )
        sent = self.send([concern], "kurashi-renkei", days.ago(73, 10, 0))
        accept(
            sent,
            by=self.worker("sanka"),
            at=days.ago(72, 9, 0),
            worker_id=self.worker("sanka").pk,
            kind="participating",
        )
        note_first_contact(sent, met_at=days.ago(70, 13, 30), by=self.worker("sanka"), at=days.ago(70, 15, 0))
        for ago, words in (
            (70, "面談。得意なことを20個書き出した。"), (50, "印刷工房で短期の体験2日。手順書があると動ける。"),
            (21, "体験の振り返り。「数を数える係が楽しかった」。週3日に延ばす。"),
        ):  # fmt: skip
            self.contact("met", topic, [concern], days.ago(ago, 15, 0), "sanka", words=words)

    def language(self, home: Home) -> None:
        """多言語: came yesterday with a child who interprets; the desk sorts it out today."""
        topic, days = BY_KEY["multicultural"], self.days
        parent = next((member for member in home.members if member.languages), home.centre)
        self.concern(topic, parent, days.ago(1, 14, 30), by="soudan3", caller="self", urgency="middle", kind="triage",
                     description="学校と国保の封書が14通、開けられていない。子どもが通訳をしている")  # fmt: skip

    def no_food(self, home: Home, *, handed: bool) -> None:
        """生活困窮: a 高 that came after closing. Handed to somebody for the night, or not: then it is falling at once."""
        topic, days, person = BY_KEY["poverty"], self.days, home.centre
        evening = days.ago(1, 17, 25)
        by = "soudan3" if handed else "soudan4"
        concern = self.concern(
            topic, person, evening, by=by, caller="family" if handed else "commissioner", caller_words="妹" if handed else "担当地区の民生委員",
            urgency="high", description="2日前から食べていない。手持ちは数百円で、電気も止まりそう" if handed else "電気が止まり、薬を冷やせない。連絡がつきにくい",
        )  # fmt: skip
        if handed:
            hand_over_for_the_night(
                subject_kind="concern", subject_id=concern.pk, to_kind="night_duty", to_name="宿直 当番職員",
                handed_at=evening + timedelta(minutes=15), by=self.worker(by), at=evening + timedelta(minutes=20),
            )  # fmt: skip

    def violence(self, home: Home) -> None:
        """DV: a protected person whose record is found only by who may see it."""
        topic, days, person = BY_KEY["violence"], self.days, home.centre
        concern = self.concern(topic, person, days.ago(64, 13, 10), by="kodomo", office="kodomo-katei", caller="self", urgency="middle",
                               description="別れて暮らし始めた。子の学校と暮らしの立て直しがいる。連絡は平日の昼だけ")  # fmt: skip
        protect(person.id, by=self.worker("kodomo"), at=days.ago(64, 13, 40), category="dv", reason="配偶者からの暴力",
                measure_until_on=days.today + timedelta(days=38), municipality="長岡京市", other_party_relation="元夫",
                office_id=self.cast.offices["kodomo-katei"])  # fmt: skip
        for child in home.members[1:]:
            protect(child.id, by=self.worker("kodomo"), at=days.ago(64, 13, 45), category="dv", reason="併せて守る家族",
                    measure_until_on=days.today + timedelta(days=38), office_id=self.cast.offices["kodomo-katei"])  # fmt: skip
        set_safe_contact(person.id, by=self.worker("kodomo"), at=days.ago(64, 13, 50), way="mobile", when="平日13時〜14時だけ", under_name="田中と名乗る",
                         message_allowed="no", plain_envelope="yes", who_may_know="だれにも伝えていない", note="郵便は使わない")  # fmt: skip
        hold_as("supporting", concern.pk, by=self.worker("kodomo"), at=days.ago(60, 13, 0))
        self.contact("met", topic, [concern], days.ago(34, 13, 20), "kodomo")
        self.contact(
            "met",
            topic,
            [concern],
            days.ago(6, 13, 20),
            "kodomo",
            words="新しい住まいで面談。子どもはよく眠れるようになった。",
        )

    def provisional(self, home: Home) -> None:
        """仮保護: one click yesterday; two people decide within days."""
        topic, days, person = BY_KEY["violence"], self.days, home.centre
        concern = self.concern(topic, person, days.ago(2, 10, 30), by="soudan", caller="self", urgency="unclear",
                               description="別れた相手が職場の近くに来る。家を知られたくない")  # fmt: skip
        protect(
            person.id,
            by=self.worker("soudan"),
            at=days.ago(2, 10, 45),
            reason="つきまといの訴え",
            office_id=self.cast.offices["nandemo"],
        )
        promise("other", "仮保護を続けるか、管理職とふたりで決める", subject_kind="concern", subject_id=concern.pk,
                office_id=self.cast.offices["nandemo"], worker_id=self.worker("kanri").pk, due_on=days.calendar.add(days.today, 2),
                by=self.worker("soudan"), at=days.ago(2, 10, 50), party_id=person.id)  # fmt: skip

    def child_abuse(self, home: Home) -> None:
        """A suspicion that nobody was told of yet: falling, whatever its due day."""
        child = home.fitting("child", self.days.today) or home.members[-1]
        self.concern(BY_KEY["parenting"], child, self.days.ago(0, 9, 5), by="kosodate", office="kosodate", caller="agency", caller_words="保育所の先生", urgency="high",
                     danger="child", description="腕の同じ所にあざが続く。母は「転んだ」と言うが、話がその都度変わる")  # fmt: skip

    def elder_abuse(self, home: Home) -> None:
        """A suspicion that was reported the same day."""
        topic, days, person = BY_KEY["dementia"], self.days, home.centre
        concern = self.concern(topic, person, days.ago(18, 9, 30), by="houkatsu2", office="houkatsu-higashi", caller="agency", caller_words="訪問看護師", urgency="middle",
                               danger="elder", description="手首に握られた跡。介護している家族は夜眠れていない")  # fmt: skip
        report_abuse(
            concern,
            to_whom="高齢介護課(高齢者虐待の窓口)",
            reported_at=days.ago(18, 10, 30),
            by=self.worker("houkatsu2"),
            at=days.ago(18, 11, 0),
        )
        hold_as("supporting", concern.pk, by=self.worker("houkatsu2"), at=days.ago(15, 10, 0))
        self.contact(
            "met",
            topic,
            [concern],
            days.ago(5, 14, 0),
            "houkatsu2",
            words="訪問。短期入所が始まり、家族も本人も眠れるようになった。",
        )

    def unknown(self, place: str, looks: str, words: str, ago: int) -> None:
        """まだ分からない人: the place, the looks, the words heard."""
        days, topic = self.days, BY_KEY["work_housing"]
        at = days.ago(ago, 11, 0)
        taken = take_consultation(
            by=self.worker("kizuna"), at=at, office_id=self.cast.offices["shakyo-kizuna"], means="street", caller_kind="commissioner",
            caller_words="主任児童委員", way_back="phone", worries={"02": "double"}, words=words,
            about=AboutWish(unknown=True, place=place, looks=looks, words=words),
        )  # fmt: skip
        concern = make_concerns(
            taken, [ConcernWish(description="帰る所があるか分からない。名前はまだ聞けていない", codes=("homeless",), kind="reaching_out", urgency="middle")],
            by=self.worker("kizuna"), at=at + timedelta(minutes=30),
        )[0]  # fmt: skip
        if ago > 12:
            self.contact(
                "seen",
                topic,
                [concern],
                days.ago(ago - 6, 18 if days.at.hour > 18 else 16, 0),
                "kizuna",
                words="同じ所に座っておられた。温かい飲み物を渡した。会釈だけ。",
            )

    # -- つなぎ in every state -------------------------------------------------------------------------

    def referral(
        self, topic: Topic, home: Home, to: str, ago: int, *, by: str = "soudan", state: str = "sent"
    ) -> None:
        """A つなぎ: sent, considering, asked back, declined, accepted and not met yet, accepted without a name."""
        days = self.days
        who = home.fitting(topic.who, days.today) if topic.who != "household" else home
        office = next(
            code
            for code, number in self.cast.offices.items()
            if code in ("nandemo", "kodomo-katei", "koureikaigo")
            and any(w.sign_in_name == by for w in self.cast.at(code))
        )
        concern = self.concern(
            topic,
            who or home.centre,
            days.ago(ago + 4, 10, 30),
            by=by,
            office=office,
            urgency=self.rng.choice(("low", "middle")),
        )
        self.contact("met", topic, [concern], days.ago(ago + 2, 14, 0), by)
        sent = self.send([concern], to, days.ago(ago, 11, 30), by=by)
        if not sent.to_office.signs_in:
            return
        team = self.cast.at(to) or [self.cast.manager_of(to)]
        receiver = team[(home.id + ago) % len(team)]
        if state == "sent":
            return
        note_seen(sent, by=receiver, at=days.ago(max(ago - 1, 0), 13, 0) if ago else days.just_now(5))
        answered = days.ago(max(ago - 2, 0), 14, 40)
        if state == "considering":
            consider(
                sent,
                until=days.calendar.add(days.today, 3),
                by=receiver,
                at=answered,
                words="会議で検討します。通院先が分かれば教えてください。",
            )
            write_message(
                sent,
                words="通院先は本人の了解を得てからお伝えします。来週の月曜に確認します。",
                by=self.worker(by),
                at=answered + timedelta(minutes=35),
            )
        elif state == "declined":
            decline(
                sent,
                reason="no_resource",
                by=receiver,
                at=answered,
                words="空きがなく、待っている方が7人おられます。",
            )
        elif state == "not_ours":
            decline(
                sent,
                reason="jurisdiction",
                by=receiver,
                at=answered,
                words="お住まいの地区の担当が別になります。",
            )
        elif state == "unnamed":
            accept(
                sent,
                by=self.cast.manager_of(to),  # the duty worker of a section
                at=answered,
                words="受けます。担当は2日のうちにお知らせします。",
            )
        else:
            accept(
                sent,
                by=receiver,
                at=answered,
                worker_id=receiver.pk,
                words="受けます。来週お会いできるよう連絡します。",
            )

    # -- what a board waits for -----------------------------------------------------------------------

    def waiting(self, home: Home, topic: Topic, waiting_for: str, whom: str, *, by: str = "soudan") -> None:
        """A row under 待ち: what is waited for, from whom, and when we ask again."""
        days = self.days
        concern = self.concern(
            topic, home.fitting(topic.who, days.today) or home.centre, days.ago(33, 10, 0), by=by
        )
        hold_as("supporting", concern.pk, by=self.worker(by), at=days.ago(30, 11, 0))
        self.contact("met", topic, [concern], days.ago(12, 14, 0), by)
        wait(concern.pk, waiting_for=waiting_for, waiting_from=whom, due_on=days.calendar.on_or_after(days.today + timedelta(days=self.rng.randint(3, 18))),
             expected_on=days.today + timedelta(days=14), by=self.worker(by), at=days.ago(11, 9, 0))  # fmt: skip

    def lost(self, home: Home, topic: Topic) -> None:
        """連絡途絶: the second person is asked and has not answered yet."""
        days, by = self.days, self.worker("soudan")
        concern = self.concern(topic, home.fitting(topic.who, days.today) or home.centre, days.ago(70, 10, 0))
        hold_as("reaching_out", concern.pk, by=by, at=days.ago(68, 9, 30))
        for ago in (60, 47, 35, 20, 9):
            self.contact("tried", topic, [concern], days.ago(ago, 16, 10), "soudan")
        close_concern(
            concern.pk,
            ClosingWish(ClosingOutcome.CONTACT_LOST, word_of=WordOf.SUPPORTER, told_return="手紙に、いつでも戻れることを書いた", tries="電話4回、訪問5回、手紙2通。時間と曜日を変えた",
                        reason="3か月連絡がつかない"),
            by=by, at=days.ago(1, 10, 0), second=self.worker("kanri").pk,
        )  # fmt: skip

    def no_service(self, home: Home, topic: Topic, ago: int) -> None:
        """対象外・資源なし: with a gap, agreed by two; a look-back follows in its month."""
        days, by = self.days, self.worker("soudan4")
        concern = self.concern(
            topic, home.fitting(topic.who, days.today) or home.centre, days.ago(ago + 30, 10, 0), by="soudan4"
        )
        hold_as("assessing", concern.pk, by=by, at=days.ago(ago + 28, 9, 30))
        self.contact("met", topic, [concern], days.ago(ago + 10, 14, 0), "soudan4")
        word = close_concern(
            concern.pk,
            ClosingWish(ClosingOutcome.NO_SERVICE, word_of=WordOf.SUPPORTER, told_return="使えるものができたら、こちらから電話すると伝えた", reason="年齢と診断の条件が合わない",
                        gap=GapKind(topic.gap)),
            by=by, at=days.ago(ago + 1, 10, 0), gap_needed=topic.needs, second=self.worker("kanri").pk,
        )  # fmt: skip
        if isinstance(word, SecondWord):
            answer_second(
                word, agreed=True, words="所内会議で確認", by=self.worker("kanri"), at=days.ago(ago, 9, 30)
            )

    def resolved(self, home: Home, topic: Topic) -> None:
        """解決: the person says so."""
        days, by = self.days, self.worker("soudan3")
        concern = self.concern(
            topic, home.fitting(topic.who, days.today) or home.centre, days.ago(90, 10, 0), by="soudan3"
        )
        hold_as("supporting", concern.pk, by=by, at=days.ago(88, 9, 30))
        self.contact("met", topic, [concern], days.ago(60, 14, 0), "soudan3")
        self.contact("met", topic, [concern], days.ago(31, 14, 0), "soudan3")
        close_concern(
            concern.pk,
            ClosingWish(ClosingOutcome.RESOLVED, word_of=WordOf.PERSON, told_return="困ったらいつでも電話してよいと、カードを渡した", person_says=PersonSays.YES,
                        reason="家賃の滞納がなくなり、仕事が続いている"),
            by=by, at=days.ago(4, 15, 0),
        )  # fmt: skip

    def short_of_hands(self, home: Home, topic: Topic) -> None:
        """手が回らなかった, said honestly; and a row extended for a reason."""
        days, by = self.days, self.worker("soudan2")
        concern = self.concern(
            topic, home.fitting(topic.who, days.today) or home.centre, days.ago(50, 10, 0), by="soudan2"
        )
        hold_as("supporting", concern.pk, by=by, at=days.ago(47, 10, 0))
        self.contact("met", topic, [concern], days.ago(43, 14, 0), "soudan2")
        extend(
            concern.pk,
            due_on=days.open_on(7),
            reason="本人が、試験が終わるまで待ってほしいと言った",
            by=by,
            at=days.ago(15, 10, 0),
        )
        could_not(concern.pk, by=by, at=days.ago(7, 16, 30))

    def passing_on(self, home: Home, topic: Topic) -> None:
        """担当を替わってほしい: a colleague is asked and has not answered yet."""
        days = self.days
        concern = self.concern(
            topic, home.fitting(topic.who, days.today) or home.centre, days.ago(44, 10, 0), by="soudan4"
        )
        hold_as("supporting", concern.pk, by=self.worker("soudan4"), at=days.ago(41, 10, 0))
        self.contact("met", topic, [concern], days.ago(16, 14, 0), "soudan4")
        ask_reassign(concern.pk, to_worker=self.worker("soudan").pk, by=self.worker("soudan4"), at=days.ago(1, 11, 0),
                     handed_note="午前中は調子が出ない。電話は午後に。お父さんの話は本人から出るまで待つ。", handed_told="来週の面談で伝える", introduced_how="together")  # fmt: skip

    # -- today's desk ---------------------------------------------------------------------------------

    def desk(self, homes: list[Home], count: int) -> None:
        """What came in these days and has not been sorted out yet."""
        days = self.days
        plan: list[tuple[str, int, str, dict[str, Any]]] = [
            ("poverty", 0, "soudan", {"caller": "self", "urgency": "middle"}),
            ("dementia", 0, "soudan", {"caller": "neighbour", "caller_words": "商店の方"}),
            ("parenting", 1, "soudan3", {"caller": "anonymous", "cut_off": True, "words": "夜になると泣き声が。すみません、やっぱり(電話が切れる)"}),
            ("neighbour", 1, "soudan2", {"caller": "family", "caller_words": "長女", "urgency": "unclear"}),
            ("grey_zone", 6, "soudan4", {"caller": "self"}),
            ("mental", 2, "soudan", {"caller": "section", "caller_words": "国保の窓口", "urgency": "middle"}),
            ("school_absence", 3, "soudan3", {"caller": "family", "caller_words": "母"}),
            ("no_kin", 9, "kennin", {"caller": "agency", "caller_words": "病院の相談員"}),
            ("addiction", 12, "soudan4", {"caller": "family", "caller_words": "妻"}),
            ("work_housing", 0, "soudan", {"caller": "self", "urgency": "unclear"}),
            ("double_care", 1, "soudan", {"caller": "self"}),
            ("disability", 5, "soudan3", {"caller": "family", "caller_words": "母"}),
        ]  # fmt: skip
        for place, (key, ago, by, more) in enumerate(plan[:count]):
            topic = BY_KEY[key]
            home = homes[place % len(homes)]
            who = (
                None
                if more.get("caller") == "anonymous"
                else (home.fitting(topic.who, days.today) if topic.who != "household" else home)
                or home.centre
            )
            at = days.just_now(240 - 40 * place) if ago == 0 and 9 <= days.at.hour < 18 else days.ago(ago)
            self.take(topic, who, at, by=by, **more)

    def messages(self) -> None:
        """伝言: who called, what they said; without seeing any case."""
        days = self.days
        for to, by, caller, number, words, ago in (
            ("soudan", "zei", "市営住宅の管理人", "075-000-0171", "先日の件で、明日の午前にもう一度電話がほしいとのこと。", 0),
            ("soudan", "kokuho", "お名前は言われず(女性)", "", "「この前はありがとう」とだけ伝えてほしいとのこと。", 1),
            ("renkei", "soudan3", "みどりの丘病院の相談員", "075-000-0401", "退院の会議の日が決まったので連絡がほしい。", 1),
            ("houkatsu", "kourei", "ケアマネジャー", "", "来週の担当者会議の時間の確認。", 2),
            ("kodomo", "gakkou", "中学校の教頭", "", "保護者の面談に同席できるかの確認。", 4),
        ):  # fmt: skip
            leave_message(
                self.worker(to),
                by=self.worker(by),
                at=days.ago(ago),
                caller=caller,
                number=number,
                words=words,
            )

    def appointments(self) -> None:
        """予定 of the desk: today's visit by two, two at once, an accompaniment ahead, and one nobody wrote a word about."""
        worker, second, days = self.worker("soudan"), self.worker("soudan3"), self.days
        holds = Hold.objects.filter(worker=worker, closed_at__isnull=True, look_back=False).exclude(
            kind="handing_over"
        )
        about: list[int] = []
        parties: set[int] = set()
        for concern_id, party_id in holds.order_by("due_on", "id").values_list(
            "concern_id", "concern__party_id"
        ):
            if party_id not in parties:
                parties.add(party_id)
                about.append(concern_id)
        ahead = days.calendar.add(days.today, 1)
        wishes = (
            ("visit", days.just_now(90), Wish(days.today, time(13, 30), time(14, 30), at_home=True, note="呼び鈴は鳴らさず、裏口から声をかける", second_id=second.pk)),
            ("phone", days.just_now(80), Wish(days.today, time(14, 0), time(14, 15), note="年金事務所の返事を伝える")),
            ("together", days.just_now(70), Wish(ahead, time(10, 0), time(11, 30), place="ハローワーク 2階の窓口")),
            ("expert", days.just_now(60), Wish(days.calendar.add(days.today, 4), time(15, 0), time(16, 0), place="市役所3階 第2相談室", note="司法書士の相談日")),
            ("comes", days.ago(3, 11, 0), Wish(days.ago(1, 9, 0).date(), time(11, 0), None, place="相談室")),
        )  # fmt: skip
        for concern_id, (kind, at, wish) in zip(about, wishes, strict=False):
            plan(kind, [concern_id], wish, by=worker, at=at)

    def drafts(self) -> None:
        """What somebody was typing when the telephone rang."""
        days = self.days
        for name, words, minutes in (
            ("soudan", "お母さんの介護のことで来所。話の途中で電話が入り、続きは午後に", 55),
            ("soudan", "隣の方から。夜中に物音がするとのこと。名前は", 60 * 22),
            ("renkei", "支援会議の打ち合わせの電話。来月の日程は", 60 * 3),
            ("houkatsu", "訪問から戻って。薬の残りが2週間分あった。次は", 90),
        ):
            keep(self.worker(name), new_draft_id(), "consultation", "", "相談の受付", "/uketsuke/new/",
                 {"words": [words]}, None, days.just_now(minutes))  # fmt: skip

    def away(self) -> None:
        """A long absence: for every row it is said who acts."""
        days = self.days
        record_absence(
            self.worker("seikatsu3"), from_on=days.today - timedelta(days=6), until_on=days.today + timedelta(days=24),
            by=self.worker("kanri-seikatsu"), at=days.ago(0, 9, 0), reason="sick", acting_id=self.worker("seikatsu2").pk,
        )  # fmt: skip

    def carried_by(self, name: str, office: str, home: Home, topic: Topic) -> None:
        """A concern this worker carries from the first day."""
        days = self.days
        concern = self.concern(
            topic,
            home.fitting(topic.who, days.today) or home.centre,
            days.ago(26, 10, 0),
            by=name,
            office=office,
        )
        hold_as("supporting", concern.pk, by=self.worker(name), at=days.ago(23, 10, 0))
        self.contact("met", topic, [concern], days.ago(13, 14, 0), name)
