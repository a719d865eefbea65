"""For tests of flows: an environment that each leaves as it found it, and one Prefect server on a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """What a command sets for the processes that it starts stays in its test."""
    before, folder = dict(os.environ), Path.cwd()
    os.environ["SHENBAO_PREFECT_IDLE_SECONDS"] = "0"  # who records runs does not wait for others
    yield
    os.environ.clear()
    os.environ.update(before)
    os.chdir(folder)


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield
