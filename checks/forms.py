"""The forms that rules are about, by name, once for all rules."""

from __future__ import annotations

SCENE, FACTORY, SUMMARY = ("scene",), ("factory",), ("summary",)
APPLICATIONS = (*SCENE, *FACTORY)
FITTED = (*APPLICATIONS, *SUMMARY)
"""The forms of the notice; "unknown" is what is none of them."""
ANY = (*FITTED, "unknown")
NAMES = {"scene": "优秀场景申报书", "factory": "示范工厂申报书", "summary": "推荐汇总表", "unknown": "其他文件"}
PROJECTS = {"scene": "优秀场景", "factory": "示范工厂"}
"""What is applied for with each."""
