"""Collecting from several folders of one SFTP server, on one connection."""

from collections.abc import Mapping
from dataclasses import replace

from edi_gateway.issues import GatewayError
from edi_gateway.ports import Claimed, Fetched, Settled, Sighting, Surveyed
from edi_gateway.transports import _folders
from edi_gateway.transports._options import Collecting
from edi_gateway.transports._session import Session
from edi_gateway.transports._sftp_collect import Collector


class Collectors:
    """A collector for each folder; the names of their files say which (see `_folders.by_mark`)."""

    def __init__(self, channel: str, folders: tuple[str, ...], options: Collecting, session: Session) -> None:
        self._marks = _folders.by_mark(folders)
        self._by_mark = {mark: Collector(channel, folder, options, session) for mark, folder in self._marks.items()}
        self._none = Collector(channel, None, options, session)
        self.surveyed: tuple[Surveyed, ...] = ()
        self.left_out: Mapping[str, GatewayError] = {}

    async def survey(self) -> tuple[Surveyed, ...]:
        """All files of all folders. Those that cannot be listed are left out, unless it is all of them."""
        outcomes: dict[str, tuple[Surveyed, ...] | GatewayError] = {}
        for mark, collector in self._by_mark.items():
            try:
                outcomes[mark] = await collector.survey()
            except GatewayError as fault:
                outcomes[mark] = fault
        self.surveyed, self.left_out = _folders.together(outcomes)
        return self.surveyed

    async def fetch(self, sighting: Sighting) -> Fetched:
        collector, own = self._at(sighting)
        fetched = await collector.fetch(own)
        return fetched if own is sighting else replace(fetched, sighting=sighting)

    async def claim(self, sighting: Sighting) -> Claimed:
        collector, own = self._at(sighting)
        claim = await collector.claim(own)
        return claim if own is sighting else replace(claim, sighting=replace(claim.sighting, name=sighting.name))

    async def settle(self, sighting: Sighting) -> Settled:
        collector, own = self._at(sighting)
        settled = await collector.settle(own)
        return settled if own is sighting else replace(settled, sighting=sighting)

    async def unclaim(self, file: Surveyed) -> None:
        collector, own = self._at(file.sighting)
        await collector.unclaim(replace(file, sighting=own))

    def _at(self, sighting: Sighting) -> tuple[Collector, Sighting]:
        mark, name = _folders.split(sighting.name, self._marks)
        return self._by_mark.get(mark, self._none), replace(sighting, name=name) if mark else sighting
