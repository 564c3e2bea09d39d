"""What a column of a ledger can mean."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled

from .worries import WORRIES as SIXTEEN


class Field(Labelled):
    """Where the cells of a column go. `value` is what a worker's correction (`overrides`) names."""

    NUMBER = "number", "番号(読まない)"
    CAME_ON = "came_on", "受付日"
    CAME_AT = "came_at", "受付時刻"
    CAME_YEAR = "came_year", "受付の年"
    CAME_MONTH = "came_month", "受付の月"
    CAME_DAY = "came_day", "受付の日"
    NAME = "name", "氏名"
    FAMILY_NAME = "family_name", "姓"
    GIVEN_NAME = "given_name", "名"
    KANA = "kana", "フリガナ"
    FAMILY_KANA = "family_kana", "セイ"
    GIVEN_KANA = "given_kana", "メイ"
    SEX = "sex", "性別"
    SEX_MALE = "sex_male", "男(印)"
    SEX_FEMALE = "sex_female", "女(印)"
    BIRTH = "birth", "生年月日・年齢"
    AGE = "age", "年齢"
    POSTAL_CODE = "postal_code", "郵便番号"
    ADDRESS = "address", "住所"
    PHONE = "phone", "電話"
    MAIL = "mail", "メールアドレス"
    CALLER = "caller", "相談者"
    CALLER_NAME = "caller_name", "相談者の氏名"
    RELATION = "relation", "相談者の続柄・立場"
    CALLER_PHONE = "caller_phone", "相談者の電話"
    ROUTE = "route", "相談の方法"
    ANONYMOUS = "anonymous", "匿名(印)"
    WORRIES = "worries", "困りごと(複数)"
    TEXT = "text", "相談内容"
    RESPONSE = "response", "対応"
    DESTINATION = "destination", "つなぎ先"
    OUTCOME = "outcome", "結果"
    ENDED_ON = "ended_on", "終結日"
    WORKER = "worker", "担当"
    URGENCY = "urgency", "緊急度"
    NOTE = "note", "備考"
    MY_NUMBER = "my_number", "個人番号(取り込まない)"
    OURS = "ours", "つなぎが付けた列(読まない)"
    EXTRA = "extra", "そのほか(文字のまま残す)"
    WORRY_HEALTH = "worry_01", f"困りごと: {SIXTEEN['01']}"
    WORRY_HOUSING = "worry_02", f"困りごと: {SIXTEEN['02']}"
    WORRY_INCOME = "worry_03", f"困りごと: {SIXTEEN['03']}"
    WORRY_RENT = "worry_04", f"困りごと: {SIXTEEN['04']}"
    WORRY_TAX = "worry_05", f"困りごと: {SIXTEEN['05']}"
    WORRY_DEBT = "worry_06", f"困りごと: {SIXTEEN['06']}"
    WORRY_JOB_SEARCH = "worry_07", f"困りごと: {SIXTEEN['07']}"
    WORRY_JOB_TROUBLE = "worry_08", f"困りごと: {SIXTEEN['08']}"
    WORRY_COMMUNITY = "worry_09", f"困りごと: {SIXTEEN['09']}"
    WORRY_FAMILY = "worry_10", f"困りごと: {SIXTEEN['10']}"
    WORRY_CHILD_REARING = "worry_11", f"困りごと: {SIXTEEN['11']}"
    WORRY_CARE = "worry_12", f"困りごと: {SIXTEEN['12']}"
    WORRY_WITHDRAWAL = "worry_13", f"困りごと: {SIXTEEN['13']}"
    WORRY_VIOLENCE = "worry_14", f"困りごと: {SIXTEEN['14']}"
    WORRY_FOOD = "worry_15", f"困りごと: {SIXTEEN['15']}"
    WORRY_OTHER = "worry_16", f"困りごと: {SIXTEEN['16']}"


# Several columns may go to these; of the others only the best-fitting column does.
SEVERAL = frozenset(
    {
        Field.PHONE,
        Field.CALLER_PHONE,
        Field.TEXT,
        Field.RESPONSE,
        Field.DESTINATION,
        Field.WORRIES,
        Field.NOTE,
    }
    | {Field.MY_NUMBER, Field.OURS, Field.EXTRA, Field.ADDRESS, Field.NUMBER}
)
# A sheet without any of these is a list of names or a table of figures, not a ledger of consultations.
OF_A_CONSULTATION = frozenset(
    {
        Field.CAME_ON,
        Field.CAME_DAY,
        Field.TEXT,
        Field.RESPONSE,
        Field.OUTCOME,
        Field.DESTINATION,
        Field.WORRIES,
    }
)


def worry_in(field: Field) -> str | None:
    """The worry's code when the field is one worry's column of marks."""
    code = field.value.removeprefix("worry_")
    return code if code != field.value else None


def field_of_worry(code: str) -> Field:
    """The field of one worry's column of marks."""
    return Field(f"worry_{code}")
