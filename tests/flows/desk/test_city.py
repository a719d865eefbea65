"""What lies between offices is settled by the city, and shows in the offices too."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient

from flows.desk.desk import Desk
from flows.desk.rights import Role
from flows.run import core
from tests.flows.desk.conftest import HERE

SAMPLES = Path(__file__).parents[3] / "samples" / "inbox"
ELSEWHERE = "临港新片区"


def test_a_company_that_two_offices_put_forward_is_settled(
    desk: Desk, signed_in: Callable[[Role], TestClient], tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    for office, name in ((HERE, "02沪芯微光电子-优秀场景申报书.docx"), (ELSEWHERE, "沪芯微光电子-示范工厂申报书.docx")):
        (inbox / office).mkdir(parents=True)
        shutil.copy(SAMPLES / office / name, inbox / office / name)
    core.review(desk.settings.model_copy(update={"inbox": inbox}))
    city, lead = signed_in(Role.CITY), signed_in(Role.LEAD)
    (matter,) = [m for m in city.get("/api/matters").json() if m["code"] == "D02"]
    assert sorted(p[0] for p in matter["parties"]) == sorted((HERE, ELSEWHERE))
    told = {"target": matter["target"], "seen": 0}
    assert lead.post("/api/matters", json=told | {"words": "x"}).status_code == 403
    assert city.post("/api/matters", json=told).status_code == 422
    office, stands, _ = matter["parties"][0]
    assert city.post("/api/matters", json=told | {"stands": stands, "words": "厂址在此"}).status_code == 200
    assert city.post("/api/matters", json=told | {"words": "另议"}).status_code == 409
    page = city.get("/city").text
    assert "已裁定" in page
    assert f"由{office}推荐" in page
    assert "厂址在此" in lead.get(f"/o/{HERE}/").text + "".join(
        lead.get(f"/o/{HERE}/a/{e['key']}").text for e in lead.get(f"/api/offices/{HERE}/applications").json()
    )
