"""Everything the desk answers to, from its own routes."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from flows.desk.asking import Allowed
from flows.desk.desk import Desk
from flows.desk.rights import Act
from flows.desk.site import make_site


def all_routes(desk: Desk) -> list[APIRoute]:
    return list(_within(make_site(desk).routes))


def _within(routes: list[object]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", [])
            yield from _within(list(inner))


def acts_of(dependant: Dependant) -> Iterator[Act]:
    if isinstance(dependant.call, Allowed):
        yield dependant.call.act
    for inner in dependant.dependencies:
        yield from acts_of(inner)


def routes(desk: Desk) -> list[tuple[str, str, Act | None]]:
    """(method, path, act) of everything the desk answers."""
    found = []
    for route in all_routes(desk):
        acts = list(acts_of(route.dependant))
        assert len(acts) <= 1, f"{route.path} is more than one act"
        found += [(method, route.path, acts[0] if acts else None) for method in sorted(route.methods)]
    return found
