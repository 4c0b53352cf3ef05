"""Adding a partner: rows, and what was held for them goes on."""

import re

from edi_gateway.flows import delivering
from edi_gateway.flows.house import BOOKS, House
from edi_gateway.flows.turns import at_mailbox
from edi_gateway.issues import trade
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ports import Agreement, Identity

USAGES, ROLES, ANSWERS = ("production", "test", "both"), ("seller", "buyer"), ("auto", "manual")
QUALIFIED_LENGTH = {"qualifier": 2, "id": 15}


def add(
    house: House, agreement_name: str, *, ours: str | None = None, theirs: str | None = None,
    our_group: str | None = None, their_group: str | None = None, usage: str | None = None,
    partner_file: str | None = None, channel: str | None = None, partnership_name: str | None = None,
    reference: str | None = None, role: str | None = None, price_list: str | None = None,
    currency: str | None = None, answer: str | None = None,
) -> tuple[Agreement, Partnership | None]:
    """Adds or changes an agreement and, when one is named, a partnership under it; only what is given changes.

    Whatever is held is run once more in the next round, and what has yet to go goes over the channel that the agreement
    has now. Raises `GatewayError`: `trade.partner-faulty`, and what the partner's files are refused for.
    """
    given = {
        "ours": ours, "theirs": theirs, "our_group": our_group, "their_group": their_group, "usage": usage,
        "partner": partner_file, "channel": channel,
    }
    business = {"reference": reference, "role": role, "price_list": price_list, "currency": currency, "answer": answer}
    with house.locks.hold(BOOKS), house.store.unit() as unit:
        known = unit.agreements.named(agreement_name)
        values = {key: value for key, value in given.items() if value is not None}
        _check_agreement(house, agreement_name, values, known)
        if known is None:
            values = _defaults(values) | values
        clash = unit.agreements.clash(agreement_name, values)
        if clash is not None:
            raise trade.PARTNER_FAULTY.error(f"agreement {clash} has the same ids and usage")
        agreement = unit.agreements.put(agreement_name, **values) if values or known is None else known
        partnership = None
        if partnership_name is not None:
            named = {key: value for key, value in business.items() if value is not None}
            _check_partnership(named)
            twin = unit.agreements.partnership(agreement.id, reference) if reference else None
            if twin is not None and twin.name != partnership_name:
                raise trade.PARTNER_FAULTY.error(f"partnership {twin.name} has the reference {reference!r}")
            known_partnership = unit.agreements.partnership_named(partnership_name)
            if known_partnership is not None and known_partnership.agreement_id != agreement.id:
                raise trade.PARTNER_FAULTY.error(f"partnership {partnership_name} belongs to another agreement")
            partnership = unit.agreements.put_partnership(agreement.id, partnership_name, **named)
        unit.inbox.again_all_held()
        moved = known is not None and known.channel != agreement.channel
        if moved:
            unit.outbox.redirect(agreement.id)
    if known is not None and moved:
        # Whoever is at the mailbox clears it when they leave.
        with at_mailbox(house, known.channel, wait=False) as alone:
            if alone:
                delivering.clear(house, known.channel)
    return agreement, partnership


def _defaults(values: dict[str, str]) -> dict[str, str]:
    return {
        "our_group": Identity.parse(values["ours"]).id, "their_group": Identity.parse(values["theirs"]).id,
        "usage": "production", "partner": "",
    }


def _check_agreement(house: House, name: str, values: dict[str, str], known: Agreement | None) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise trade.PARTNER_FAULTY.error(f"the name {name!r} holds more than letters, digits, hyphens and underscores")
    missing = [key for key in ("ours", "theirs", "channel") if known is None and key not in values]
    if missing:
        raise trade.PARTNER_FAULTY.error(f"a new agreement needs {', '.join(missing)}")
    for key in ("ours", "theirs"):
        if key in values:
            _check_identity(key, values[key])
    if values.get("usage", "both") not in USAGES:
        raise trade.PARTNER_FAULTY.error(f"usage {values['usage']!r} is none of {', '.join(USAGES)}")
    if values.get("channel", "") not in ("", *house.channels):
        known_channels = ", ".join(house.channels) or "none"
        raise trade.PARTNER_FAULTY.error(f"there is no channel {values['channel']!r}; there are {known_channels}")
    for key in ("our_group", "their_group"):
        if not re.fullmatch(r"\S(.{0,13}\S)", values.get(key, "ok")):
            raise trade.PARTNER_FAULTY.error(f"{key} {values[key]!r} does not fit a GS: 2 to 15 characters")
    partner = values.get("partner", "")
    if not house.guides.knows(partner):
        raise trade.PARTNER_FAULTY.error(f"there is no mappings/partners/{partner}/partner.toml")
    house.guides.check(partner)


def _check_identity(key: str, text: str) -> None:
    try:
        identity = Identity.parse(text)
    except ValueError as error:
        raise trade.PARTNER_FAULTY.error(f"{key}: {error}") from error
    for part, length in QUALIFIED_LENGTH.items():
        if len(getattr(identity, part)) > length or (part == "qualifier" and len(identity.qualifier) != length):
            raise trade.PARTNER_FAULTY.error(f"{key}: {text!r} does not fit an ISA: {part} has {length} places")


def _check_partnership(values: dict[str, str]) -> None:
    if not values.get("reference", "ok").strip():
        raise trade.PARTNER_FAULTY.error("a reference cannot be empty")
    for key, allowed in (("role", ROLES), ("answer", ANSWERS)):
        if values.get(key, allowed[0]) not in allowed:
            raise trade.PARTNER_FAULTY.error(f"{key} {values[key]!r} is none of {', '.join(allowed)}")
    if not re.fullmatch(r"[A-Z]{3}", values.get("currency", "USD")):
        raise trade.PARTNER_FAULTY.error(f"currency {values['currency']!r} is not three capitals, such as USD")
