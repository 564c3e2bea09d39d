"""What was agreed beside the answer: promises (約束), and how a change of holder is introduced."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class PromiseKind(Labelled):
    """What is promised by a day (約束の種類). A consultation is TRIAGE or STOCKTAKING (H10, H11)."""

    TRIAGE = "triage", "相談の整理"
    STOCKTAKING = "stocktaking", "棚卸し（移行分）"
    ROLE = "role", "役割分担"
    CLIFF = "cliff", "制度の切れ目"
    LOOK_BACK = "look_back", "ふりかえり"
    OFFER = "offer", "もう一度の声かけ"
    SECOND_PERSON = "second_person", "もう一人の同意"
    WORD_BACK = "word_back", "知らせてくれた人への返事"
    FIRST_CONTACT = "first_contact", "つないだあとの初回接触の確認"
    NAME_HOLDER = "name_holder", "担当者を決める"
    COORDINATION_REQUEST = "coordination_request", "くらし連携担当への依頼"
    GAP_SOLVED = "gap_solved", "使えるものができました"
    MESSAGE = "message", "伝言"
    SAFETY_CHECK = "safety_check", "安全確認（48時間）"
    ENQUIRY = "enquiry", "心当たり照会への返事"
    PROTECTION = "protection", "保護を続けるかを、ふたりで決める"
    SECRET_DOOR = "secret_door", "特別な秘密の入れ方を選ぶ"
    MEND_PLACE = "mend_place", "居場所の分かる記録を直す"
    APPOINTMENT = "appointment", "予定・約束の日"
    PLAN_ROLE = "plan_role", "プランの役割"
    MONITORING = "monitoring", "モニタリング"
    FOLLOW_UP = "follow_up", "終結後のフォローアップ"
    CONSENT = "consent", "同意のこと"
    BREAK_GLASS = "break_glass", "緊急に開いたあとの確かめ"
    OTHER = "other", "その他の約束"


# Promises about these end through a deed on their own page, whatever their kind, never by a mere 「果たした」.
BY_OWN_PAGE = {
    "meeting_role": "役割のページで「済んだ・続ける・見直した・取りやめる」を選ぶと、この約束も終わります。",
    "power": "「あとのことを決める」で次の人か、要らないわけを書くと、この約束も終わります。",
    "consent": "同意をもう一度聞いて記録すると、この約束も終わります。",
    "consent_office": "本人に伝えた日を入れると、この約束も終わります。",
    "consent_paper": "紙がどうなったかを記録すると、この約束も終わります。",
    "break_glass": "必要だったかを確かめて記録すると、この約束も終わります。",
    "petition": "市長申立てのページで、この段階を「済んだ」か「省いた」にすると、この約束も終わります。",
    "demand": "請求・照会のページで答えたことを書くと、この約束も終わります。",
    "voice": "苦情・要望のページでどう答えたかを書くと、この約束も終わります。",
    "incident_quick": "事故のページに速報した日を書くと、この約束も終わります。",
    "incident_full": "事故のページに確報した日を書くと、この約束も終わります。",
    "incident_tell": "事故のページに本人に伝えた日か、伝えられないわけを書くと、この約束も終わります。",
    "incident_review": "事故のページでふりかえりを書くと、この約束も終わります。",
}


class HandoverIntroduction(Labelled):
    """How the person was introduced to the next holder (引き合わせ)."""

    TOGETHER = "together", "同行"
    TELEPHONE = "telephone", "電話"
    LETTER = "letter", "手紙"
    NOT_YET = "not_yet", "まだ"


class NightRecipient(Labelled):
    """To whom a 高 is handed for the night or the closed days (H15 and urgency)."""

    FIRE_119 = "fire_119", "119"
    POLICE_110 = "police_110", "110"
    CHILD_189 = "child_189", "児相189"
    DUTY_MANAGER = "duty_manager", "当番の管理職"
    NIGHT_DUTY = "night_duty", "宿直"
