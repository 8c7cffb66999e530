"""The sites at one end of a question, with everything about them that no road changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from geodata.legs import Legs
from geodata.site import Site, SiteKind


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Sites with their legs; made once, since the facilities of a registry come again and again.

    ``nodes`` names the county or hub of each site, ``position`` its place in ``sites``.
    """

    sites: tuple[Site, ...]
    legs: Legs
    ids: tuple[str, ...]
    nodes: Mapping[str, str]
    position: Mapping[str, int]

    @classmethod
    def of(cls, sites: tuple[Site, ...], legs: Legs) -> "Ends":
        """Arrange sites whose legs are known."""
        ids = tuple(site.site_id for site in sites)
        nodes = {site.site_id: node_of(site) for site in sites}
        return cls(sites, legs, ids, nodes, {site_id: i for i, site_id in enumerate(ids)})


def node_of(site: Site) -> str:
    """Return the county in which a trip from or to a site joins the roads, or the hub."""
    return site.site_id if site.kind is SiteKind.HUB else site.county
