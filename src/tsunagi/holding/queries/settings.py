"""The city's own numbers for holding, read from its settings."""

from __future__ import annotations

from tsunagi.codes import queries as codes
from tsunagi.codes.rules import Span as CitySpan
from tsunagi.holding.rules import HoldingSettings, HoldKind, KindRule, Span, Unit


def city_settings() -> HoldingSettings:
    """What this city decided: due days, horizons, how long a row rests, falls, climbs and is spread."""
    return HoldingSettings(
        kinds={
            kind: KindRule(
                due=_span(codes.hold_due(kind.value)), horizon=_span(codes.hold_horizon(kind.value))
            )
            for kind in HoldKind
        },
        closing_time=codes.closing_time(),
        look_back=_span(codes.span("hold.look_back")),
        offer_again=_span(codes.span("hold.offer_again")),
        could_not=_span(codes.span("hold.could_not")),
        oral_yes=_span(codes.span("hold.oral_yes")),
        rest=_span(codes.span("lateness.reached_out")),
        after_decline=_span(codes.span("hold.after_decline")),
        name_holder=_span(codes.span("hold.name_holder")),
        first_contact=_span(codes.span("hold.first_contact")),
        word_back=_span(codes.span("hold.word_back")),
        safety_check_hours=codes.number("danger.hours"),
        middle_first=_span(codes.span("urgency.middle")),
        high_review=_span(codes.span("urgency.high_review")),
        falling=_span(codes.span("lateness.falling")),
        falling_high=_span(codes.span("lateness.falling_high")),
        to_coordination=_span(codes.span("lateness.to_coordination")),
        closed_days_ahead=codes.number("calendar.long_closing"),
        extensions_alone=codes.number("hold.extensions_alone"),
        rethink_contacts=codes.number("hold.rethink_contacts"),
        rethink_after=_span(codes.span("hold.rethink_after")),
        absence_alone=_span(codes.span("absence.needs_acting")),
        not_signed_in=_span(codes.span("absence.not_signed_in")),
        spread_over=_span(codes.span("spread.leaver")),
        spread_more_than=codes.number("spread.leaver_rows"),
        successor_first_day=codes.number("spread.successor_first_day"),
        load_shown_from=codes.number("spread.load"),
    )


def _span(span: CitySpan) -> Span:
    return Span(span.n, Unit.BUSINESS_DAYS if span.unit == "bd" else Unit.DAYS)
