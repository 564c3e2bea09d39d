"""What headers of consultation ledgers are called, and what they mean.

Collected from the forms of 生活困窮者自立支援, 地域包括支援センター and 社会福祉協議会 ledgers in their many spellings.
Compared by `words.key`: width, case, spaces, line breaks and marks do not count.
"""

from __future__ import annotations

import re

from .fields import Field
from .words import key

# One meaning wherever they stand.
_SURE: dict[Field, str] = {
    Field.NUMBER: "no 番号 通番 連番 通し番号 整理番号 受付番号 相談番号 管理番号 受付no 相談no ケース番号 ケースno 項番 id 件数no 枝番 行番号",
    Field.CAME_ON: "受付日 受付年月日 相談日 相談年月日 年月日 日付 受理日 受理年月日 来所日 来庁日 来談日 受付日時 相談日時 受電日 対応日"
    " 初回相談日 初回相談年月日 相談受付日 相談受付年月日 受付月日 相談月日 月日 受付 受付け日 連絡日 年月日時 受付年月日時間 記入日 日時 相談受理日"
    " 受付日受付時間 相談のあった日 通報日 受電日時 対応日時 受付日付 相談日付 date 初回受付日 新規受付日 初回面談日",
    Field.CAME_AT: "受付時刻 受付時間 相談時刻 相談時間 時刻 時間 来所時刻 来所時間 開始時刻 開始時間 受電時刻 受電時間 対応時間",
    Field.CAME_YEAR: "受付年 相談年",
    Field.CAME_MONTH: "受付月 相談月",
    Field.NAME: "氏名 名前 お名前 対象者 対象者氏名 対象者名 本人氏名 ご本人氏名 本人名 相談対象者 利用者氏名 利用者名 利用者 当事者 当事者氏名"
    " 対象者名前 相談者本人 ケース名 支援対象者 要援護者 要支援者 氏名漢字 漢字氏名 本人の氏名 対象者の氏名 被相談者 相談対象者氏名 支援対象者氏名"
    " クライエント 本人のお名前 住民氏名",
    Field.FAMILY_NAME: "姓 苗字 名字 氏",
    Field.GIVEN_NAME: "名",
    Field.KANA: "フリガナ ふりがな カナ かな カナ氏名 氏名カナ 氏名かな 氏名フリガナ 氏名ふりがな よみ ヨミ 読み よみがな ヨミガナ 読み仮名 読みがな"
    " 対象者カナ 対象者フリガナ 本人カナ 本人フリガナ 本人ふりがな 対象者ふりがな 名前カナ ヨミカナ 氏名ヨミ 氏名よみ kana 仮名 ルビ",
    Field.FAMILY_KANA: "セイ 姓カナ 姓フリガナ 氏カナ 姓かな せい",
    Field.GIVEN_KANA: "メイ 名カナ 名フリガナ 名かな めい",
    Field.SEX: "性別 男女 男女別 性 対象者性別 本人性別 男女の別 sex",
    Field.BIRTH: "生年月日 生年月日年齢 誕生日 出生年月日 生年 生年月 対象者生年月日 本人生年月日 年齢生年月日 生年月日又は年齢 生年月日または年齢"
    " 生年月日齢 生まれ birthday 生年月日和暦 生年月日西暦",
    Field.AGE: "年齢 歳 年令 対象者年齢 本人年齢 年代 年齢層 満年齢 年齢年代 およその年齢 年齢区分 age 相談時年齢 受付時年齢",
    Field.POSTAL_CODE: "郵便番号 〒 郵便",
    Field.ADDRESS: "住所 現住所 居所 居住地 所在地 対象者住所 本人住所 ご住所 住所地 住居地 町名 住所町名 お住まい 住所方書 対象者の住所 住所地番"
    " 住まいの住所 連絡先住所 地区 町名番地 番地 address",
    Field.PHONE: "電話 電話番号 tel 連絡先 携帯 携帯電話 携帯番号 自宅電話 電話自宅 電話携帯 自宅tel 携帯tel tel携帯 tel自宅 連絡先電話"
    " 連絡先電話番号 電話番号自宅 電話番号携帯 固定電話 お電話 本人電話 対象者電話 対象者電話番号 本人連絡先 対象者連絡先 電話連絡先 連絡先tel phone"
    " 携帯電話番号 自宅電話番号 連絡先1 連絡先2 電話1 電話2 tel1 tel2 日中連絡先 日中の連絡先 telno 電話no",
    Field.MAIL: "メールアドレス メアド email アドレス eメール",
    Field.CALLER_NAME: "相談者氏名 来談者氏名 相談者名 来所者氏名 来所者名 通報者氏名 通報者 申出者 申出者氏名 情報提供者 連絡者 連絡者氏名 相談者名前"
    " 来談者名 来庁者氏名 情報提供者氏名 相談者の氏名 依頼者氏名",
    Field.RELATION: "続柄 本人との関係 対象者との関係 関係 相談者続柄 相談者との関係 相談者の続柄 来談者との関係 本人との続柄 対象者との続柄 間柄"
    " 相談者と本人との関係 相談者関係 情報源 相談者区分 相談者種別 相談者の区分 相談者と対象者の関係 相談元 相談者属性 相談者種類 来談者区分",
    Field.CALLER: "相談者 来談者 来所者 来庁者 相談者続柄 相談者氏名続柄 相談者関係 依頼者 だれから 誰から 相談元氏名 相談した人",
    Field.CALLER_PHONE: "相談者電話 相談者電話番号 相談者連絡先 来談者電話 相談者tel 来談者連絡先 相談者の電話 相談者の連絡先 相談者携帯 相談者携帯電話"
    " 通報者電話 通報者連絡先 情報提供者連絡先 来談者電話番号 依頼者連絡先",
    Field.ROUTE: "相談方法 受付方法 方法 相談経路 経路 受付経路 相談形態 形態 相談手段 手段 来所電話 来所電話等 受付区分 相談種別方法 対応方法 来電"
    " 来所電話訪問 相談区分 ルート 受付手段 媒体 相談の方法 受付種別 来所電話の別 対応形態",
    Field.ANONYMOUS: "匿名 匿名希望 匿名か",
    Field.WORRIES: "困りごと 困りごと複数 困り事 困りごと区分 主訴区分 相談種別 相談分類 相談項目 相談区分複数 課題 課題分類 困りごと分類 悩み 相談の種類"
    " 主な困りごと 相談内容区分 相談内容分類 内容区分 内容分類 主訴分類 困りごとの種類 相談内容該当 相談カテゴリ カテゴリ 相談種類 困りごと複数可"
    " 困りごと該当に 相談内容の分類 困りごと複数回答",
    Field.TEXT: "内容 相談内容 主訴 相談の内容 相談概要 概要 相談内容詳細 詳細 内容詳細 相談要旨 要旨 主訴内容 相談の概要 聞き取り内容 聴取内容"
    " 相談内容主訴 相談内容要旨 相談事項 状況 経過 経緯 訴え 相談の要旨 困りごとの内容 相談主訴 内容要旨 受付内容 相談記録 記録 内容等 相談内容等"
    " 本人の状況 現状 相談内容概要 ご相談内容 具体的内容 相談の具体的内容",
    Field.RESPONSE: "対応 対応内容 対応結果 処理 処理結果 処遇 処遇結果 対応状況 対応方針 対応経過 支援内容 対応等 処置 助言内容 対応内容結果 対応及び結果"
    " 対応つなぎ先 対応結果つなぎ先 処理内容 助言 対応記録 その後の対応 支援経過 今後の対応 支援方針",
    Field.DESTINATION: "つなぎ先 繋ぎ先 紹介先 引継先 引継ぎ先 連携先 つなぎ先機関 連絡調整先 送致先 案内先 関係機関 つなぎ 情報提供先 連携機関"
    " つないだ先 つないだ機関 紹介機関 引き継ぎ先 つなぎ先部署 他機関へのつなぎ 繋いだ先 リファー先 関係課 依頼先 担当課 連絡先機関",
    Field.OUTCOME: "結果 対応状態 状態 進捗 進捗状況 転帰 結末 終結 終結区分 支援状況 継続終結 終結継続 ステータス 処理状況 完了 状況区分 終了区分"
    " 終結の有無 継続終了 終結状況 処理区分 結果状況 対応区分 継続終結の別 終了 現在の状況 相談結果 支援結果 その後 継続の有無 顛末 完了区分 済 終結有無",
    Field.ENDED_ON: "終結日 終了日 終結年月日 完了日 終了年月日 支援終結日 支援終了日 対応終了日 完結日 処理日",
    Field.WORKER: "担当 担当者 担当職員 相談員 受付者 対応者 受付担当 受付担当者 担当者名 担当相談員 相談担当 相談担当者 対応職員 記録者 記入者 受付職員"
    " 担当氏名 担当者氏名 受理者 担当ワーカー 職員 職員名 支援員 受付対応者 担当支援員 聞き取り者 聴取者 主担当 cw 相談員名 対応者名 受付者名",
    Field.URGENCY: "緊急度 緊急性 緊急 優先度 重要度 至急 リスク 危険度 緊急性の有無 緊急度判定 優先順位",
    Field.NOTE: "備考 摘要 メモ 特記 特記事項 その他特記事項 備考欄 コメント 補足 注意事項 申し送り 連絡事項 note 留意点 留意事項 追記 備考等",
    Field.MY_NUMBER: "個人番号 マイナンバー 個人番号マイナンバー マイナンバー個人番号 mynumber 個人no",
    Field.OURS: "取り込めなかった理由 元の行 元のシート",
}  # fmt: skip
# Meanings that need company or content to be believed.
_WEAK: dict[Field, str] = {
    Field.NAME: "本人 相談者 住民",
    Field.CAME_MONTH: "月",
    Field.CAME_DAY: "日",
    Field.CAME_YEAR: "年 年度",
    Field.SEX_MALE: "男 男性 m ♂",
    Field.SEX_FEMALE: "女 女性 f ♀",
    Field.ROUTE: "種別 区分 新規継続",
    Field.PHONE: "自宅 自宅番号 勤務先",
    Field.OUTCOME: "終結継続 有無",
    Field.TEXT: "相談 件名 用件 題名 テーマ タイトル",
    Field.ADDRESS: "校区 地域名",
}
# Whole two-storey headings: the upper word turns the lower one.
_PEOPLE_ABOVE = {
    "相談者",
    "来談者",
    "通報者",
    "情報提供者",
    "来所者",
    "申出者",
    "依頼者",
    "連絡者",
    "相談に来た方",
    "来談者情報",
}
_UNDER_CALLER: dict[Field, str] = {
    Field.CALLER_NAME: "氏名 名前 お名前 名 姓名",
    Field.RELATION: "続柄 関係 本人との関係 区分 対象者との関係 立場 属性 種別",
    Field.CALLER_PHONE: "電話 tel 電話番号 連絡先 携帯",
}
# Lower headings so plain that the upper one must be read with them: 「対応」/「内容」.
PLAIN_WORDS = frozenset(
    {
        key(word)
        for word in "内容 氏名 名前 年月日 日付 時刻 時間 番号 方法 区分 状況 結果 担当 概要 詳細 電話 連絡先 住所 日 月".split()
    }
)
_UNDER_DATE = {"受付", "相談", "受付日", "相談日", "年月日", "日付", "月日", "受理", "受付年月日"}
# When no name fits whole: a piece that settles it, tried in this order.
_PIECES: tuple[tuple[str, Field], ...] = (
    (r"取り込めなかった理由", Field.OURS),
    (r"個人番号|マイナンバー", Field.MY_NUMBER),
    (r"(相談|来談|通報|来所|依頼|申出)者.*(電話|tel|連絡先|携帯)", Field.CALLER_PHONE),
    (r"(相談|来談|通報|来所|依頼|申出)者.*(続柄|関係|区分)|続柄|本人との関係|対象者との関係", Field.RELATION),
    (r"(相談|来談|通報|来所|依頼|申出)者.*(氏名|名前|お名前)", Field.CALLER_NAME),
    (r"終結日|終了日|完了日|終結年月日", Field.ENDED_ON),
    (r"生年月日", Field.BIRTH),
    (r"^(年月日|月日|日付|日時)", Field.CAME_ON),
    (r"(相談|受付|受理|来所|来庁|受電|初回).*(年月日|日付|日時|月日|日)$", Field.CAME_ON),
    (r"(受付|相談|来所|受電).*(時刻|時間)$", Field.CAME_AT),
    (r"フリガナ|ふりがな|振り仮名|よみがな|カナ$|かな$", Field.KANA),
    (r"性別", Field.SEX),
    (r"年齢", Field.AGE),
    (r"郵便番号", Field.POSTAL_CODE),
    (r"メール|mail", Field.MAIL),
    (r"電話番号|携帯|^tel|tel$|固定電話|電話$", Field.PHONE),
    (r"(対象|本人|利用|当事).*(氏名|名前)$|^氏名", Field.NAME),
    (r"^住所|住所$|居所$", Field.ADDRESS),
    (r"担当者|相談員|受付者|対応者|記録者|担当職員", Field.WORKER),
    (r"緊急度|緊急性|優先度", Field.URGENCY),
    (r"つなぎ先|繋ぎ先|引継ぎ?先|紹介先|連携先|送付先", Field.DESTINATION),
    (r"終結|結果$|進捗|転帰", Field.OUTCOME),
    (r"^対応|対応$|処遇|処理", Field.RESPONSE),
    (r"困りごと|困り事|相談種別|相談分類|相談区分", Field.WORRIES),
    (r"相談内容|主訴|相談の?概要|聞き?取り", Field.TEXT),
    (r"相談方法|受付方法|相談経路|受付経路", Field.ROUTE),
    (r"備考|特記|メモ|摘要", Field.NOTE),
)
_SAID_PIECES = tuple((re.compile(pattern), field) for pattern, field in _PIECES)
# A piece must not claim these: they look like one but tell something else.
_NOT_BY_PIECE = re.compile(
    r"(世帯主|保護者|家族|後見人|主治医|民生委員|ケアマネ|緊急連絡先|キーパーソン|紹介元|事業所).*"
)


def _table(words: dict[Field, str]) -> dict[str, Field]:
    return {key(word): field for field, text in words.items() for word in text.split() if key(word)}


SURE_NAMES = _table(_SURE) | {"〒": Field.POSTAL_CODE}
WEAK_NAMES = _table(_WEAK)
CALLER_NAMES = _table(_UNDER_CALLER)


def field_named(name: str) -> tuple[Field, bool] | None:
    """(field, sure) of a folded header name, or None."""
    if name in SURE_NAMES:
        return SURE_NAMES[name], True
    if name in WEAK_NAMES:
        return WEAK_NAMES[name], False
    return None


def field_under(parent: str, child: str) -> Field | None:
    """What a lower heading means below an upper one: 「相談者」/「氏名」 is not the person's name."""
    if any(word in parent for word in _PEOPLE_ABOVE):
        return CALLER_NAMES.get(child)
    if parent in _UNDER_DATE:
        return {
            "年": Field.CAME_YEAR,
            "月": Field.CAME_MONTH,
            "日": Field.CAME_DAY,
            "時刻": Field.CAME_AT,
        }.get(child)
    if parent in ("性別", "男女", "男女別"):
        return {
            "男": Field.SEX_MALE,
            "男性": Field.SEX_MALE,
            "女": Field.SEX_FEMALE,
            "女性": Field.SEX_FEMALE,
        }.get(child)
    if parent in ("電話", "電話番号", "tel", "連絡先") and child in (
        "自宅",
        "携帯",
        "その他",
        "固定",
        "本人",
        "日中",
        "1",
        "2",
    ):
        return Field.PHONE
    return None


def field_by_piece(name: str) -> Field | None:
    """The first piece of a long header that settles its meaning, or None."""
    if _NOT_BY_PIECE.match(name):
        return None
    return next((field for pattern, field in _SAID_PIECES if pattern.search(name)), None)
