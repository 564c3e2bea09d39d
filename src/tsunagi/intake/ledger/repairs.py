"""What reading changed, filled in or could not read: kinds and sentences, never the words of the cell itself.

The log says what sort of thing stood there and what was done, so that it can be shown, counted and kept without
holding anybody's data; the words as written stay with the row.
"""

from __future__ import annotations

from dataclasses import dataclass

from tsunagi.shared.labels import Labelled


class RepairKind(Labelled):
    """The sorts of repair, as counted in the preview."""

    MY_NUMBER = "my_number", "個人番号"
    LOST_CHARACTER = "lost_character", "失われた文字(? 〓 �)"
    IMPOSSIBLE_DATE = "impossible_date", "ありえない日付"
    VAGUE_DATE = "vague_date", "日付と読めないことば"
    FILLED_DATE = "filled_date", "年や月のない日付"
    MISREAD_ERA = "misread_era", "Excelが読み違えた和暦"
    DATE_NUMBER = "date_number", "数字になった日付"
    OTHER_ERA = "other_era", "その元号にない年月日"
    OUTSIDE_YEAR = "outside_year", "年度の外の日付"
    AGE_ONLY = "age_only", "生年月日のかわりの年齢"
    AGE_DISAGREES = "age_disagrees", "生年月日と合わない年齢"
    HALF_WIDTH_KANA = "half_width_kana", "半角カナ"
    HIRAGANA = "hiragana", "ひらがなの読み"
    WIDE_FIGURES = "wide_figures", "全角数字の電話番号"
    LOST_ZERO = "lost_zero", "先頭の0が消えた電話番号"
    NO_PHONE = "no_phone", "電話番号と読めないことば"
    MARK = "mark", "○のかわりの印"
    SEX_WORD = "sex_word", "性別の別の書き方"
    UNKNOWN_WORD = "unknown_word", "選択肢にないことば"
    WORRIES_SPLIT = "worries_split", "1つのセルに並んだ困りごと"
    RESPONSE_SPLIT = "response_split", "1つのセルのつなぎ先と結果"
    NAME_SPLIT = "name_split", "1つのセルの氏名と読み・続柄"
    HONORIFIC = "honorific", "敬称"
    ANONYMOUS = "anonymous", "匿名"
    DITTO = "ditto", "「〃」「同上」"
    MERGED = "merged", "結合されたセル"
    JOINED_LINES = "joined_lines", "数行にまたがる1件"
    SHIFTED = "shifted", "文章の中の区切り記号"
    BROKEN_QUOTE = "broken_quote", "閉じていない引用符"
    SURPLUS = "surplus", "見出しのない列の文字"
    UNREAD_FORMULA = "unread_formula", "値のない計算式"
    ERROR_VALUE = "error_value", "計算の誤り(#REF! など)"
    CONTROL_CHARACTER = "control_character", "見えない文字"


_DONE: dict[RepairKind, str] = {
    RepairKind.MY_NUMBER: "セルを空にしました。番号のほかに要る文字があれば、元の台帳から番号を除いて書き足してください。",
    RepairKind.LOST_CHARACTER: "書かれているまま残しました。元の台帳か本人に確かめて直してください。",
    RepairKind.IMPOSSIBLE_DATE: "日付は空(分からない)にし、書かれていた文字は行に残しました。",
    RepairKind.VAGUE_DATE: "日付は空(分からない)にし、書かれていた文字は行に残しました。",
    RepairKind.FILLED_DATE: "表題やシート名の年・月で補いました。",
    RepairKind.MISREAD_ERA: "年度に合わせて和暦の年に直しました。",
    RepairKind.DATE_NUMBER: "Excelの日付の数字として読みました。",
    RepairKind.OTHER_ERA: "その日の元号の年月日として読みました。",
    RepairKind.OUTSIDE_YEAR: "そのまま残しました。年の書き違いでないか確かめてください。",
    RepairKind.AGE_ONLY: "生年月日は空にし、受付日のときの年齢として残しました。",
    RepairKind.AGE_DISAGREES: "生年月日を残しました。どちらが正しいか確かめてください。",
    RepairKind.HALF_WIDTH_KANA: "全角カナにしました。",
    RepairKind.HIRAGANA: "カタカナにしました。",
    RepairKind.WIDE_FIGURES: "半角の数字にしました。",
    RepairKind.LOST_ZERO: "先頭に0を補いました。",
    RepairKind.NO_PHONE: "電話番号は空にし、文字のまま残しました。",
    RepairKind.MARK: "○として読みました。",
    RepairKind.SEX_WORD: "男性・女性の別に直しました。",
    RepairKind.UNKNOWN_WORD: "選択肢には入れず、文字のまま残しました。",
    RepairKind.WORRIES_SPLIT: "1つずつに分けました。",
    RepairKind.RESPONSE_SPLIT: "つなぎ先と結果に分けました。",
    RepairKind.NAME_SPLIT: "分けて読みました。",
    RepairKind.HONORIFIC: "敬称を除きました。",
    RepairKind.ANONYMOUS: "匿名の相談として読みました。",
    RepairKind.DITTO: "上の行の文字で補いました。",
    RepairKind.MERGED: "結合されたセルの文字で補いました。",
    RepairKind.JOINED_LINES: "1件にまとめました。",
    RepairKind.SHIFTED: "文章の中の区切り記号で列がずれていたので、つなぎ直しました。",
    RepairKind.BROKEN_QUOTE: "区切り記号だけで列に分けました。列のずれがないか確かめてください。",
    RepairKind.SURPLUS: "文字のまま残しました。",
    RepairKind.UNREAD_FORMULA: "空にしました。Excelで開いて保存し直すと値が読めます。",
    RepairKind.ERROR_VALUE: "空にしました。",
    RepairKind.CONTROL_CHARACTER: "取り除きました。",
}


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair: where, what sort of thing stood there, what was done. Holds no word of the cell."""

    sheet: str
    line: int
    column: str
    kind: RepairKind
    done: str


def repair(sheet: str, line: int, column: str, kind: RepairKind) -> Repair:
    """A repair with the sentence of its kind."""
    return Repair(sheet, line, column, kind, _DONE[kind])
