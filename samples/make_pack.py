"""Makes the blank forms and the cases of the packs that come with the program, from the same texts and drawing as the samples.

    python -m samples.make_pack [PACK …]

What must be found in each case stands beside them, in cases/expected.toml: written by hand for 2023, made of samples/students.toml
for students.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from samples import students
from samples.formbuilder import build
from samples.formbuilder.data import application
from samples.make_samples import BLANK, drawn, summary

CATALOG = Path(__file__).resolve().parents[1] / "catalog"
WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "优秀场景-三处有误.docx": ("chengchi", {"uscc": "91310115MA1K3C073F", "productivity_gain": None, "defect_cut": 120}),
    "示范工厂-三处有误.docx": (
        "hexin", {"contact_email": "fang.xt@", "application_date": "2023-09-15", "build_period": {"start": "2023-05", "end": "2020-06"}},
    ),
}  # fmt: skip
"""Case → the application that it is, and what is written wrongly in it."""
RIGHT = {"优秀场景-无误.docx": "chengchi", "示范工厂-无误.docx": "hexin"}


def _of_2023() -> dict[str, bytes]:
    made = {f"blanks/{name}": build(form, None) for name, form in BLANK.items()}
    made |= {f"cases/{name}": drawn(one) for name, one in RIGHT.items()}
    made |= {f"cases/{name}": drawn(one, **wrong) for name, (one, wrong) in WRONG.items()}
    made["cases/推荐汇总表-无误.docx"] = _summary("chengchi", "scene", {})
    made["cases/推荐汇总表-两处有误.docx"] = _summary("hexin", "factory", {"seq": "2", "mobile": "13900009999"})
    return made


def _summary(name: str, kind: str, wrong: dict[str, Any]) -> bytes:
    """The table of the recommender of one application, which puts it forward."""
    row = {"recommender": application(name)["fields"]["recommender"], kind: [{"application": name, **wrong}]}
    return build("summary", summary(row))


MADE: Mapping[str, Callable[[], dict[str, bytes]]] = {"2023": _of_2023, "students": students.pack_files}


def files(pack: str) -> dict[str, bytes]:
    """Every file by its path below the pack: the same on each run."""
    return MADE[pack]()


def main(packs: Sequence[str]) -> int:
    for pack in packs or MADE:
        made = files(pack)
        for path, content in made.items():
            target = CATALOG / pack / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        sys.stderr.write(f"{len(made)} files in {CATALOG / pack}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
