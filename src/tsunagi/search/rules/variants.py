"""Words of the work that mean the same and share no letters: a question for one also finds the others."""

from __future__ import annotations

GROUPS = """
ごみ屋敷 ゴミ屋敷 塵屋敷
生保 生活保護
社協 社会福祉協議会
民生 民生委員
包括 地域包括支援センター
ケアマネ ケアマネジャー ケアマネージャー 介護支援専門員
ヤングケアラー 若年介護者
DV ドメスティックバイオレンス 配偶者暴力
CW ケースワーカー
SSW スクールソーシャルワーカー
SC スクールカウンセラー
児相 児童相談所
要対協 要保護児童対策地域協議会
訪看 訪問看護
デイ デイサービス 通所介護
ショート ショートステイ 短期入所
精神科 心療内科
手帳 障害者手帳
発達障害 発達障がい 発達障碍
認知症 認知
シングルマザー 母子家庭
ハローワーク 職安 公共職業安定所
国保 国民健康保険
電話 TEL 架電
不在 留守
"""


def groups() -> list[list[str]]:
    """The groups as lists of words."""
    return [line.split() for line in GROUPS.strip().splitlines()]
