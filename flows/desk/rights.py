"""Who may do what: one table of acts by roles, asked by every page and interface."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person does in a round. The value is the word of the command line."""

    REVIEWER = "reviewer"
    LEAD = "lead"
    CITY = "city"
    ENGINEER = "engineer"


ROLE_NAMES = MappingProxyType(
    {Role.REVIEWER: "审查人员", Role.LEAD: "负责人", Role.CITY: "市级", Role.ENGINEER: "运维人员"}
)


class Act(StrEnum):
    """What can be done at the desk. Each page and each interface is one of these."""

    SEE = "查看申报材料和问题"
    REVIEW = "维持、撤销、恢复问题，添加人工发现，更正读出的值"
    TAKE = "领取申报书"
    ASSIGN = "分派申报书"
    DECIDE = "作出结论"
    ISSUE = "签发和登记通知书"
    RANK = "排定推荐次序"
    COMPARE = "跨推荐单位比对"
    SETTLE = "裁定跨推荐单位事项"
    RUN = "运行审查"
    RUN_ALL = "对整轮运行审查"
    AUDIT = "查看操作记录"
    ACCOUNT = "修改自己的密码"


class Reach(StrEnum):
    """How far a right goes."""

    NONE = ""
    OWN = "本单位"
    ALL = "全部单位"


_N, _O, _A = Reach.NONE, Reach.OWN, Reach.ALL
RIGHTS = MappingProxyType(
    {
        # ............. reviewer, lead, city, engineer
        Act.SEE: (_O, _O, _A, _N),
        Act.REVIEW: (_O, _O, _N, _N),
        Act.TAKE: (_O, _O, _N, _N),
        Act.ASSIGN: (_N, _O, _N, _N),
        Act.DECIDE: (_N, _O, _N, _N),
        Act.ISSUE: (_N, _O, _N, _N),
        Act.RANK: (_N, _O, _N, _N),
        Act.COMPARE: (_N, _N, _A, _N),
        Act.SETTLE: (_N, _N, _A, _N),
        Act.RUN: (_N, _O, _N, _A),
        Act.RUN_ALL: (_N, _N, _N, _A),
        Act.AUDIT: (_N, _O, _A, _A),
        Act.ACCOUNT: (_A, _A, _A, _A),
    }
)
"""How far each role's right to an act goes, in the order of :class:`Role`."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. ``office`` is "" for the city and for engineers. ``everything``: the one person of
    ``--open``, who may do all."""

    name: str
    role: Role
    office: str = ""
    everything: bool = False

    @property
    def role_name(self) -> str:
        return "本机用户" if self.everything else ROLE_NAMES[self.role]

    def reach(self, act: Act) -> Reach:
        if self.everything:
            return Reach.ALL
        return RIGHTS[act][tuple(Role).index(self.role)]

    def may(self, act: Act, office: str | None = None) -> bool:
        """Whether this person may do ``act``; with ``office``, whether there."""
        reach = self.reach(act)
        if reach is Reach.OWN:
            return bool(self.office) and office in (None, self.office)
        return reach is Reach.ALL


class Refused(Exception):
    """What was asked for is not allowed, or not there; ``status`` is that of HTTP, the message Chinese. ``seen``: where others
    were faster, the number of the last event that the message tells of; ``wants``: the field that was left blank."""

    def __init__(self, message: str, status: int = 403, *, seen: int | None = None, wants: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.seen = seen
        self.wants = wants
