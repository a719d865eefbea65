"""Two packs side by side: each kind of change is told as what it is, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import catalog
from catalog.diff import Change, best_form, compare, compare_printed
from catalog.forms import Form
from tests.extractors.drafting.drafted import NAMES, as_form, drafted

PACK = Path(catalog.__file__).parent / "2023"
SCENE = "智能制造试点示范项目申报书（优秀场景）"
Told = tuple[str, str, str, str, object, object]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., list[Change]]:
    """What differs once ``edits`` (file, old, new) are made in a copy of the pack."""

    def made(*edits: tuple[str, str, str]) -> list[Change]:
        copied = tmp_path / "next"
        shutil.copytree(PACK, copied)
        for file, old, new in edits:
            text = (copied / file).read_text("utf-8")
            assert old in text
            (copied / file).write_text(text.replace(old, new), "utf-8")
        return compare(catalog.load(), catalog.load_dir(copied))

    return made


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ([("notice.toml", "applicants = 2023-08-19", "applicants = 2023-08-18")],
         ("changed", "notice", "", "deadlines.applicants", "2023-08-19", "2023-08-18")),
        ([("notice.toml", '"优秀场景" = 25', '"优秀场景" = 30')],
         ("changed", "quota", "district over_fifty", "numbers.优秀场景", 25, 30)),
        ([("forms/scene.toml", 'label = "场景实例建设投资"', 'label = "场景实例建设总投入"')],
         ("renamed", "field", "场景实例建设总投入", "", "场景实例建设投资", "场景实例建设总投入")),
        ([("forms/scene.toml", '"investment"', '"outlay"')], ("changed", "field", "场景实例建设投资", "key", "investment", "outlay")),
        ([("forms/scene.toml", '"cnc_rate", "networked_rate",', '"networked_rate", "cnc_rate",')],
         ("moved", "field", "", "order", None, None)),
        ([("forms/scene.toml", 'key = "investment"\npart = "project"', 'key = "investment"\npart = "basic"')],
         ("moved", "field", "场景实例建设投资", "part", "project", "basic")),
        ([("forms/scene.toml", 'key = "investment"\npart', 'key = "investment"\nlimit = 20\npart')],
         ("changed", "field", "场景实例建设投资", "limit", None, 20)),
        ([("forms/scene.toml", 'options = ["原材料", "装备制造", ', 'options = ["原材料", "装备", "装备制造", ')],
         ("changed", "field", "所属四大行业", "options", None, None)),
        ([("lists/scenes.toml", 'name = "精准配送"', 'name = "精准配送到位"')],
         ("renamed", "entry", "精准配送到位", "", "精准配送", "精准配送到位")),
        ([("offices.toml", 'name = "长兴岛"', 'name = "长兴"')],
         ("renamed", "recommender", "长兴", "aliases", "长兴岛", "长兴")),
        ([("rules.toml", 'code = "E07"', 'code = "E77"')], ("changed", "rule", "", "code", "E07", "E77")),
        ([("rules.toml", 'code = "C01"\ncheck = "filled"\nlevel = "fix"', 'code = "C01"\ncheck = "filled"\nlevel = "note"')],
         ("changed", "rule", "", "level", "fix", "note")),
        ([("clauses.toml", "申报主体愿意主动配合", "申报主体应当主动配合")], ("changed", "clause", "一（四）", "text", None, None)),
        ([("words.toml", 'branch = ["分公司", ', 'branch = [')], ("changed", "words", "branch", "words", None, None)),
    ],
)  # fmt: skip
def test_a_change_is_told_as_what_it_is(
    changed: Callable[..., list[Change]], edits: list[tuple[str, str, str]], told: Told
) -> None:
    kind, what, name, attribute, before, after = told
    [found] = [c for c in changed(*edits) if c.attribute != "listed"]
    assert (found.kind, found.what, found.attribute) == (kind, what, attribute)
    assert name in ("", found.name)
    if before is not None or after is not None:
        assert (found.before, found.after) == (before, after)


def test_what_stands_on_one_side_alone_is_added_or_removed(changed: Callable[..., list[Change]]) -> None:
    entry = '[[clause]]\nref = "三（一）"\ntext = "新的条款。"\n'
    told = changed(("clauses.toml", '[[clause]]\nref = "一（一）"', f'{entry}\n[[clause]]\nref = "一（一）"'))
    assert [(c.kind, c.what, c.name) for c in told] == [("added", "clause", "三（一）")]
    assert told[0].after == {"ref": "三（一）", "text": "新的条款。"}


def test_a_pack_beside_itself_is_the_same() -> None:
    assert compare(catalog.load(), catalog.load()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_beside_its_pack_differs_in_known_wordings_alone(name: str) -> None:
    form, own = as_form(drafted(name)), catalog.load().forms[name]
    assert best_form(form, list(catalog.load().forms.values())) is own
    assert [c for c in compare_printed([form], [own]) if c.attribute != "aliases"] == []


def test_a_blank_that_asks_for_more_and_in_other_words() -> None:
    form = as_form(drafted("scene"))
    fields = [f.model_copy(update={"label": "移动电话号码"}) if f.label == "手机" else f for f in form.fields]
    fields = [f for f in fields if f.label != "传真"]
    fields.append(fields[-1].model_copy(update={"key": "more", "label": "带动就业人数"}))
    blank = Form.model_validate(
        {**form.model_dump(by_alias=True), "fields": [f.model_dump(by_alias=True) for f in fields]}
    )
    told = [
        (c.kind, c.name) for c in compare_printed([catalog.load().forms["scene"]], [blank]) if c.attribute != "aliases"
    ]
    assert ("added", "带动就业人数") in told
    assert ("removed", "传真") in told
    assert ("renamed", "移动电话号码") in [
        (c.kind, c.name) for c in compare_printed([catalog.load().forms["scene"]], [blank])
    ]


def test_nothing_like_a_form_is_no_form_of_the_pack() -> None:
    other = Form(name="x", title="水库巡查记录", annex="x", title_marks=("水库",))
    assert best_form(other, list(catalog.load().forms.values())) is None
