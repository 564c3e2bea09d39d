"""Papers a city needs before it signs, as templates: 〔…〕 stands for a setting, 《…》 for an article to be checked.

`{key}` in a text is a setting of `codes` (or a blank to be written by hand: `{_}`); `{?69条}` is an article that a person must check
against the law in force before the paper is used (domain.md §1 [K+]).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tsunagi.shared.refusal import Refused


@dataclass(frozen=True)
class Part:
    """A part of a paper: a heading, paragraphs, and rows of (label, text)."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CityPaper:
    """One paper. `when`: when a city needs it; `signs`: labels of the lines to sign at the end."""

    code: str
    name: str
    when: str
    parts: tuple[Part, ...]
    signs: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True)
class Bit:
    """A piece of a text: plain words, a filled setting, something still missing, or an article to check."""

    kind: str
    words: str


_HOLE = re.compile(r"\{(\?)?([^{}]+)\}")
BLANK = "　　　　　　　"


def bits(text: str, settings: Mapping[str, str], labels: Mapping[str, str]) -> Iterator[Bit]:
    """A text in pieces; what nobody has set says so, and where."""
    at = 0
    for hole in _HOLE.finditer(text):
        if hole.start() > at:
            yield Bit("text", text[at : hole.start()])
        at = hole.end()
        key = hole[2]
        if hole[1]:
            yield Bit("check", key)
        elif key == "_":
            yield Bit("text", BLANK)
        elif settings.get(key, "").strip():
            yield Bit("set", settings[key].strip())
        else:
            yield Bit("missing", labels.get(key, key))
    if at < len(text):
        yield Bit("text", text[at:])


def keys_of(paper: CityPaper) -> list[str]:
    """The settings a paper is filled from, in order, each once."""
    return list(
        dict.fromkeys(
            key for text in texts_of(paper) for check, key in _HOLE.findall(text) if not check and key != "_"
        )
    )


def articles_of(paper: CityPaper) -> list[str]:
    """The articles to be checked, each once."""
    return list(dict.fromkeys(key for text in texts_of(paper) for check, key in _HOLE.findall(text) if check))


def texts_of(paper: CityPaper) -> Iterator[str]:
    """Every text of a paper."""
    yield paper.address
    for part in paper.parts:
        yield from part.paragraphs
        for label, text in part.rows:
            yield label
            yield text


_HEAD = ("実施機関", "{city.name}　{papers.head}")
_ITEMS = "氏名、カナ、生年月日、性別、住所、電話、連絡のしかた、世帯・続柄、相談の内容、健康・医療、障害、経済状況、就労・就学、生育歴、支援の経過、プラン、会議の記録"
_SENSITIVE = (
    "病歴、障害、健康診断等の結果、保健指導・診療、刑事事件・少年の保護事件、犯罪により害を被った事実"
)

PAPERS: tuple[CityPaper, ...] = (
    CityPaper(
        "kojin-file", "個人情報ファイル簿（案）", "記録される本人が千人以上になる前に。個情法75条",
        (
            Part(rows=(
                ("個人情報ファイルの名称", "{city.project_name} 相談支援ファイル"),
                ("行政機関等の名称", "{city.name}"),
                ("利用に供される事務をつかさどる組織", "{papers.section}"),
                ("利用目的", "{papers.purpose}"),
                ("記録項目", _ITEMS),
                ("記録範囲", "{city.name}において相談し、又は支援を受けた者、その世帯員及び関係者。利用開始 {papers.start_on}。本人の数 おおよそ{papers.count}人"),
                ("記録情報の収集方法", "本人・家族からの申出、関係機関からの情報提供(本人の同意、社会福祉法{?106条の6}の支援会議、個情法{?69条2項}各号)"),
                ("要配慮個人情報", f"含む({_SENSITIVE})"),
                ("経常的な提供先", "{papers.recipients}"),
                ("開示請求等を受理する組織", "{papers.disclosure_desk}"),
                ("訂正・利用停止に関する他の法令の手続", "なし"),
                ("ファイルの種別", "電算処理ファイル(個情法{?60条2項1号})。同条同項2号のマニュアル処理ファイル 有(相談受付票・同意書)"),
                ("行政機関等匿名加工情報の提案の募集", "該当しない"),
                ("保存期間", "{papers.records_rule}による"),
                ("備考", "総合相談の窓口と{city.coordination_name}は、ほかの機関が関わる方の氏名・カナ・生年月日・町名を、心当たり照会の見出しとして見ることができる。保護している方は除く。"),
            )),
        ),
    ),
    CityPaper(
        "riyou-mokuteki", "個人情報の利用目的について（窓口での明示）", "申込票・受付票を書いてもらうとき。個情法62条",
        (
            Part(paragraphs=(
                "{city.name}は、あなたからお聞きしたことを、次の目的のために使います。",
                "{papers.purpose}",
                "お聞きしたことを、あなたの同意なしに、この目的のほかに使ったり、ほかの機関に伝えたりすることはありません。ただし、法律に定めがあるとき(命や身体の危険、虐待の通告・通報、社会福祉法{?106条の6}の支援会議など)は、伝えることがあります。",
                "あなたの記録は、あなたが求めれば見ることができ、まちがいは直すよう求めることができます。",
            )),
            Part("くわしく", rows=(
                ("見ることのできる機関", "あなたに関わる機関だけです。だれが見たかは、すべて記録しています。"),
                ("情報をお渡しする主な先", "{papers.recipients}"),
                ("開示・訂正・利用停止の窓口", "{papers.disclosure_desk}"),
                ("お問い合わせ", "{papers.section}　電話 {city.phone}"),
                ("個人情報保護管理者", "{papers.officer}"),
            )),
        ),
    ),
    CityPaper(
        "kyougi-69", "保有個人情報の目的外利用・提供に関する協議書", "利用目的のほかに使う・渡すとき。個情法69条2項",
        (
            Part(rows=(
                ("協議番号・日付", "{_}　　　年　　月　　日"),
                ("提供元(課・機関)", "{papers.section}"),
                ("提供先(課・機関)", "{_}"),
                ("対象者・人数", "{_}"),
                ("提供する項目", "{_}"),
                ("目的外利用・提供の理由", "{_}"),
                ("根拠", "□ {?69条2項1号}(本人の同意)　□ {?69条2項2号}(同じ機関の内部・相当の理由)　□ {?69条2項3号}(他の行政機関・地方公共団体の機関・相当の理由)　□ {?69条2項4号}(明らかに本人の利益・特別の理由)"),
                ("相当の理由・特別の理由", "{_}"),
                ("本人や第三者の権利利益を不当に侵害しないこと", "{_}"),
                ("ほかの法令の制限(地方税法22条など)", "□ ない　□ ある({_})"),
                ("期間・回数", "{_}"),
                ("受け取る側への条件(70条)", "□ 付ける(条件通知書)　□ 付けない"),
            )),
            Part(paragraphs=("市長部局と教育委員会・公営企業(水道)・消防・議会は、別の機関です。これらのあいだの提供は、2号ではなく3号によります({?69条2項3号})。",)),
        ),
        signs=("提供元の課長", "個人情報保護管理者", "提供先の課長"),
    ),
    CityPaper(
        "jouken-70", "保有個人情報の提供に係る条件通知書", "3号・4号で外に渡すとき。個情法70条",
        (
            Part(paragraphs=("個人情報の保護に関する法律第70条に基づき、提供する保有個人情報について、次の条件を付します。",)),
            Part("条件", (
                "１　提供された目的のほかに使いません。",
                "２　ほかの者に渡しません。複製は業務に要る範囲にとどめます。",
                "３　見ることのできる者を限り、その氏名を求めに応じて知らせます。",
                "４　漏えい、紛失その他の事故があったときは、直ちに{papers.section}(電話 {city.phone})に知らせます。",
                "５　使い終わったときは、返すか、復元できない方法で廃棄し、その日を知らせます。",
                "６　{city.name}が求めたときは、取扱いの状況を知らせ、調査を受けます。",
                "７　支援会議で得た情報は、捜査・徴収・指導など、ほかの目的に使いません(社会福祉法{?106条の6第5項})。",
            ), (("提供した情報", "{_}"), ("協議番号", "{_}"))),
        ),
        signs=("受け取った機関の長",), address="{_}　様",
    ),
    CityPaper(
        "itaku-tokki", "個人情報取扱特記事項（委託契約書 別記）", "委託契約を結ぶ前に。個情法66条",
        (
            Part(rows=(("委託者", "{city.name}"), ("受託者", "{papers.contractor}"), ("契約", "{papers.contract}"))),
            Part("特記事項", (
                "第１　受託者は、この契約による事務について、個人情報の保護に関する法律{?66条2項}の安全管理措置の義務を負い、{papers.security_rule}を守る。",
                "第２　受託者は、事務に従事する者を定め、名簿を委託者に提出し、在職中も退職後も秘密を守ることを書面で誓わせる({?67条})。",
                "第３　受託者は、この契約の目的のほかに個人情報を使い、又は渡してはならない。",
                "第４　受託者は、委託者の書面による承諾なしに再委託してはならない。承諾を得た再委託先も、この特記事項を守る。",
                "第５　受託者は、持ち出した紙・端末を持ち出し簿に書き、その日のうちに戻す。",
                "第６　受託者は、漏えい等が起き、又はそのおそれを知ったときは、直ちに(遅くともその日のうちに)委託者に知らせる。委託者は個情法{?68条}による報告を行う。",
                "第７　委託者は、受託者の取扱いを年1回以上確かめ、立ち入って調べることができる。",
                "第８　契約が終わるときは、受託者は受け持っている方を後任に引き継ぎ、個人情報を返し、又は廃棄し、その証明を出す。この定めは契約の後も効く。",
                "第９　受託者が独自に行う事業の記録は、この契約による記録と分ける。",
            )),
        ),
        signs=("委託者", "受託者"),
    ),
    CityPaper(
        "shuhi", "守秘義務の告知と誓約", "支援会議の構成員・委託先の職員が、はじめて記録を見る前に(年1回・会議体ごと)",
        (
            Part("お知らせすること", (
                "支援会議({papers.meeting_rule})の事務に従事する者、従事していた者は、正当な理由なく、知り得た秘密を漏らしてはなりません(社会福祉法{?106条の6第5項})。違反した者は、1年以下の拘禁刑又は100万円以下の罰金に処せられることがあります(同法{?160条})。",
                "会議で聞いたことを、捜査・徴収・指導など、ほかの目的に使うことはできません。配られた資料は、終わったらその場でお返しください。",
            )),
            Part("誓うこと", (
                "わたしは、上のことの説明を受けました。在任中も退いた後も、知り得た秘密を漏らしません。記録と資料を、定められたとおりに扱います。",
            ), (("会議体", "{_}"), ("期間", "　　　年度(　　　年　　月　　日から翌年3月31日まで)"))),
        ),
        signs=("所属・氏名",), address="{city.name}　{papers.head}　様",
    ),
    CityPaper(
        "shiryou-irai", "支援会議への資料又は情報の提供依頼書", "会議の前に、構成員でない機関にも。社会福祉法106条の6",
        (
            Part(paragraphs=(
                "社会福祉法{?106条の6第3項}に基づき、支援会議({papers.meeting_rule})における情報の交換及び支援体制に関する検討のため、次の資料又は情報の提供、意見の開陳その他必要な協力をお願いします。",
                "この求めに応じることは、個情法{?69条1項}の「法令に基づく場合」に当たります。税務・医療など、ほかの法律の守秘義務のある情報については、それぞれの機関でご判断ください。",
            )),
            Part(rows=(
                ("会議の日時・場所", "　　　年　　月　　日　　時　　分　　{_}"), ("対象となる方・世帯", "(会議の番号で示します) {_}"),
                ("求める資料・情報", "{_}"), ("使いみち", "支援の役割分担と見守りの検討"), ("期限・出し方", "　　　年　　月　　日まで　□ 口頭　□ 書面(封かん)　□ 当日持参・回収"),
                ("担当", "{papers.section}　電話 {city.phone}"),
            )),
        ),
        address="{_}　様",
    ),
)  # fmt: skip
BY_CODE = {paper.code: paper for paper in PAPERS}


def paper_of(code: str) -> CityPaper:
    """The paper with this code. Raises Refused, naming those there are."""
    try:
        return BY_CODE[code]
    except KeyError:
        raise Refused(
            f"「{code}」という紙はありません。あるのは {'・'.join(BY_CODE)} です。", field="form"
        ) from None
