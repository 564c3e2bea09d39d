"""Tsunagi (つなぎ): the desk software of 重層的支援体制整備事業."""
