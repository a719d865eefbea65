"""A pack that is wrong says which file, which key and what to do; and never anything but a CatalogError."""

from __future__ import annotations

import copy
import re
import shutil
from pathlib import Path

import pytest

import catalog
from catalog import pack as packs
from catalog.errors import CatalogError
from catalog.names import find_recommender
from checks.making import rules_of

PACK = Path(catalog.__file__).parent / "2023"


@pytest.fixture
def broken(tmp_path):
    """Copies the pack, replaces a text of one file once, and gives the error of loading it."""

    def load(file: str, old: str, new: str) -> CatalogError:
        copied = tmp_path / "2023"
        shutil.copytree(PACK, copied)
        path = copied / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(CatalogError) as raised:
            catalog.load_dir(copied)
        return raised.value

    return load


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "says"),
    [
        (
            "lists/scenes.toml",
            'under = "生产作业"',
            'under = "生产作业务"',
            "scenes[22].under",
            "“生产作业务”不是本包的环节",
        ),
        (
            "lists/scenes.toml",
            'name = "智能仓储"\nunder = "仓储物流"',
            'name = "智能仓储"',
            "scenes[29].under",
            "“”不是本包的环节",
        ),
        ("lists/scenes.toml", "number = 45", "number = 46", "scenes[45].number", "应为45"),
        ("lists/scenes.toml", 'name = "精准配送"', 'name = "智能仓储"', "scenes[30]", "“智能仓储”已是scenes[29]"),
        (
            "lists/scenes.toml",
            'under = "供应链全环节"',
            'under = "供应链"',
            "links[14].under",
            "“供应链”不是本包的方面",
        ),
        ("notice.toml", "applicants = 2023-08-19", 'applicants = "八月"', "deadlines.applicants", "日期"),
        ("notice.toml", "threshold = 50", 'threshold = "五十"', "quotas[2].threshold", "整数"),
        ("notice.toml", '"优秀场景" = 20', '"优秀场景" = -1', "quotas[1].numbers", "不得推荐的写 0"),
        ("notice.toml", '"优秀场景" = 20', '"优秀场境" = 20', "quotas[1].numbers", "“优秀场境”不是本包的申报类别"),
        ("notice.toml", 'condition = "获评', 'called = "获评', "quotas[2].called", "不认识"),
        ("notice.toml", 'flag = "over_fifty"', "", "quotas[2].flag", "须一并写"),
        ("notice.toml", '"deadlines.applicants" =', '"deadlines.schools" =', "labels.deadlines.schools", "不是本通知"),
        ("notice.toml", 'kind = "committee"', 'kind = "开发区"', "quotas[3].kind", "“开发区”不是本包的推荐单位类别"),
        ("notice.toml", "recommenders = 2023-08-21", "recommenders = 2023-08-01", "deadlines.recommenders", "早于"),
        ("notice.toml", 'number = "', 'nummer = "', "nummer", "不认识这个键"),
        ("offices.toml", 'lies_in = ["崇明区"]', 'lies_in = ["崇明"]', "recommender[19].lies_in", "“崇明”不是本包的"),
        ("offices.toml", 'aliases = ["闸北区"]', 'aliases = ["闸北区", "浦东"]', "recommender[11].aliases", "静安区"),
        (
            "offices.toml",
            'kind = "committee"',
            'kind = "管委会"',
            "recommender",
            "“临港新片区”的类别“管委会”不在 [kinds] 中",
        ),
        ("offices.toml", '"310101"', '"320101"', "recommender[1].codes", "31开头的六位代码"),
        ("industries.toml", '"25", "26"', '"25", "99"', "industry[1].divisions", "“99”不是GB/T 4754的大类代码"),
        ("industries.toml", '"钢铁" = ', '"钢" = ', "industry[1].subindustry_aliases", "“钢”不在 subindustries"),
        ("lists/equipment_kinds.toml", "name = ", "nome = ", "equipment_kinds[1].name", "缺少这一项"),
        ("forms/scene.toml", 'in = "links"', 'in = "link"', "fields.link_name.in", "“link”不是本包的目录"),
        ("words.toml", 'branch = ["分公司"', 'branch = [1, "分公司"', "words.branch[1]", "文字"),
        ("gbt4754.toml", "[divisions.C]", "[divisions.Z]", "divisions.Z", "“Z”不是本包的门类"),
        ("lists/carriers.toml", '"task"]', '"task"]\n[[carrier]]\nnome = "某公司"', "carrier[1].name", "缺少这一项"),
        ("forms/scene.toml", 'key = "link_name"', 'key = "link_nome"', "fields.link_nome", "order"),
        ("forms/common.toml", 'type = "code"', 'type = "kode"', "fields[6].type", "“kode”不是可用的值"),
        ("forms/factory.toml", 'title = "', 'titel = "', "title", "缺少这一项"),
        (
            "forms/common.toml",
            'required = "required"',
            'required = "requird"',
            "fields[1].required",
            "“requird”不是可用的值",
        ),
        ("forms/common.toml", "by_year = 2020", 'by_year = "2020年"', "fields[23].required.by_year", "整数"),
        ("forms/common.toml", ", by_year = 2020", "", "fields[23].required", "须写且只写一项"),
        ("forms/common.toml", ", by_year = 2020", ", when = 'true'", "fields[23].required.field", "条件里直接写栏目"),
        (
            "forms/common.toml",
            '"required"\nmin_rows',
            "{ when = 'true' }\nmin_rows",
            "tables[1].required",
            "只有栏目可以写条件",
        ),
        (
            "forms/common.toml",
            '{ field = "founded_on"',
            '{ field = "founded"',
            "fields[23].required.field",
            "“founded”",
        ),
        ("forms/common.toml", 'one_of = "contact_phone"', 'one_of = "reach"', "fields[18].one_of", "“reach”只有这一栏"),
        ("forms/common.toml", "value = true", 'value = "是"', "fields[36].required.value", "true、false"),
        ("forms/common.toml", "min_rows = 1", "min_rows = 3\nmax_rows = 2", "tables[1].max_rows", "2少于 min_rows"),
        (
            "forms/scene.toml",
            'says = "self_built"',
            'says = "self_build"',
            "fields.provider_contact.required.says",
            "词表",
        ),
        ("forms/summary.toml", "[[", "[", "", "不是合格的TOML"),
    ],
)
def test_a_fault_names_its_file_and_key(broken, file, old, new, key, says):
    error = broken(file, old, new)
    assert error.path.endswith(f"2023/{file}")
    assert error.key == key
    assert says in error.message
    assert str(error).startswith(f"{error.path}：")


def test_a_file_that_is_gone_is_named(tmp_path):
    for file, told_in in (("clauses.toml", "clauses.toml"), ("forms/summary.toml", "notice.toml")):
        copied = tmp_path / file.replace("/", "-") / "2023"
        shutil.copytree(PACK, copied)
        (copied / file).unlink()
        with pytest.raises(CatalogError, match=r"补[回上]") as raised:
            catalog.load_dir(copied)
        assert raised.value.path.endswith(f"2023/{told_in}")


@pytest.mark.parametrize(
    "file", ["rule.toml", "notice.toml.bak", "forms/extra.toml", "forms/scene.docx", "附件/a.toml"]
)
def test_a_file_that_nothing_reads_is_never_passed_over(tmp_path, file):
    copied = tmp_path / "2023"
    shutil.copytree(PACK, copied)
    (copied / file).parent.mkdir(exist_ok=True)
    (copied / file).write_text("x = 1\n", "utf-8")
    with pytest.raises(CatalogError) as raised:
        catalog.load_dir(copied)
    assert Path(file).stem.partition(".")[0] in str(raised.value) or "附件" in str(raised.value)


def test_a_pack_is_named_by_its_name_its_id_or_its_folder(tmp_path):
    shutil.copytree(PACK, tmp_path / "next")
    (tmp_path / "next" / "说明.md").write_text("为什么这样定。", "utf-8")
    whole = catalog.load("2023")
    assert catalog.load(whole.id) == whole
    assert catalog.load(str(tmp_path / "next")).id == whole.id
    (tmp_path / "empty").mkdir()
    with pytest.raises(CatalogError, match=r"notice\.toml"):
        catalog.load(str(tmp_path / "empty"))


def test_a_year_without_a_pack_names_those_there_are():
    with pytest.raises(CatalogError, match="2023"):
        catalog.load("1999")
    with pytest.raises(CatalogError):
        catalog.load("../2023")


def test_any_value_of_another_type_is_a_catalog_error(monkeypatch):
    """Each place of the pack (of lists, the first entry) is replaced by a list, a table, nothing."""
    original = {p.relative_to(PACK).as_posix(): packs.read_file(p) for p in sorted(PACK.rglob("*.toml"))}
    nameless: list[str] = []

    def load_with(file: str, place: tuple, wrong: object) -> None:
        changed = copy.deepcopy(original[file].data)
        _put(changed, place, wrong)

        def read(path: Path, allowed: object = None) -> packs.PackFile:
            name = path.relative_to(PACK).as_posix()
            kept = original[name]
            return packs.PackFile(path, changed, kept.content) if name == file else kept

        monkeypatch.setattr(packs, "read_file", read)
        try:
            catalog.load_dir(PACK)
        except CatalogError as error:
            if not error.key or not error.message:
                nameless.append(f"{file} {place}: {error}")

    for file, kept in original.items():
        for place in _places(kept.data):
            for wrong in ([7], {"x": 7}, _GONE):
                load_with(file, place, wrong)
    assert nameless == []


_GONE = object()


def _places(data: object, at: tuple = ()) -> list[tuple]:
    if isinstance(data, dict):
        keys = list(data) if len(at) < 2 or len(data) < 15 else list(data)[:1]
        return [p for key in keys for p in [(*at, key), *_places(data[key], (*at, key))]]
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return [(*at, 0), *_places(data[0], (*at, 0))]
    return []


def _put(data: object, place: tuple, value: object) -> None:
    for step in place[:-1]:
        data = data[step]
    if value is _GONE:
        del data[place[-1]]
    else:
        data[place[-1]] = value


def test_the_version_follows_the_bytes_of_the_pack(tmp_path):
    copied = tmp_path / "2023"
    shutil.copytree(PACK, copied)
    before = catalog.load_dir(copied).version
    assert before == catalog.load("2023").version
    with (copied / "lists" / "carriers.toml").open("a", encoding="utf-8") as file:
        file.write("# 一行说明\n")
    assert catalog.load_dir(copied).version != before


def test_an_offices_own_file_adds_carriers_and_the_larger_quota(tmp_path):
    office = tmp_path / "office.toml"
    carrier = '[[carrier]]\nname = "上海某某智能装备有限公司"\nyear = 2022\n'
    office.write_text(f'over_fifty = ["闵行区"]\n{carrier}', encoding="utf-8")
    extended = catalog.load_dir(PACK, office)
    assert list(extended.lists["carrier"].names) == ["上海某某智能装备有限公司"]
    assert extended.recommender("闵行区").quota == {"优秀场景": 25, "示范工厂": 15}
    assert extended.recommender("嘉定区").quota["优秀场景"] == 20
    assert extended.version != catalog.load("2023").version

    office.write_text('over_fifty = ["闵行"]', encoding="utf-8")
    with pytest.raises(CatalogError, match=r"office.toml：over_fifty：“闵行”不是本包的推荐单位"):
        catalog.load_dir(PACK, office)


def test_a_notice_without_industries_words_or_a_region_needs_no_files_of_them(tmp_path):
    pack = tmp_path / "small"
    for path, text in _SMALL.items():
        (pack / path).parent.mkdir(parents=True, exist_ok=True)
        (pack / path).write_text(text, encoding="utf-8")
    loaded = catalog.load_dir(pack)
    assert (loaded.industries, loaded.divisions, loaded.words["not_recommender"], loaded.keys) == ((), (), (), {})
    assert loaded.region.name == ""
    assert [r.name for r in loaded.recommenders] == ["甲校"]
    assert [find_recommender(loaded, text).name for text in ("甲校", "示例甲学校（盖章）")] == ["甲校", "甲校"]


def test_a_rule_on_the_place_of_registration_needs_a_place(tmp_path):
    copied = tmp_path / "2023"
    shutil.copytree(PACK, copied)
    path = copied / "notice.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\[region\].*?\n\n", "", text, flags=re.DOTALL), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"E02.*check.*code_prefix"):
        rules_of(catalog.load_dir(copied))


_SMALL = {
    "notice.toml": (
        'id = "small"\nyear = 2031\nnumber = "示例〔2031〕1号"\ntitle = "通知"\nissuer = "示例厅"\nforms = ["plan"]\n'
        "[deadlines]\napplicants = 2031-04-20\nrecommenders = 2031-04-30\n"
    ),
    "clauses.toml": '[[clause]]\nref = "1.1"\ntext = "申报书应当填写齐全。"\n',
    "offices.toml": '[kinds]\nschool = "学校"\n[[recommender]]\nname = "甲校"\nfull_name = "示例甲学校盖章"\nkind = "school"\n',
    "rules.toml": '[[group]]\nletter = "C"\nname = "完整性"\n',
    "forms/plan.toml": (
        'name = "plan"\ntitle = "计划书"\nannex = "附件1"\ntitle_marks = ["计划书"]\norder = ["project"]\n'
        '[[fields]]\nkey = "project"\nrole = "project"\npart = "cover"\nlabel = "项目名称"\n'
    ),
}
