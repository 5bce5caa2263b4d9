"""Items and totals that files of a package name, looked up in its instrument."""

from lms.errors import N_
from lms.instruments.domain import Instrument, Item, Total
from lms.packages.reader.findings import Findings, Place


def known_item(instrument: Instrument, key: str, place: Place, findings: Findings) -> Item | None:
    """Return the named item; None, with a finding at the place, if there is none."""
    items = {item.key: item for item in instrument.items}
    if key not in items:
        findings.error(
            place,
            N_("The instrument has no item “%(item)s”."),
            N_("Its items are: %(known)s."),
            item=key,
            known=", ".join(items),
        )
    return items.get(key)


def known_total(instrument: Instrument, key: str, place: Place, findings: Findings) -> Total | None:
    """Return the named total; None, with a finding at the place, if there is none."""
    totals = {total.key: total for total in instrument.totals}
    if key not in totals:
        findings.error(
            place,
            N_("The instrument has no total “%(total)s”."),
            N_("Its totals are: %(known)s."),
            total=key,
            known=", ".join(totals) or "-",
        )
    return totals.get(key)
